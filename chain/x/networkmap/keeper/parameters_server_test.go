package keeper_test

import (
	"bytes"
	"math"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/canonical"
	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

func (m *networkMap) parameters(epoch, gas uint64) []byte {
	return maptest.Parameters(m.network, epoch, gas)
}

func (m *networkMap) announce(canonical []byte, flagHeight int64) func() error {
	return func() error {
		_, err := m.msgs.AnnounceParameters(m.ctx, &types.MsgAnnounceParameters{
			Authority: authority, Canonical: canonical, FlagHeight: flagHeight,
		})
		return err
	}
}

func (m *networkMap) withdraw(hash []byte) func() error {
	return func() error {
		_, err := m.msgs.WithdrawParameters(m.ctx, &types.MsgWithdrawParameters{Authority: authority, Hash: hash})
		return err
	}
}

func (m *networkMap) accept(id []byte, by maptest.Signer, hash []byte) func() error {
	signature := by.Sign(types.AcceptanceStatement(m.network, id, hash))
	return func() error {
		_, err := m.msgs.AcceptParameters(m.ctx, &types.MsgAcceptParameters{
			Carrier: stranger, Id: id, Hash: hash, Signature: signature,
		})
		return err
	}
}

// block begins the block of a height and returns how many events that makes.
func (m *networkMap) block(height int64) int {
	m.Helper()
	m.ctx = m.ctx.WithBlockHeight(height).WithEventManager(sdk.NewEventManager())
	if err := m.keeper.BeginBlock(m.ctx); err != nil {
		m.Fatal(err)
	}
	return len(m.ctx.EventManager().Events())
}

// stands checks under which parameters transactions may be made; before is nil for none.
func (m *networkMap) stands(current, before []byte) {
	m.Helper()
	network, hash, previous, err := m.keeper.Standing(m.ctx)
	if err != nil || network != m.network || !bytes.Equal(hash[:], current) {
		m.Fatalf("%x, %x, %v instead of %x", network, hash, err, current)
	}
	if (previous == nil) != (before == nil) || previous != nil && !bytes.Equal(previous[:], before) {
		m.Fatalf("before them %x instead of %x", previous, before)
	}
}

func TestFlagHeight(t *testing.T) {
	m := newMap(t)
	zero := m.genesis.Parameters[0].Hash
	one, two := m.parameters(1, 1), m.parameters(2, 1)
	hashes := [][]byte{zero, maptest.ParametersHash(one), maptest.ParametersHash(two)}
	m.stands(zero, nil)
	m.do(m.announce(one, 110))
	for _, step := range []struct {
		height       int64
		events       int
		serial       uint64
		current, was []byte
	}{
		{101, 0, 1, zero, nil},
		{109, 0, 1, zero, nil},
		{110, 1, 2, hashes[1], zero},
		{111, 0, 2, hashes[1], zero},
		{5000, 0, 2, hashes[1], zero},
	} {
		if events := m.block(step.height); events != step.events || m.serial() != step.serial {
			t.Fatalf("height %d: %d events, serial %d", step.height, events, m.serial())
		}
		m.stands(step.current, step.was)
	}
	m.do(m.announce(two, 5010))
	m.block(5011) // as after a chain that was begun anew at a later height
	m.stands(hashes[2], hashes[1])

	approvals := []types.Approval{types.APPROVAL_SUPERSEDED, types.APPROVAL_SUPERSEDED, types.APPROVAL_IN_FORCE}
	for i, version := range m.export().Parameters {
		if version.Epoch != uint64(i) || version.Approval != approvals[i] || !bytes.Equal(version.Hash, hashes[i]) {
			t.Fatalf("version %d: %v", i, version)
		}
	}
}

func TestAnnounceRefuses(t *testing.T) {
	for name, row := range map[string]struct {
		announce func(m *networkMap) func() error
		code     error
	}{
		"a block too near":  {func(m *networkMap) func() error { return m.announce(m.parameters(1, 1), 109) }, types.ErrBadFlagHeight},
		"the past":          {func(m *networkMap) func() error { return m.announce(m.parameters(1, 1), 1) }, types.ErrBadFlagHeight},
		"no height":         {func(m *networkMap) func() error { return m.announce(m.parameters(1, 1), math.MinInt64) }, types.ErrBadFlagHeight},
		"the end of time":   {func(m *networkMap) func() error { return m.announce(m.parameters(1, 1), math.MaxInt64) }, types.ErrBadFlagHeight},
		"the epoch in use":  {func(m *networkMap) func() error { return m.announce(m.parameters(0, 2), 110) }, types.ErrWrongEpoch},
		"a skipped epoch":   {func(m *networkMap) func() error { return m.announce(m.parameters(2, 1), 110) }, types.ErrWrongEpoch},
		"those in force":    {func(m *networkMap) func() error { return m.announce(m.parameters(0, 1), 110) }, types.ErrWrongEpoch},
		"another network's": {func(m *networkMap) func() error { return m.announce(maptest.Parameters(canonical.Hash{1}, 1, 1), 110) }, types.ErrWrongNetwork},
		"trailing bytes":    {func(m *networkMap) func() error { return m.announce(append(m.parameters(1, 1), 0), 110) }, types.ErrBadParameters},
		"nothing":           {func(m *networkMap) func() error { return m.announce(nil, 110) }, types.ErrBadParameters},
		"too much":          {func(m *networkMap) func() error { return m.announce(make([]byte, 1<<20), 110) }, types.ErrOutOfBounds},
		"a second one": {func(m *networkMap) func() error {
			m.do(m.announce(m.parameters(1, 1), 110))
			return m.announce(m.parameters(1, 2), 110)
		}, types.ErrOtherAnnounced},
		"a registrar": {func(m *networkMap) func() error {
			return func() error {
				msg := &types.MsgAnnounceParameters{Authority: registrar, Canonical: m.parameters(1, 1), FlagHeight: 110}
				_, err := m.msgs.AnnounceParameters(m.ctx, msg)
				return err
			}
		}, types.ErrNotAuthority},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMap(t)
			m.attempt(row.code, row.announce(m))
		})
	}
}

