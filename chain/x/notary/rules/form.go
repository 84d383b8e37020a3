package rules

import (
	"fmt"
	"slices"

	"stateset.example/chain/ledger"
)

// checkForm says what can be said of the transaction alone. The ledger says the same of whole
// transactions; a notary must too, since a state under a header that breaks these rules could never
// be spent.
func checkForm(o *Opened) *Fault {
	if fault := checkReferences(o); fault != nil {
		return fault
	}
	if fault := checkHeaders(o); fault != nil {
		return fault
	}
	if window := o.Contents.TimeWindow; window.IsEmpty() {
		return malformed(fmt.Sprintf("the time window is empty: from %d until %d", window.From, window.Until))
	}
	if o.InstructionCount > 0 {
		return &Fault{Code: InstructionsUnsupported}
	}
	return nil
}

func checkReferences(o *Opened) *Fault {
	inputs, references := o.Contents.Inputs, o.Contents.References
	if len(inputs) == 0 && o.OutputCount == 0 {
		return malformed("there is neither input nor output")
	}
	if len(inputs) == 0 && len(references) > 0 {
		return malformed("there are references without an input")
	}
	for i, j := 0, 0; i < len(inputs) && j < len(references); { // both are sorted
		switch order := compareRefs(inputs[i], references[j]); {
		case order == 0:
			return malformed(fmt.Sprintf("%v is input and reference", references[j]))
		case order < 0:
			i++
		default:
			j++
		}
	}
	return nil
}

func checkHeaders(o *Opened) *Fault {
	headers := o.Contents.Headers
	if len(headers) != o.OutputCount {
		return malformed(fmt.Sprintf("there are %d headers for %d outputs", len(headers), o.OutputCount))
	}
	for output := range headers {
		header := &headers[output]
		if header.Notary != o.Contents.Meta.Notary {
			return malformed(fmt.Sprintf("header %d names another notary", output))
		}
		if err := header.Authority.Fault(); err != nil {
			return malformed(fmt.Sprintf("header %d: %v", output, err))
		}
		if reason := encumbranceFault(output, headers); reason != "" {
			return malformed(fmt.Sprintf("header %d: %s", output, reason))
		}
	}
	return nil
}

// encumbranceFault holds that every member of a set names the same set, itself included. That all
// agree with the first, and the first with all, takes two comparisons for each member.
func encumbranceFault(output int, headers []ledger.Header) string {
	set := headers[output].EncumbranceSet
	switch {
	case len(set) == 0:
		return ""
	case len(set) == 1:
		return "a set has at least two outputs"
	case !ascends(set):
		return "the indices of its set do not ascend"
	}
	if _, found := slices.BinarySearch(set, uint16(output)); !found {
		return "it is not in its own set"
	}
	members := set
	if first := int(set[0]); first != output {
		members = set[:1]
	}
	for _, member := range members {
		if int(member) >= len(headers) || !slices.Equal(headers[member].EncumbranceSet, set) {
			return fmt.Sprintf("output %d does not name the same set", member)
		}
	}
	return ""
}

func ascends(set []uint16) bool {
	for i := 1; i < len(set); i++ {
		if set[i] <= set[i-1] {
			return false
		}
	}
	return true
}
