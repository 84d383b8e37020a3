package types

import "bytes"

const (
	KindNonValidating = "non-validating"
	KindValidating    = "validating"

	hashBytes = 32
)

// DefaultGenesisState is no cluster yet: members must be given.
func DefaultGenesisState() *GenesisState {
	return &GenesisState{Network: Network{Kind: KindNonValidating}}
}

func (n Network) Validate() error {
	if len(n.NetworkId) != hashBytes {
		return ErrInvalidGenesis.Wrapf("network id of %d bytes expected", hashBytes)
	}
	if n.Kind != KindNonValidating && n.Kind != KindValidating {
		return ErrInvalidGenesis.Wrapf("kind %q is neither %s nor %s", n.Kind, KindNonValidating, KindValidating)
	}
	// x/notary judges what a tear-off shows. Under the name of the other kind, its receipts would be
	// taken for the contracts' verdict as well.
	if n.Kind == KindValidating {
		return ErrInvalidGenesis.Wrapf("the chain cannot serve as %s yet", KindValidating)
	}
	return nil
}

// Validate checks a genesis, whether it begins a cluster or goes on with one.
func (g GenesisState) Validate() error {
	if err := g.Network.Validate(); err != nil {
		return err
	}
	if err := ValidateMembers(g.Members); err != nil {
		return err
	}
	if last := g.Members[len(g.Members)-1].Index; g.NextIndex != 0 && g.NextIndex <= last {
		return ErrInvalidGenesis.Wrapf("next index %d is taken", g.NextIndex)
	}
	if len(g.Sets) == 0 {
		return g.validateNew()
	}
	return g.validateContinued()
}

func (g GenesisState) validateNew() error {
	if g.Pending != nil || len(g.ClusterId) != 0 {
		return ErrInvalidGenesis.Wrap("a new cluster has no id and no pending set")
	}
	if len(Active(g.Members)) != len(g.Members) {
		return ErrInvalidGenesis.Wrap("a new cluster has no suspended members")
	}
	return nil
}

func (g GenesisState) validateContinued() error {
	if len(g.ClusterId) != hashBytes {
		return ErrInvalidGenesis.Wrapf("cluster id of %d bytes expected", hashBytes)
	}
	for i, record := range g.Sets {
		if record.Set.Epoch != uint64(i) {
			return ErrInvalidGenesis.Wrapf("set of epoch %d at place %d", record.Set.Epoch, i)
		}
		if err := g.validateRecord(record, i == 0); err != nil {
			return err
		}
		if i > 0 && !record.IsAgreed(g.Sets[i-1].Set) {
			return ErrInvalidGenesis.Wrapf("set of epoch %d has no quorum", i)
		}
	}
	if g.Pending == nil {
		return nil
	}
	if g.Pending.Record.Set.Epoch != uint64(len(g.Sets)) {
		return ErrInvalidGenesis.Wrap("pending set is not of the next epoch")
	}
	if err := ValidateMembers(g.Pending.Members); err != nil {
		return err
	}
	expected := NewMemberSet(uint64(len(g.Sets)), g.Pending.Members)
	if !bytes.Equal(expected.Canonical(g.ClusterId), g.Pending.Record.Canonical) {
		return ErrInvalidGenesis.Wrap("pending set is not that of its members")
	}
	return g.validateRecord(g.Pending.Record, false)
}

// validateRecord checks a set's bytes, and that its signatures hold and are of the set before it.
func (g GenesisState) validateRecord(record MemberSetRecord, isFirst bool) error {
	set := record.Set
	if n := len(set.WorkerKeys); n < 1 || n > MembersMax || set.Quorum != Quorum(n) {
		return ErrInvalidGenesis.Wrapf("set of epoch %d has %d members and quorum %d", set.Epoch, n, set.Quorum)
	}
	for _, key := range set.WorkerKeys {
		if len(key) != keyBytes {
			return ErrInvalidGenesis.Wrapf("set of epoch %d has a key of %d bytes", set.Epoch, len(key))
		}
	}
	if !bytes.Equal(record.Canonical, set.Canonical(g.ClusterId)) {
		return ErrInvalidGenesis.Wrapf("set of epoch %d is not its canonical bytes", set.Epoch)
	}
	if isFirst {
		return nil
	}
	before := g.Sets[set.Epoch-1].Set
	seen := map[string]bool{}
	for _, signature := range record.Signatures {
		key := signature.WorkerKey
		if seen[string(key)] || !before.Has(key) || !record.IsSignature(g.Network, key, signature.Signature) {
			return ErrInvalidGenesis.Wrapf("set of epoch %d has a signature that does not count", set.Epoch)
		}
		seen[string(key)] = true
	}
	return nil
}