func TestWithdraw(t *testing.T) {
	m := newMap(t)
	zero := m.genesis.Parameters[0].Hash
	one, another := m.parameters(1, 1), m.parameters(1, 2)
	hash := maptest.ParametersHash(one)
	m.attempt(types.ErrUnknownParameters, m.withdraw(hash))
	m.attempt(types.ErrMalformed, m.withdraw(nil))
	m.attempt(types.ErrNotAnnounced, m.withdraw(zero))
	m.do(m.announce(one, 110))
	m.attempt(types.ErrNotAuthority, func() error {
		_, err := m.msgs.WithdrawParameters(m.ctx, &types.MsgWithdrawParameters{Authority: registrar, Hash: hash})
		return err
	})
	m.block(109)
	m.do(m.withdraw(hash))
	m.attempt(types.ErrNotAnnounced, m.withdraw(hash))
	m.block(110)
	m.stands(zero, nil)

	m.do(m.announce(another, 120))
	m.do(m.withdraw(maptest.ParametersHash(another)))
	m.do(m.announce(one, 121)) // what was withdrawn may be announced again
	m.block(121)
	m.stands(hash, zero)
	m.attempt(types.ErrNotAnnounced, m.withdraw(hash)) // at the flag height it is too late
	if versions := m.export().Parameters; len(versions) != 3 || versions[2].Approval != types.APPROVAL_WITHDRAWN {
		t.Fatalf("%v", versions)
	}
	mapOf(t, *m.export()) // the order of the three is one that a genesis may have
}

func TestAccept(t *testing.T) {
	m := newMap(t)
	id, other := m.register("Alpenblick", alpenblick.Key()), m.register("Another", next.Key())
	one := m.parameters(1, 1)
	hash := maptest.ParametersHash(one)
	m.attempt(types.ErrUnknownParameters, m.accept(id, alpenblick, hash))
	m.attempt(types.ErrMalformed, m.accept(id, alpenblick, hash[1:]))
	m.attempt(types.ErrNotAnnounced, m.accept(id, alpenblick, m.genesis.Parameters[0].Hash))
	m.do(m.announce(one, 110))
	m.attempt(types.ErrBadSignature, m.accept(id, next, hash))
	m.attempt(types.ErrUnknownIdentity, m.accept(make([]byte, 32), alpenblick, hash))
	there := *m
	there.network = canonical.Hash{1}
	m.attempt(types.ErrBadSignature, there.accept(id, alpenblick, hash))
	m.do(m.accept(id, alpenblick, hash))
	m.attempt(types.ErrNoChange, m.accept(id, alpenblick, hash))
	m.do(m.accept(other, next, hash))

	ready, err := m.queries.Acceptances(m.ctx, &types.QueryAcceptancesRequest{Hash: hash})
	if err != nil || len(ready.Ids) != 2 {
		t.Fatalf("%v, %v", ready, err)
	}
	m.block(110)
	m.attempt(types.ErrNotAnnounced, m.accept(id, alpenblick, hash))
}

func TestSetNotice(t *testing.T) {
	m := newMap(t)
	set := func(by string, blocks int64) func() error {
		return func() error {
			_, err := m.msgs.SetNotice(m.ctx, &types.MsgSetNotice{Authority: by, NoticeBlocks: blocks})
			return err
		}
	}
	m.attempt(types.ErrNotAuthority, set(registrar, 20))
	m.attempt(types.ErrNoChange, set(authority, noticeBlocks))
	m.attempt(types.ErrOutOfBounds, set(authority, 0))
	m.attempt(types.ErrOutOfBounds, set(authority, -1))
	m.attempt(types.ErrOutOfBounds, set(authority, types.NoticeBlocksMax+1))
	m.do(set(authority, 20))
	m.attempt(types.ErrBadFlagHeight, m.announce(m.parameters(1, 1), 119))
	m.do(m.announce(m.parameters(1, 1), 120))
}

func TestNoParametersYet(t *testing.T) {
	network := canonical.Hash{9}
	m := mapOf(t, types.GenesisState{Network: network[:], NoticeBlocks: 1})
	m.attempt(types.ErrNoParameters, func() error {
		_, _, _, err := m.keeper.Standing(m.ctx)
		return err
	})
	m.attempt(types.ErrWrongEpoch, m.announce(m.parameters(1, 1), 101))
	m.do(m.announce(m.parameters(0, 1), 101))
	m.block(101)
	m.stands(maptest.ParametersHash(m.parameters(0, 1)), nil)
}
