package keeper_test

import (
	"errors"
	"testing"

	"stateset.example/chain/x/members/keeper"
	"stateset.example/chain/x/members/types"
)

func TestSuspensionTakesPowerAtOnce(t *testing.T) {
	f := newFixture(t, 7)
	if err := f.keeper.Suspend(f.ctx, 2, "test"); err != nil {
		t.Fatal(err)
	}
	f.expectPowers(f.endBlock(), map[int]int64{2: 0})
	if _, isActive := must2(f.keeper.ActiveWorker(f.ctx, memberOf(2).WorkerAddress())); isActive {
		t.Error("its worker still counts")
	}
	if err := f.keeper.Suspend(f.ctx, 2, "test"); !errors.Is(err, types.ErrUnknownMember) {
		t.Errorf("a second time: %v", err)
	}
	set := f.pending().Record.Set
	if len(set.WorkerKeys) != 6 || set.Has(memberOf(2).WorkerKey) || set.Quorum != 5 {
		t.Errorf("pending: %d workers, quorum %d", len(set.WorkerKeys), set.Quorum)
	}
	f.handOver(0, 1, 3, 4, 5)
	f.expectEpoch(1)
}

func TestSuspensionJoinsThePendingChange(t *testing.T) {
	f := newFixture(t, 7)
	if err := f.decide(replaceOne()); err != nil {
		t.Fatal(err)
	}
	if err := f.sign(0); err != nil {
		t.Fatal(err)
	}
	if err := f.keeper.Suspend(f.ctx, 2, "test"); err != nil {
		t.Fatal(err)
	}
	record := f.pending().Record
	if record.Set.Has(memberOf(2).WorkerKey) || !record.Set.Has(memberOf(7).WorkerKey) {
		t.Error("the pending set is not the change without the suspended member")
	}
	if len(record.Signatures) != 0 {
		t.Error("a signature of another set counts")
	}
}

func TestSuspensionAfterAnAgreedSet(t *testing.T) {
	f := newFixture(t, 7)
	if err := f.decide(replaceOne()); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if err := f.sign(i); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.keeper.Suspend(f.ctx, 7, "test"); err != nil {
		t.Fatal(err) // the agreed set has begun, so the newcomer is a member
	}
	f.expectEpoch(1)
	f.expectPowers(f.endBlock(), map[int]int64{6: 0})
	if epoch := f.pending().Record.Set.Epoch; epoch != 2 {
		t.Errorf("pending epoch %d", epoch)
	}
}

func TestReinstatement(t *testing.T) {
	f := newFixture(t, 7)
	if err := f.keeper.Suspend(f.ctx, 2, "test"); err != nil {
		t.Fatal(err)
	}
	f.endBlock()
	f.handOver(0, 1, 3, 4, 5)
	if err := f.decide(types.MsgUpdateMembers{Reinstate: []uint32{2}}); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 1, 3, 4, 5} {
		if err := f.sign(i); err != nil {
			t.Fatal(err)
		}
	}
	f.expectPowers(f.endBlock(), map[int]int64{2: 1})
	f.expectEpoch(2)
}

func TestTheLastMemberStays(t *testing.T) {
	f := newFixture(t, 2)
	if err := f.keeper.Suspend(f.ctx, 0, "test"); err != nil {
		t.Fatal(err)
	}
	if err := f.keeper.Suspend(f.ctx, 1, "test"); !errors.Is(err, types.ErrLastMember) {
		t.Errorf("found %v", err)
	}
	f.expectPowers(f.endBlock(), map[int]int64{0: 0})
}

// Members that were suspended down to less than a quorum could agree to nothing any more.
func TestADecisionLeavesAQuorum(t *testing.T) {
	f := newFixture(t, 7)
	suspend := func(index uint32) error {
		_, err := keeper.NewMsgServer(f.keeper).SuspendMember(f.ctx, &types.MsgSuspendMember{Authority: authority, Index: index})
		return err
	}
	for index := range uint32(2) {
		if err := suspend(index); err != nil {
			t.Fatal(err)
		}
	}
	if err := suspend(2); !errors.Is(err, types.ErrOutOfBounds) {
		t.Errorf("a third of seven: %v", err)
	}
	f.handOver(2, 3, 4, 5, 6)
	f.expectEpoch(1)
	if err := suspend(2); err != nil { // four are a quorum of the five that are left
		t.Error(err)
	}
	if err := f.keeper.Suspend(f.ctx, 3, "equivocation"); err != nil {
		t.Errorf("an equivocation: %v", err)
	}
}
