package types

import "bytes"

// Versions says which parameters count, by their places; each is −1 where there are none.
type Versions struct{ Current, Previous, Announced int }

// Versions checks the parameters of a genesis and how they follow each other: epochs without gaps,
// one version in force, before it those that it superseded, after it at most one announced.
// Withdrawn ones may stand wherever they were announced.
func (g *GenesisState) Versions() (Versions, error) {
	found := Versions{Current: -1, Previous: -1, Announced: -1}
	if len(g.Parameters) > ParametersMax {
		return found, ErrOutOfBounds.Wrapf("at most %d versions of parameters", ParametersMax)
	}
	last := -1 // of those that are or were in force
	hashes := map[string]bool{}
	for place := range g.Parameters {
		version := &g.Parameters[place]
		if err := g.checkVersion(version); err != nil {
			return found, err
		}
		if hashes[string(version.Hash)] {
			return found, ErrNoChange.Wrapf("parameters %x stand twice", version.Hash)
		}
		hashes[string(version.Hash)] = true
		if err := g.checkOrder(place, last, &found); err != nil {
			return found, err
		}
		if version.Approval == APPROVAL_SUPERSEDED || version.Approval == APPROVAL_IN_FORCE {
			last = place
		}
	}
	if last >= 0 && found.Current < 0 {
		return found, ErrNoParameters
	}
	return found, nil
}

// checkOrder places a version after the last one that is or was in force.
func (g *GenesisState) checkOrder(place, last int, found *Versions) error {
	version := &g.Parameters[place]
	if last >= 0 && version.Epoch != g.Parameters[last].Epoch+1 && version.Approval != APPROVAL_WITHDRAWN {
		return ErrWrongEpoch.Wrapf("parameters %x do not follow those before", version.Hash)
	}
	switch version.Approval {
	case APPROVAL_SUPERSEDED, APPROVAL_IN_FORCE:
		if found.Current >= 0 || found.Announced >= 0 {
			return ErrBadParameters.Wrapf("parameters %x stand behind later ones", version.Hash)
		}
		if version.Approval == APPROVAL_IN_FORCE {
			found.Current, found.Previous = place, last
		}
	case APPROVAL_ANNOUNCED:
		if found.Announced >= 0 {
			return ErrOtherAnnounced.Wrapf("parameters %x", version.Hash)
		}
		found.Announced = place
	}
	return nil
}

func (g *GenesisState) checkVersion(version *Parameters) error {
	network, err := ParseHash(g.Network)
	if err != nil {
		return err
	}
	parameters, err := ParseNetworkParameters(version.Canonical, network)
	if err != nil {
		return err
	}
	if !bytes.Equal(version.Hash, parameters.Hash[:]) || version.Epoch != parameters.Epoch {
		return ErrBadParameters.Wrapf("the entry of %x does not say what its bytes do", parameters.Hash)
	}
	isKnown := version.Approval >= APPROVAL_ANNOUNCED && version.Approval <= APPROVAL_WITHDRAWN
	isAhead := version.FlagHeight > 0 || version.Approval != APPROVAL_ANNOUNCED
	if !isKnown || !isAhead || version.FlagHeight < 0 {
		return ErrBadFlagHeight.Wrapf("parameters %x: %s at %d", version.Hash, version.Approval, version.FlagHeight)
	}
	return nil
}
