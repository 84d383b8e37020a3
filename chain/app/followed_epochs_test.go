package app_test

import (
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
	memberskeeper "stateset.example/chain/x/members/keeper"
	memberstypes "stateset.example/chain/x/members/types"
	"stateset.example/chain/x/notary/keeper"
	notarytypes "stateset.example/chain/x/notary/types"
)

// clusterRecord is what a cluster tells of its past to whoever checks receipts.
type clusterRecord struct {
	id     canonical.Hash
	sets   []memberstypes.MemberSetRecord
	blocks []*notarytypes.SealedBlock
}

// followedEpochs checks a cluster's past as a checker does that begins with the first set, and gives
// the epochs in which blocks were sealed.
func followedEpochs(t *testing.T, record clusterRecord) (epochs []uint64) {
	t.Helper()
	hashes := followSets(t, record)
	var history canonical.Frontier
	for i, block := range record.blocks {
		header := must(ledger.DecodeBlockHeader(block.Header))
		switch epoch := header.MemberEpoch; {
		case header.Height != uint64(i)+1 || header.Cluster != record.id:
			t.Fatalf("block %d is of height %d and cluster %x", i+1, header.Height, header.Cluster)
		case epoch >= uint64(len(hashes)) || header.MemberSetHash != hashes[epoch]:
			t.Fatalf("block %d names no set of epoch %d that was followed", i+1, epoch)
		case header.HistoryRoot != history.Root():
			t.Fatalf("block %d does not follow on those before", i+1)
		case len(epochs) > 0 && epoch < epochs[len(epochs)-1]:
			t.Fatalf("block %d goes back to epoch %d", i+1, epoch)
		case len(epochs) == 0 || epoch > epochs[len(epochs)-1]:
			epochs = append(epochs, epoch)
		}
		history.Append(header.Hash())
	}
	return epochs
}

// followSets gives the hash of each set that a quorum of the one before it agreed to.
func followSets(t *testing.T, record clusterRecord) (hashes []canonical.Hash) {
	t.Helper()
	var before ledger.MemberSet
	for i, told := range record.sets {
		set := must(ledger.DecodeMemberSet(told.Canonical))
		if set.Epoch != uint64(i) || set.Cluster != record.id {
			t.Fatalf("set %d is of epoch %d and cluster %x", i, set.Epoch, set.Cluster)
		}
		var signatures []ledger.Signature
		for _, by := range told.Signatures {
			key, _ := ledger.NewPublicKey(ledger.Ed25519, by.WorkerKey)
			signatures = append(signatures, ledger.Signature{Simple: ledger.SimpleSignature{Key: key, Bytes: by.Signature}})
		}
		payload := set.Payload(canonical.Hash{}) // the network of these tests
		if count := before.CountSigners(signatures, &payload); count < int(before.Quorum) {
			t.Fatalf("%d members agreed to set %d, of %d", count, i, before.Quorum)
		}
		hashes = append(hashes, set.Hash())
		before = set
	}
	return hashes
}

func (c *chain) record() clusterRecord {
	c.Helper()
	record := clusterRecord{id: c.cluster()}
	asked := &memberstypes.QueryMemberSetsRequest{}
	record.sets = must(memberskeeper.NewQueryServer(c.app.Members).MemberSets(c.context(), asked)).Sets
	queries := keeper.Queries{Keeper: c.app.Notary}
	tip := must(queries.Tip(c.context(), &notarytypes.QueryTipRequest{}))
	newest := must(ledger.DecodeBlockHeader(tip.Block.Header)).Height
	for height := uint64(1); height <= newest; height++ {
		block := must(queries.Block(c.context(), &notarytypes.QueryBlockRequest{Height: height}))
		record.blocks = append(record.blocks, &block.Block)
	}
	return record
}
