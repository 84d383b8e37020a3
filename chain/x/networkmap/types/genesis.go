package types

import (
	"bytes"
	"fmt"

	"stateset.example/chain/canonical"
)

// DefaultNoticeBlocks is half an hour at a block a second.
const DefaultNoticeBlocks = 1800

// DefaultGenesisState is no network yet: its id must be given.
func DefaultGenesisState() *GenesisState { return &GenesisState{NoticeBlocks: DefaultNoticeBlocks} }

// Validate is as strict as messages are, but for the time of certificates and for signatures, which
// the map does not keep.
func (g *GenesisState) Validate() error {
	if err := g.validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidGenesis, err)
	}
	return nil
}

func (g *GenesisState) validate() error {
	network, err := ParseHash(g.Network)
	if err != nil {
		return err
	}
	root, err := g.RootCertificate()
	if err != nil {
		return err
	}
	if _, err := ParseRegistrars(g.Registrars); err != nil {
		return err
	}
	if err := CheckNotice(g.NoticeBlocks); err != nil {
		return err
	}
	if err := g.validateIdentities(network, root); err != nil {
		return err
	}
	if _, err := g.Versions(); err != nil {
		return err
	}
	return g.validateAcceptances()
}

// RootCertificate is what certificates lead to, or nothing if the chain was not told.
func (g *GenesisState) RootCertificate() ([]byte, error) {
	network, err := ParseHash(g.Network)
	if err != nil || len(g.NetworkGenesis) == 0 {
		return nil, err
	}
	return RootCertificate(g.NetworkGenesis, network)
}

func (g *GenesisState) validateIdentities(network canonical.Hash, root []byte) error {
	var before []byte
	claimed, serials := map[string]bool{}, map[uint64]bool{}
	for i := range g.Identities {
		identity := &g.Identities[i]
		if err := identity.Check(network, root); err != nil {
			return err
		}
		if bytes.Compare(before, identity.Id) >= 0 {
			return ErrTaken.Wrapf("identity %x does not follow the one before", identity.Id)
		}
		before = identity.Id
		for _, claim := range identity.Claims() {
			if claimed[string(claim)] {
				return ErrTaken.Wrapf("identity %x has a name, LEI or TLS key of another", identity.Id)
			}
			claimed[string(claim)] = true
		}
		// Only identities that were there from the first may share a serial.
		if identity.Serial > g.Serial || identity.Serial > 0 && serials[identity.Serial] {
			return ErrOutOfBounds.Wrapf("serial %d of identity %x", identity.Serial, identity.Id)
		}
		serials[identity.Serial] = true
	}
	return nil
}

func (g *GenesisState) validateAcceptances() error {
	identities, hashes := map[string]bool{}, map[string]bool{}
	for i := range g.Identities {
		identities[string(g.Identities[i].Id)] = true
	}
	for i := range g.Parameters {
		hashes[string(g.Parameters[i].Hash)] = true
	}
	var before []byte
	for _, acceptance := range g.Acceptances {
		key := AcceptanceKey(acceptance.Hash, acceptance.Id)
		if !identities[string(acceptance.Id)] {
			return ErrUnknownIdentity.Wrapf("acceptance by %x", acceptance.Id)
		}
		if !hashes[string(acceptance.Hash)] {
			return ErrUnknownParameters.Wrapf("acceptance of %x", acceptance.Hash)
		}
		if bytes.Compare(before, key) >= 0 {
			return ErrNoChange.Wrapf("acceptance by %x does not follow the one before", acceptance.Id)
		}
		before = key
	}
	return nil
}

// ParseHash wants the 32 bytes of an id or a hash.
func ParseHash(encoded []byte) (hash canonical.Hash, err error) {
	if len(encoded) != len(hash) {
		return hash, ErrMalformed.Wrapf("%d bytes of a hash or id expected", len(hash))
	}
	copy(hash[:], encoded)
	return hash, nil
}
