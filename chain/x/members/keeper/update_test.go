package keeper_test

import (
	"errors"
	"testing"

	"stateset.example/chain/x/members/keeper"
	"stateset.example/chain/x/members/types"
)

func TestChangesWithinBounds(t *testing.T) {
	taken := memberOf(7)
	taken.WorkerKey = memberOf(3).ConsensusKey
	nameless := memberOf(7)
	nameless.Name = ""
	add := func(indices ...int) (members []types.Member) {
		for _, i := range indices {
			members = append(members, memberOf(i))
		}
		return members
	}
	rows := []struct {
		name     string
		members  int
		change   types.MsgUpdateMembers
		expected error
	}{
		{"one of seven is replaced", 7, types.MsgUpdateMembers{Add: add(7), Remove: []uint32{2}}, nil},
		{"two of seven are replaced", 7, types.MsgUpdateMembers{Add: add(7, 8), Remove: []uint32{2, 3}}, nil},
		{"three of seven", 7, types.MsgUpdateMembers{Add: add(7, 8, 9), Remove: []uint32{1, 2, 3}}, types.ErrOutOfBounds},
		{"three more than seven", 7, types.MsgUpdateMembers{Add: add(7, 8, 9)}, types.ErrOutOfBounds},
		{"one of four leaves", 4, types.MsgUpdateMembers{Remove: []uint32{0}}, types.ErrOutOfBounds},
		{"one of five leaves", 5, types.MsgUpdateMembers{Remove: []uint32{0}}, nil},
		{"a cluster of one moves", 1, types.MsgUpdateMembers{Add: add(7), Remove: []uint32{0}}, nil},
		{"a cluster of one ends", 1, types.MsgUpdateMembers{Remove: []uint32{0}}, types.ErrOutOfBounds},
		{"a sixty-fifth", 64, types.MsgUpdateMembers{Add: add(64)}, types.ErrOutOfBounds},
		{"nothing", 7, types.MsgUpdateMembers{}, types.ErrOutOfBounds},
		{"a stranger leaves", 7, types.MsgUpdateMembers{Remove: []uint32{7}}, types.ErrUnknownMember},
		{"one leaves twice", 7, types.MsgUpdateMembers{Remove: []uint32{1, 1}}, types.ErrUnknownMember},
		{"an active one is reinstated", 7, types.MsgUpdateMembers{Reinstate: []uint32{1}}, types.ErrInvalidMember},
		{"one with another's key", 7, types.MsgUpdateMembers{Add: []types.Member{taken}}, types.ErrInvalidMember},
		{"one with no name", 7, types.MsgUpdateMembers{Add: []types.Member{nameless}}, types.ErrInvalidMember},
		{"one that is there", 7, types.MsgUpdateMembers{Add: add(3)}, types.ErrInvalidMember},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := newFixture(t, row.members)
			if err := f.decide(row.change); !errors.Is(err, row.expected) {
				t.Errorf("found %v, expected %v", err, row.expected)
			}
			if pending := must(f.keeper.Pending(f.ctx)); (pending != nil) != (row.expected == nil) {
				t.Errorf("pending: %v", pending)
			}
			f.expectPowers(f.endBlock(), nil)
		})
	}
}

func TestOnlyAVoteDecides(t *testing.T) {
	f := newFixture(t, 7)
	server := keeper.NewMsgServer(f.keeper)
	operator := memberOf(0).Operator
	_, err := server.UpdateMembers(f.ctx, &types.MsgUpdateMembers{Authority: operator, Remove: []uint32{1}})
	if !errors.Is(err, types.ErrNotAuthority) {
		t.Errorf("update: %v", err)
	}
	_, err = server.SuspendMember(f.ctx, &types.MsgSuspendMember{Authority: operator, Index: 1})
	if !errors.Is(err, types.ErrNotAuthority) {
		t.Errorf("suspension: %v", err)
	}
}

func TestAnIndexIsNotGivenAgain(t *testing.T) {
	f := newFixture(t, 7)
	for round := range 2 {
		newcomer := memberOf(7 + round)
		change := types.MsgUpdateMembers{Add: []types.Member{newcomer}, Remove: []uint32{uint32(6 + round)}}
		if err := f.decide(change); err != nil {
			t.Fatal(err)
		}
		f.handOver(0, 1, 2, 3, 4)
	}
	members := must(f.keeper.Members(f.ctx))
	if last := members[len(members)-1]; last.Index != 8 || last.Name != "m8" {
		t.Errorf("%s has index %d", last.Name, last.Index)
	}
}

func TestALaterDecisionReplacesAnEarlier(t *testing.T) {
	f := newFixture(t, 7)
	for _, index := range []uint32{1, 2} {
		if err := f.decide(types.MsgUpdateMembers{Remove: []uint32{index}}); err != nil {
			t.Fatal(err)
		}
		if err := f.sign(0); err != nil {
			t.Fatal(err)
		}
	}
	pending := f.pending()
	if pending.Record.Set.Has(memberOf(2).WorkerKey) || !pending.Record.Set.Has(memberOf(1).WorkerKey) {
		t.Error("the pending set is not that of the later decision")
	}
	if n := len(pending.Record.Signatures); n != 1 {
		t.Errorf("%d signatures, expected that of the later set alone", n)
	}
}
