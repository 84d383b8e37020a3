package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stateset.example/chain/x/members/types"
	"stateset.example/chain/x/notary/rules/rulestest"
	notarytypes "stateset.example/chain/x/notary/types"
)

// Members come, go and are replaced while requests go on: what is sealed always belongs to the set
// that was in force, and whoever has the first set can follow to the last.
func TestRequestsGoOnWhileMembersChange(t *testing.T) {
	c := newNotaryChain(t, 4).withTwin()
	c.next()
	issued := c.issue("coins", 10)
	c.notarise(c.request(issued))
	coins := rulestest.OutputsOf(issued.Transaction())
	spend := func(worker int, salt string) []byte {
		coin := coins[0]
		coins = coins[1:]
		return c.batchBy(worker, c.request(c.spend(salt, coin)))
	}
	for i, change := range []struct {
		add     string
		remove  []uint32
		signers []int // a quorum of those before
	}{
		{add: "m4", signers: []int{1, 2, 3}},
		{remove: []uint32{1}, signers: []int{0, 2, 3, 4}},
		{add: "m5", remove: []uint32{2}, signers: []int{0, 2, 4}},
	} {
		message := &types.MsgUpdateMembers{Authority: govAuthority(), Remove: change.remove}
		if change.add != "" {
			c.made.Members = append(c.made.Members, newCluster(t, 1).Members[0])
			message.Add = []types.Member{memberOf(c.made.Members[len(c.made.Members)-1], change.add)}
		}
		c.accept(spend(0, fmt.Sprint("before ", i)))
		c.mustGovern(message)
		c.accept(spend(0, fmt.Sprint("pending ", i)))
		last := len(change.signers) - 1
		for _, signer := range change.signers[:last] {
			c.accept(c.workerTx(signer, c.signatureOf(signer)))
		}
		// The block of the last signature still belongs to the set before, whatever the order in it.
		signature := c.workerTx(change.signers[last], c.signatureOf(change.signers[last]))
		header := sealedHeader(c, c.accept(signature, spend(0, fmt.Sprint("handover ", i))))
		if header.MemberEpoch != uint64(i) {
			t.Errorf("the block that ends epoch %d is of epoch %d", i, header.MemberEpoch)
		}
	}
	if header := sealedHeader(c, c.accept(spend(5, "by the newcomer's worker"))); header.MemberEpoch != 3 {
		t.Errorf("the last block is of epoch %d", header.MemberEpoch)
	}
	left := c.batchBy(1, c.request(c.issue("by who left", 1)))
	if log := c.next(left).TxResults[0].Log; !strings.Contains(log, notarytypes.ErrNotAWorker.Error()) {
		t.Errorf("who left may still ask: %q", log)
	}
	for name, replica := range map[string]*chain{"one": c, "its twin": c.twin} {
		if epochs := followedEpochs(t, replica.record()); !slices.Equal(epochs, []uint64{0, 1, 2, 3}) {
			t.Errorf("%s sealed blocks of epochs %v", name, epochs)
		}
	}
}
