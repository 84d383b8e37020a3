package types

import "stateset.example/chain/ledger"

// signatureBytesMax has room for a threshold key and as many signatures as one may have.
const signatureBytesMax = KeyBytesMax + 32*256

// IdentitySignature is one that an identity's key may have made.
type IdentitySignature struct{ decoded ledger.Signature }

// ParseSignature reads a signature from canonical bytes.
func ParseSignature(encoded []byte) (IdentitySignature, error) {
	if len(encoded) > signatureBytesMax {
		return IdentitySignature{}, ErrOutOfBounds.Wrapf("a signature has at most %d bytes", signatureBytesMax)
	}
	decoded, err := ledger.DecodeSignature(encoded)
	if err != nil {
		return IdentitySignature{}, ErrMalformed.Wrapf("signature: %s", err)
	}
	return IdentitySignature{decoded}, nil
}

// Keys are those that signed, if the signature is valid: each is to be verified.
func (s *IdentitySignature) Keys() []ledger.PublicKey {
	if s.decoded.Composite == nil {
		return []ledger.PublicKey{s.decoded.Simple.Key}
	}
	var keys []ledger.PublicKey
	for _, simple := range s.decoded.Composite.Signatures {
		keys = append(keys, simple.Key)
	}
	return keys
}

// Check tells whether the signature is one over the statement by enough of a key's keys.
func (s *IdentitySignature) Check(statement ledger.Payload, by ledger.KeyTree) error {
	if !by.IsSatisfied(ledger.NewKeySet(s.Keys())) {
		return ErrBadSignature.Wrap("it is another's, or not by enough keys")
	}
	if !s.decoded.IsValid(&statement) {
		return ErrBadSignature.Wrap("it is not one over this statement")
	}
	return nil
}
