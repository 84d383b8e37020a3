package rules

import (
	"fmt"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

// proveHeaders gives each input and then each reference the header that its creating transaction
// gave it.
func proveHeaders(o *Opened, notary canonical.Hash) ([]State, *Fault) {
	inputs, references, proofs := o.Contents.Inputs, o.Contents.References, o.request.Headers
	if expected := len(inputs) + len(references); len(proofs) != expected {
		return nil, malformed(fmt.Sprintf("%d headers are shown for %d inputs and references", len(proofs), expected))
	}
	states := make([]State, len(proofs))
	for i := range proofs {
		ref := refAt(inputs, references, i)
		header, fault := provenHeader(ref, &proofs[i])
		if fault != nil {
			return nil, fault
		}
		if header.Notary != notary {
			return nil, &Fault{Code: WrongNotary, Expected: notary, Named: header.Notary}
		}
		states[i] = State{Ref: ref, Consumed: ref.Consumed(), header: header}
	}
	return states, nil
}

func refAt(inputs, references []ledger.StateRef, i int) ledger.StateRef {
	if i < len(inputs) {
		return inputs[i]
	}
	return references[i-len(inputs)]
}

func provenHeader(ref ledger.StateRef, proof *ledger.ComponentProof) (ledger.Header, *Fault) {
	unproven := Fault{Code: HeaderUnproven, Ref: ref.String()}
	if !proof.Leads(ref.TxID, ledger.GroupHeaders, ref.Index) {
		unproven.Reason = "the proof does not lead to the transaction"
		return ledger.Header{}, &unproven
	}
	header, err := proof.Header()
	if err != nil {
		unproven.Reason = asReason(err.Error())
		return ledger.Header{}, &unproven
	}
	return header, nil
}

// checkEncumbrances holds that an encumbrance set is consumed whole or not at all. Inputs are
// sorted, so that those of one transaction stand together.
func checkEncumbrances(inputs []State) *Fault {
	for start := 0; start < len(inputs); {
		end := start + 1
		for end < len(inputs) && inputs[end].Ref.TxID == inputs[start].Ref.TxID {
			end++
		}
		if fault := checkEncumbrancesOfOne(inputs[start:end]); fault != nil {
			return fault
		}
		start = end
	}
	return nil
}

func checkEncumbrancesOfOne(inputs []State) *Fault {
	var spent [encumberedMax / 64]uint64
	for i := range inputs {
		if index := inputs[i].Ref.Index; index < encumberedMax {
			spent[index/64] |= 1 << (index % 64)
		}
	}
	for i := range inputs {
		for _, index := range inputs[i].header.EncumbranceSet {
			if spent[index/64]&(1<<(index%64)) != 0 {
				continue
			}
			missing := ledger.StateRef{TxID: inputs[i].Ref.TxID, Index: index}
			return &Fault{Code: EncumbranceBroken, Ref: inputs[i].Ref.String(), Missing: missing.String()}
		}
	}
	return nil
}

// encumberedMax is past the largest index that a set can name.
const encumberedMax = 512
