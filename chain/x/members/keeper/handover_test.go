package keeper_test

import (
	"errors"
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
	"stateset.example/chain/x/members/types"
)

func replaceOne() types.MsgUpdateMembers {
	return types.MsgUpdateMembers{Add: []types.Member{memberOf(7)}, Remove: []uint32{6}}
}

func TestASetBeginsWithAQuorum(t *testing.T) {
	f := newFixture(t, 7)
	if err := f.decide(replaceOne()); err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		if err := f.sign(i); err != nil {
			t.Fatal(err)
		}
		f.expectPowers(f.endBlock(), nil)
		f.expectEpoch(0)
	}
	if err := f.sign(6); err != nil { // who leaves may agree, too
		t.Fatal(err)
	}
	f.expectEpoch(0) // until the end of the block
	f.expectPowers(f.endBlock(), map[int]int64{6: 0, 7: 1})
	f.expectEpoch(1)
	if must(f.keeper.Pending(f.ctx)) != nil {
		t.Error("the set is still pending")
	}
	if _, isActive := must2(f.keeper.ActiveWorker(f.ctx, memberOf(7).WorkerAddress())); !isActive {
		t.Error("the newcomer's worker does not count")
	}
	if f.accounts.GetAccount(f.ctx, memberOf(7).WorkerAddress()) == nil {
		t.Error("the newcomer's worker has no account")
	}
	f.expectPowers(f.endBlock(), nil)
}

func TestOnlyTheCurrentWorkersAgree(t *testing.T) {
	f := newFixture(t, 7)
	nothing := f.signAs(0, 1, make([]byte, 64))
	if !errors.Is(nothing, types.ErrNothingPending) {
		t.Errorf("with nothing pending: %v", nothing)
	}
	if err := f.keeper.Suspend(f.ctx, 5, "test"); err != nil {
		t.Fatal(err)
	}
	if err := f.decide(replaceOne()); err != nil {
		t.Fatal(err)
	}
	if err := f.sign(0); err != nil {
		t.Fatal(err)
	}
	record := f.pending().Record
	other := types.NewMemberSetRecord(must(f.keeper.ClusterID(f.ctx)), types.MemberSet{Epoch: 1, Quorum: 1})
	rows := []struct {
		name      string
		worker    int
		epoch     uint64
		signature []byte
		expected  error
	}{
		{"a stranger", 9, 1, f.signatureOf(9, record), types.ErrNotWorker},
		{"a newcomer", 7, 1, f.signatureOf(7, record), types.ErrNotWorker},
		{"a suspended member", 5, 1, f.signatureOf(5, record), types.ErrNotWorker},
		{"another epoch", 1, 2, f.signatureOf(1, record), types.ErrWrongEpoch},
		{"another's signature", 1, 1, f.signatureOf(2, record), types.ErrBadSignature},
		{"a signature of another set", 1, 1, f.signatureOf(1, other), types.ErrBadSignature},
		{"no signature", 1, 1, nil, types.ErrBadSignature},
		{"a second time", 0, 1, f.signatureOf(0, record), types.ErrAlreadySigned},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if err := f.signAs(row.worker, row.epoch, row.signature); !errors.Is(err, row.expected) {
				t.Errorf("found %v, expected %v", err, row.expected)
			}
		})
	}
}

// What the chain keeps of its sets is what a checker of receipts follows, offline and by the
// ledger's own rules.
func TestSetsCanBeFollowedOffline(t *testing.T) {
	f := newFixture(t, 7)
	if err := f.decide(replaceOne()); err != nil {
		t.Fatal(err)
	}
	f.handOver(0, 1, 2, 3, 4)
	current, following := must(f.keeper.Set(f.ctx, 0)), must(f.keeper.Set(f.ctx, 1))
	trusted := must(ledger.DecodeMemberSet(current.Canonical))
	next := must(ledger.DecodeMemberSet(following.Canonical))
	if next.Cluster != trusted.Cluster || next.Epoch != trusted.Epoch+1 {
		t.Fatalf("set of epoch %d follows that of epoch %d", next.Epoch, trusted.Epoch)
	}
	var signatures []ledger.Signature
	for _, signature := range following.Signatures {
		key, _ := ledger.NewPublicKey(ledger.Ed25519, signature.WorkerKey)
		signatures = append(signatures,
			ledger.Signature{Simple: ledger.SimpleSignature{Key: key, Bytes: signature.Signature}})
	}
	payload := next.Payload(canonical.Hash(must(f.keeper.Network(f.ctx)).NetworkId))
	if count := trusted.CountSigners(signatures, &payload); count < int(trusted.Quorum) {
		t.Errorf("%d members of epoch 0 signed, %d must", count, trusted.Quorum)
	}
}

func must2[A, B any](a A, b B, err error) (A, B) {
	if err != nil {
		panic(err)
	}
	return a, b
}
