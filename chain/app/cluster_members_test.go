package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
	memberstypes "stateset.example/chain/x/members/types"
	notarytypes "stateset.example/chain/x/notary/types"
)

// A process that was in no genesis becomes a member, and one that was ceases to be, while requests
// go on.
func TestAMemberJoinsAndAnotherLeaves(t *testing.T) {
	c := startCluster(t, buildNotaryd(t, ""), 5, 4)
	first := c.members[0]
	c.notarise(first, 0, c.issue("before", 1))
	load := c.startLoad(first, 1)

	newcomer := startMember(t, buildNotaryd(t, ""), c.made.Members[4])
	newcomer.waitForHeight(first.height()) // by block sync, as it has no vote yet
	c.pass(first, 1, []int{0, 1, 2}, &memberstypes.MsgUpdateMembers{
		Authority: govAuthority(), Add: []memberstypes.Member{memberOf(c.made.Members[4], "m4")},
	})
	c.handOver(first, 1, []int{0, 1, 2})
	c.notarise(first, 3, c.issue("of five", 1))

	newcomer.waitForEpoch(1)
	// Three of five, and a quorum of four: both only with the newcomer.
	c.pass(newcomer, 2, []int{0, 1, 4}, &memberstypes.MsgUpdateMembers{
		Authority: govAuthority(), Remove: []uint32{3},
	})
	c.handOver(newcomer, 2, []int{0, 1, 2, 4})
	late := c.batch(newcomer, 3, c.issue("of who left", 1))
	if answer := must(newcomer.rpc.BroadcastTxSync(t.Context(), late)); answer.Code == 0 {
		t.Error("who left may still ask")
	}
	c.members[3].stop()
	ids := load.stop(t)
	c.members[2].kill() // so that consensus needs the newcomer
	c.notarise(newcomer, 4, c.issue("of the newcomer", 1))

	for i, place := range newcomer.places(ids...).Places {
		if place.Height == 0 {
			t.Errorf("request %d of %d was lost", i, len(ids))
		}
	}
	first.waitForHeight(newcomer.height())
	for _, member := range []*process{first, newcomer} {
		if epochs := followedEpochs(t, member.record(c.id())); !slices.Equal(epochs, []uint64{0, 1, 2}) {
			t.Errorf("%s has sealed blocks of epochs %v", member.Name, epochs)
		}
	}
	for _, member := range []*process{first, c.members[1], newcomer} {
		member.stop()
	}
}

// handOver lets workers agree to the pending set, and waits until it is the current one.
func (c *clusterClient) handOver(via *process, epoch uint64, workers []int) {
	c.Helper()
	var found memberstypes.QueryMembersResponse
	via.mustQuery("/stateset.members.v1.Query/Members", &memberstypes.QueryMembersRequest{}, &found)
	if found.Pending == nil || found.Pending.Record.Set.Epoch != epoch {
		c.Fatalf("pending is %v, and no set of epoch %d", found.Pending, epoch)
	}
	set := must(ledger.DecodeMemberSet(found.Pending.Record.Canonical))
	payload := set.Payload(canonical.Hash{}) // the network of these tests
	message := payload.Message()
	for _, i := range workers {
		member := c.made.Members[i]
		via.mustCarryOut(c.workerTx(via, i, &memberstypes.MsgSignMemberSet{
			Worker: member.Worker, Epoch: epoch, Signature: must(readKey(c.T, member.WorkerFile).Sign(message[:])),
		}))
	}
	via.waitForEpoch(epoch)
}

func (p *process) waitForEpoch(epoch uint64) {
	p.Helper()
	p.waitFor(fmt.Sprint("epoch ", epoch), func() bool {
		var found memberstypes.QueryMemberSetsResponse
		asked := &memberstypes.QueryMemberSetsRequest{FromEpoch: epoch}
		return p.query("/stateset.members.v1.Query/MemberSets", asked, &found) == nil && len(found.Sets) > 0
	})
}

// load is a worker that asks for one transaction after the other.
type load struct {
	end  context.CancelFunc
	ids  []canonical.Hash
	done chan error
}

func (c *clusterClient) startLoad(via *process, i int) *load {
	c.Helper()
	member := c.made.Members[i]
	by := []txSigner{c.signer(via, member.Worker, member.WorkerFile)}
	ctx, end := context.WithCancel(c.Context())
	l := &load{end: end, done: make(chan error, 1)}
	ask := func() error {
		draft := c.issue(fmt.Sprint("load ", len(l.ids)), 1)
		shown := draft.Request()
		tx := makeTx(c.coding.TxConfig(), time.Now().Add(5*time.Minute), by, &notarytypes.MsgNotarise{
			Worker: member.Worker, Requests: []notarytypes.Request{{Shown: shown.Append(nil)}},
		})
		answer, err := via.rpc.BroadcastTxSync(context.Background(), tx)
		if err != nil {
			return err
		}
		if answer.Code != 0 {
			return errors.New(answer.Log)
		}
		id := draft.Transaction().ID()
		l.ids = append(l.ids, id)
		return via.waitForPlace(id)
	}
	go func() {
		var err error
		for err == nil && ctx.Err() == nil {
			err = ask()
		}
		l.done <- err
	}()
	return l
}

// stop gives the ids of what was asked for, all of which was answered.
func (l *load) stop(t *testing.T) []canonical.Hash {
	t.Helper()
	l.end()
	if err := <-l.done; err != nil {
		t.Fatalf("request %d: %s", len(l.ids), err)
	}
	return l.ids
}

func (p *process) waitForPlace(id canonical.Hash) error {
	asked := &notarytypes.QueryPlacesRequest{Ids: [][]byte{id[:]}}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(glance) {
		var found notarytypes.QueryPlacesResponse
		if err := p.query("/stateset.notary.v1.Query/Places", asked, &found); err != nil {
			return err
		}
		if found.Places[0].Height > 0 {
			return nil
		}
	}
	return fmt.Errorf("%x has no place", id)
}
