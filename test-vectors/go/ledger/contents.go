package ledger

import (
	"reflect"
	"slices"

	"stateset.example/testvectors/codec"
)

// CheckContents refuses a decoded transaction for what its components say together, as far as it
// can be told without states, contracts and keys.
func CheckContents(schemas codec.Schemas, transaction object) error {
	contents := map[string][]object{}
	for number, group := range Groups {
		if group.Name == "private" {
			continue
		}
		of := groupAt(transaction, number)
		if of["kind"] == "closed" {
			return fault("tx/not-open", "%s", group.Name)
		}
		for index, form := range formsOf(of) {
			if form["kind"] != "open" {
				return fault("tx/not-open", "%s %d", group.Name, index)
			}
			component, err := decodeComponent(schemas, group, codec.Bytes(form["component"]))
			if err != nil {
				return err
			}
			contents[group.Name] = append(contents[group.Name], component.(object))
		}
	}
	if err := checkSorted(transaction); err != nil {
		return err
	}
	if err := checkReferences(contents); err != nil {
		return err
	}
	if err := checkHeaders(contents); err != nil {
		return err
	}
	return checkTimeWindow(contents["timeWindow"])
}

func checkSorted(transaction object) error {
	for number, group := range Groups {
		if !group.IsSet {
			continue
		}
		forms := formsOf(groupAt(transaction, number))
		for i := 1; i < len(forms); i++ {
			if forms[i-1]["component"].(string) >= forms[i]["component"].(string) {
				return fault("tx/unsorted", "%s %d", group.Name, i)
			}
		}
	}
	return nil
}

func checkReferences(contents map[string][]object) error {
	inputs, references := contents["inputs"], contents["references"]
	if len(inputs) == 0 && len(contents["outputs"]) == 0 {
		return fault("tx/empty", "neither input nor output")
	}
	if len(inputs) == 0 && len(references) > 0 {
		return fault("tx/references-without-input", "%d", len(references))
	}
	for _, reference := range references {
		if slices.ContainsFunc(inputs, func(input object) bool { return reflect.DeepEqual(input, reference) }) {
			return fault("tx/input-also-reference", "%v", reference)
		}
	}
	return nil
}

func checkHeaders(contents map[string][]object) error {
	headers := contents["headers"]
	if len(headers) != len(contents["outputs"]) {
		return fault("tx/header-count", "%d", len(headers))
	}
	for output, header := range headers {
		if header["notary"] != contents["meta"][0]["notary"] {
			return fault("tx/header-notary", "%v", header["notary"])
		}
		if !isEncumbranceSet(encumbranceSet(header), output, headers) {
			return fault("tx/header-encumbrance", "%d", output)
		}
	}
	return nil
}

// isEncumbranceSet holds for no set at all, and for one that ascends, has the output and others in
// it, and is the same in all of them.
func isEncumbranceSet(set []int, output int, headers []object) bool {
	if len(set) == 0 {
		return true
	}
	strictlyAscends := slices.Equal(slices.Compact(slices.Sorted(slices.Values(set))), set)
	if len(set) < 2 || !strictlyAscends || !slices.Contains(set, output) {
		return false
	}
	for _, member := range set {
		if member >= len(headers) || !slices.Equal(encumbranceSet(headers[member]), set) {
			return false
		}
	}
	return true
}

func encumbranceSet(header object) (set []int) {
	for _, member := range header["encumbranceSet"].([]any) {
		set = append(set, codec.Int(member))
	}
	return set
}

func checkTimeWindow(windows []object) error {
	if len(windows) == 0 {
		return nil
	}
	from, until := windows[0]["from"], windows[0]["until"]
	if from != nil && until != nil && codec.Int(from) >= codec.Int(until) {
		return fault("tx/empty-time-window", "%v to %v", from, until)
	}
	return nil
}
