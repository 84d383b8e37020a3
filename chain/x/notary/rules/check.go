package rules

import (
	"bytes"
	"cmp"
	"slices"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

// Standing is under what name, and by which rules of the network, a notary judges.
type Standing struct {
	Network, Notary canonical.Hash
	// Parameters and Previous are hashes of the network's parameters, those of the epoch before
	// being admitted still, where there are any.
	Parameters, Previous canonical.Hash
	HasPrevious          bool
}

// Checked is a request in which all is right that does not depend on what was notarised before, or
// when.
type Checked struct {
	ID canonical.Hash
	// Leaf is the id's in the tree of the block that notarises it.
	Leaf               canonical.Hash
	Inputs, References []State
	UniqueKeys         []UniqueKey
	Window             ledger.TimeWindow
	Cost               Cost

	signed   ledger.KeySet
	openings []opened
}

// State is one that a transaction consumes or refers to.
type State struct {
	Ref ledger.StateRef
	// Consumed is what a store keeps of its consumption.
	Consumed canonical.Hash
	header   ledger.Header
}

// UniqueKey is a claim with the bytes by which a notary remembers it.
type UniqueKey struct {
	ledger.UniqueKey
	Encoded []byte
}

// opened is an identity behind the commitment that it opens.
type opened struct{ commitment, identity canonical.Hash }

// Check gives the first fault that the request has by itself.
func Check(o *Opened, standing Standing) (*Checked, *Fault) {
	if fault := checkStanding(o, &standing); fault != nil {
		return nil, fault
	}
	if fault := checkForm(o); fault != nil {
		return nil, fault
	}
	states, fault := proveHeaders(o, standing.Notary)
	if fault != nil {
		return nil, fault
	}
	inputs := states[:len(o.Contents.Inputs):len(o.Contents.Inputs)]
	if fault := checkEncumbrances(inputs); fault != nil {
		return nil, fault
	}
	signed, fault := keysOf(o, &standing)
	if fault != nil {
		return nil, fault
	}
	return &Checked{
		ID:         o.ID,
		Leaf:       ledger.BlockLeaf(o.ID),
		Inputs:     inputs,
		References: states[len(inputs):],
		UniqueKeys: uniqueKeysOf(o),
		Window:     o.Contents.TimeWindow,
		Cost:       o.Cost(),
		signed:     signed,
		openings:   openingsOf(o.request.Openings),
	}, nil
}

func checkStanding(o *Opened, standing *Standing) *Fault {
	meta, parameters := o.Contents.Meta, o.Contents.Parameters
	switch {
	case meta.Network != standing.Network:
		return &Fault{Code: WrongNetwork, Expected: standing.Network, Named: meta.Network}
	case meta.Notary != standing.Notary:
		return &Fault{Code: WrongNotary, Expected: standing.Notary, Named: meta.Notary}
	case parameters == standing.Parameters:
	case standing.HasPrevious && parameters == standing.Previous:
	default:
		return &Fault{Code: WrongParameters, Expected: standing.Parameters, Named: parameters}
	}
	return nil
}

func keysOf(o *Opened, standing *Standing) (ledger.KeySet, *Fault) {
	keys, fault := o.signed.KeysThatSigned(standing.Network, o.ID)
	switch {
	case fault == nil:
		return keys, nil
	case fault.IsTooMany:
		return nil, NewTooLarge("signatures", fault.Found, fault.Max)
	}
	return nil, &Fault{Code: SignatureInvalid, Index: uint64(fault.Index)}
}

func uniqueKeysOf(o *Opened) []UniqueKey {
	if len(o.Contents.UniqueKeys) == 0 {
		return nil
	}
	components := o.signed.Transaction.Group(ledger.GroupUniqueKeys).Components
	keys := make([]UniqueKey, len(components))
	for i := range keys {
		// A component that was accepted is the one encoding of what it holds.
		keys[i] = UniqueKey{UniqueKey: o.Contents.UniqueKeys[i], Encoded: components[i].Content}
	}
	return keys
}

// openingsOf are in the order of their commitments.
func openingsOf(openings []ledger.Opening) []opened {
	if len(openings) == 0 {
		return nil
	}
	all := make([]opened, len(openings))
	for i := range openings {
		all[i] = opened{commitment: openings[i].Commitment(), identity: openings[i].Identity}
	}
	slices.SortFunc(all, func(a, b opened) int { return bytes.Compare(a.commitment[:], b.commitment[:]) })
	return all
}

func compareRefs(a, b ledger.StateRef) int {
	return cmp.Or(bytes.Compare(a.TxID[:], b.TxID[:]), cmp.Compare(a.Index, b.Index))
}
