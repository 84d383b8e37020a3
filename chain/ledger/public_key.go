package ledger

import (
	"bytes"
	"cmp"

	"stateset.example/chain/canonical"
)

// Scheme is a signature scheme.
type Scheme uint8

// The schemes, in the order in which their keys are written. No key has the scheme zero.
const (
	Ed25519 Scheme = iota + 1
	P256
)

const (
	ed25519KeyBytes = 32
	p256KeyBytes    = 33 // a compressed point
)

// PublicKey is one key of one scheme; two are the same key if they are equal.
type PublicKey struct {
	scheme  Scheme
	content [p256KeyBytes]byte
}

// NewPublicKey takes the bytes of a key; not ok if they are not as many as the scheme's keys have.
func NewPublicKey(scheme Scheme, content []byte) (key PublicKey, ok bool) {
	key.scheme = scheme
	if len(content) != key.size() {
		return PublicKey{}, false
	}
	copy(key.content[:], content)
	return key, true
}

// Scheme is the key's.
func (k *PublicKey) Scheme() Scheme { return k.scheme }

// Bytes are the key's, a P-256 point compressed.
func (k *PublicKey) Bytes() []byte { return k.content[:k.size()] }

// Compare is the one order in which keys are written.
func (k *PublicKey) Compare(other *PublicKey) int {
	if k.scheme != other.scheme {
		return cmp.Compare(k.scheme, other.scheme)
	}
	return bytes.Compare(k.content[:], other.content[:])
}

func (k *PublicKey) size() int {
	switch k.scheme {
	case Ed25519:
		return ed25519KeyBytes
	case P256:
		return p256KeyBytes
	}
	return 0
}

func (k *PublicKey) name() string {
	if k.scheme == P256 {
		return "p256"
	}
	return "ed25519"
}

// readPublicKey reads one of the schemes' keys.
func readPublicKey(r *canonical.Reader) (key PublicKey) {
	r.Union()
	if !key.readVariant(r, 1) {
		r.NoVariant()
	}
	r.LeaveVariant()
	return key
}

// readVariant enters a variant of so many fields that is a scheme's, and reads its first, the key.
func (k *PublicKey) readVariant(r *canonical.Reader, fields int) bool {
	switch {
	case r.Variant("ed25519", fields):
		k.scheme = Ed25519
	case r.Variant("p256", fields):
		k.scheme = P256
	default:
		return false
	}
	r.Field("key")
	copy(k.content[:], r.Bytes(k.size(), k.size()))
	return true
}

func (k *PublicKey) append(to []byte) []byte {
	return canonical.AppendBytesField(canonical.AppendVariant(to, k.name(), 1), "key", k.Bytes())
}
