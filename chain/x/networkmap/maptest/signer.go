// Package maptest makes what tests put on the map: keys, statements signed with them, certificates
// and parameters. All is made of names, and so the same each time.
package maptest

import (
	"crypto/ed25519"
	"crypto/sha256"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

// Signer is an Ed25519 key that is made of a name.
type Signer struct{ secret ed25519.PrivateKey }

func NewSigner(name string) Signer {
	seed := sha256.Sum256([]byte("networkmap test key " + name))
	return Signer{ed25519.NewKeyFromSeed(seed[:])}
}

// Public is the key as certificates hold it.
func (s Signer) Public() ed25519.PublicKey { return s.secret.Public().(ed25519.PublicKey) }

// Key is the key, and the key tree of this one key, in canonical bytes.
func (s Signer) Key() []byte {
	return canonical.AppendBytesField(canonical.AppendVariant(nil, "ed25519", 1), "key", s.Public())
}

// Sign is the canonical signature over a statement.
func (s Signer) Sign(statement ledger.Payload) []byte {
	message := statement.Message()
	signed := canonical.AppendBytesField(canonical.AppendVariant(nil, "ed25519", 2), "key", s.Public())
	return canonical.AppendBytesField(signed, "signature", ed25519.Sign(s.secret, message[:]))
}

// TwoOf is the key tree of which all keys given are needed, and must be in canonical order.
func TwoOf(a, b Signer) []byte {
	first, second := a, b
	if string(first.Key()) > string(second.Key()) {
		first, second = b, a
	}
	tree := canonical.AppendText(canonical.AppendVariant(nil, "threshold", 2), "children")
	tree = canonical.AppendList(tree, 2)
	for _, signer := range []Signer{first, second} {
		tree = canonical.AppendText(canonical.AppendRecord(tree, 2), "node")
		tree = canonical.AppendUintField(append(tree, signer.Key()...), "weight", 1)
	}
	return canonical.AppendUintField(tree, "threshold", 2)
}

// SignBoth is the signature of a key of which both are needed.
func SignBoth(a, b Signer, statement ledger.Payload) []byte {
	first, second := a, b
	if string(first.Key()) > string(second.Key()) {
		first, second = b, a
	}
	signed := canonical.AppendText(canonical.AppendVariant(nil, "composite", 2), "tree")
	signed = canonical.AppendText(append(signed, TwoOf(a, b)...), "signatures")
	signed = canonical.AppendList(signed, 2)
	return append(append(signed, first.Sign(statement)...), second.Sign(statement)...)
}
