// Package rulestest makes transactions and requests for tests of a notary.
package rulestest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"slices"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
	"stateset.example/chain/x/notary/rules"
)

// Draft is a transaction to be made, and what is shown of it.
type Draft struct {
	Network, Notary, Parameters canonical.Hash
	Inputs, References          []Created
	Outputs                     []ledger.Header
	Window                      ledger.TimeWindow
	UniqueKeys                  []ledger.UniqueKey
	Instructions                int
	Openings                    []ledger.Opening
	// Signers sign the id.
	Signers []ed25519.PrivateKey
	// Salt tells transactions apart that are otherwise equal.
	Salt string
}

// Created is an output of a transaction that was made here.
type Created struct {
	Ref ledger.StateRef
	by  *ledger.Transaction
}

// OutputsOf are all outputs of a transaction.
func OutputsOf(transaction *ledger.Transaction) []Created {
	id := transaction.ID()
	outputs := make([]Created, transaction.Group(ledger.GroupOutputs).Size())
	for i := range outputs {
		outputs[i] = Created{Ref: ledger.StateRef{TxID: id, Index: uint16(i)}, by: transaction}
	}
	return outputs
}

// Key is a key by its name.
func Key(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// Public is the public half of a key.
func Public(key ed25519.PrivateKey) ledger.PublicKey {
	public, ok := ledger.NewPublicKey(ledger.Ed25519, key.Public().(ed25519.PublicKey))
	if !ok {
		panic("no public key")
	}
	return public
}

// Hash is a hash by its name.
func Hash(name string) canonical.Hash { return sha256.Sum256([]byte(name)) }

// Holder is the authority of a holder's one-time key, and of its identity after the delay.
func Holder(key ledger.PublicKey, opening ledger.Opening, delayMs uint64) ledger.Authority {
	identity := ledger.Authority{Kind: ledger.AuthorityIdentity, Commitment: opening.Commitment()}
	after := ledger.Authority{Kind: ledger.AuthorityAfter, DelayMs: delayMs, After: &identity}
	return ledger.Authority{Kind: ledger.AuthorityThreshold, Threshold: ledger.Threshold[ledger.Authority]{
		Needed: 1,
		Children: []ledger.Child[ledger.Authority]{
			{Weight: 1, Node: ledger.Authority{Kind: ledger.AuthorityKey, Key: key}},
			{Weight: 1, Node: after},
		},
	}}
}

// Transaction is the whole transaction, with nonces that follow from the salt.
func (d Draft) Transaction() *ledger.Transaction {
	d.sort()
	components := [ledger.GroupCount][][]byte{}
	add := func(group ledger.Group, component []byte) { components[group] = append(components[group], component) }
	add(ledger.GroupMeta, ledger.Meta{Network: d.Network, Notary: d.Notary}.Append(nil))
	for _, input := range d.Inputs {
		add(ledger.GroupInputs, input.Ref.Append(nil))
	}
	for _, reference := range d.References {
		add(ledger.GroupReferences, reference.Ref.Append(nil))
	}
	for i := range d.Outputs {
		add(ledger.GroupOutputs, output(i))
		add(ledger.GroupHeaders, d.Outputs[i].Append(nil))
	}
	add(ledger.GroupCommands, command())
	if d.Window.Fields() > 0 {
		add(ledger.GroupTimeWindow, d.Window.Append(nil))
	}
	add(ledger.GroupParameters, ledger.AppendParametersReference(nil, d.Parameters))
	for _, key := range d.UniqueKeys {
		add(ledger.GroupUniqueKeys, key.Append(nil))
	}
	slices.SortFunc(components[ledger.GroupUniqueKeys], bytes.Compare)
	for range d.Instructions {
		instruction := canonical.AppendBytesField(canonical.AppendRecord(nil, 2), "data", nil)
		add(ledger.GroupInstructions, canonical.AppendTextField(instruction, "kind", "none"))
	}
	return d.assemble(components)
}

func (d Draft) assemble(components [ledger.GroupCount][][]byte) *ledger.Transaction {
	groups := [ledger.GroupCount]ledger.ComponentGroup{}
	for number := range groups {
		groups[number].IsListed = true
		for i, component := range components[number] {
			nonce := Hash(fmt.Sprint(d.Salt, number, i))
			groups[number].Components = append(groups[number].Components,
				ledger.Component{Nonce: nonce[:], Content: component})
		}
	}
	transaction, err := ledger.TransactionOf(groups)
	if err != nil {
		panic(err)
	}
	return transaction
}

// Request is what a notary is shown.
func (d Draft) Request() rules.Request {
	return d.RequestFor(d.Transaction().TearOff(ledger.Group.IsNotarys))
}

// RequestFor is the request with another tear-off, over whose id the signatures are.
func (d Draft) RequestFor(tearOff *ledger.Transaction) rules.Request {
	d.sort()
	signed := ledger.SignedTransaction{Transaction: tearOff}
	for _, key := range d.Signers {
		signed.Signatures = append(signed.Signatures, Sign(key, d.Network, tearOff.ID()))
	}
	request := rules.Request{Signed: signed.Append(nil), Openings: d.Openings}
	for _, state := range slices.Concat(d.Inputs, d.References) {
		proof, ok := state.by.ProveComponent(ledger.GroupHeaders, int(state.Ref.Index))
		if !ok {
			panic("there is no such output")
		}
		request.Headers = append(request.Headers, proof)
	}
	return request
}

// Sign signs an id.
func Sign(key ed25519.PrivateKey, network, id canonical.Hash) ledger.TransactionSignature {
	payload := ledger.Payload{Purpose: ledger.PurposeTransaction, Network: network, PlatformVersion: 1, Hash: id}
	message := payload.Message()
	simple := ledger.SimpleSignature{Key: Public(key), Bytes: ed25519.Sign(key, message[:])}
	return ledger.TransactionSignature{By: ledger.Signature{Simple: simple}, PlatformVersion: 1}
}

func (d *Draft) sort() {
	order := func(a, b Created) int { return bytes.Compare(a.Ref.Append(nil), b.Ref.Append(nil)) }
	d.Inputs, d.References = slices.Clone(d.Inputs), slices.Clone(d.References)
	slices.SortFunc(d.Inputs, order)
	slices.SortFunc(d.References, order)
}

func output(number int) []byte {
	component := canonical.AppendBytesField(canonical.AppendRecord(nil, 4), "data", []byte{byte(number)})
	component = canonical.AppendTextField(component, "type", "coin")
	component = canonical.AppendTextField(component, "contract", "coin")
	return canonical.AppendVariant(canonical.AppendText(component, "constraint"), "approved", 0)
}

func command() []byte {
	component := canonical.AppendBytesField(canonical.AppendRecord(nil, 4), "data", []byte{0})
	component = canonical.AppendTextField(component, "name", "move")
	component = canonical.AppendList(canonical.AppendText(component, "signers"), 1)
	component = canonical.AppendText(canonical.AppendVariant(component, "identity", 1), "identity")
	component = canonical.AppendBytes(component, make([]byte, canonical.HashBytes))
	return canonical.AppendTextField(component, "contract", "coin")
}
