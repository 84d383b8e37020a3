package types

import (
	"bytes"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

// KeyBytesMax is more than a tree of 256 keys on one level takes.
const KeyBytesMax = 32 << 10

const registrationBytesMax = KeyBytesMax + 2*NameBytesMax

// Registration is what an identity was registered with, and the id that this gives it.
type Registration struct {
	ledger.Registration
	ID canonical.Hash
}

// ParseRegistration reads a registration with a network and checks its name, LEI and key.
func ParseRegistration(encoded []byte, network canonical.Hash) (*Registration, error) {
	if len(encoded) > registrationBytesMax {
		return nil, ErrOutOfBounds.Wrapf("a registration has at most %d bytes", registrationBytesMax)
	}
	decoded, err := ledger.DecodeRegistration(encoded)
	if err != nil {
		return nil, ErrMalformed.Wrapf("registration: %s", err)
	}
	if decoded.Network != network {
		return nil, ErrWrongNetwork.Wrapf("registration with %x", decoded.Network)
	}
	if _, err := ParseX500Name(decoded.Name); err != nil {
		return nil, err
	}
	if decoded.HasLEI {
		if err := CheckLEI(decoded.LEI); err != nil {
			return nil, err
		}
	}
	if _, err := ParseKey(decoded.Key.Append(nil)); err != nil {
		return nil, err
	}
	return &Registration{Registration: decoded, ID: canonical.TagIdentity.Hash(encoded)}, nil
}

// ParseKey reads an identity's key.
func ParseKey(encoded []byte) (ledger.KeyTree, error) {
	if len(encoded) > KeyBytesMax {
		return ledger.KeyTree{}, ErrOutOfBounds.Wrapf("a key has at most %d bytes", KeyBytesMax)
	}
	key, err := ledger.DecodeKeyTree(encoded)
	if err != nil {
		return key, ErrBadKey.Wrap(err.Error())
	}
	return key, nil
}

// Is tells whether an identity's entry says what the registration does.
func (r *Registration) Is(identity *Identity) bool {
	return bytes.Equal(identity.Id, r.ID[:]) && identity.Name == r.Name && identity.Lei == r.LEI &&
		(identity.KeyEpoch > 0 || bytes.Equal(identity.Key, r.Key.Append(nil)))
}
