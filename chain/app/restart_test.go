package app_test

import (
	"bytes"
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/viper"

	"cosmossdk.io/log"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"stateset.example/chain/app"
	"stateset.example/chain/canonical"
	"stateset.example/chain/x/notary/rules/rulestest"
)

// kept is a chain whose app can be stopped and started again: what it keeps lies in a home.
type kept struct {
	*chain
	home string
	db   dbm.DB
}

func newKeptChain(t *testing.T) *kept {
	t.Helper()
	k := &kept{newNotaryChain(t, 4), t.TempDir(), dbm.NewMemDB()}
	k.start()
	k.init(k.genesis.AppState, 1)
	k.next()
	t.Cleanup(func() { _ = k.app.Close() })
	return k
}

func (k *kept) start() {
	options := viper.New()
	options.Set(flags.FlagHome, k.home)
	k.app = app.New(log.NewNopLogger(), k.db, nil, true, options, baseapp.SetChainID(chainID))
}

func (k *kept) restart() {
	k.Helper()
	if err := k.app.Close(); err != nil {
		k.Fatal(err)
	}
	k.start()
}

// rollBack undoes the newest block, as `notaryd rollback` does for consensus to make it again.
func (k *kept) rollBack() {
	k.Helper()
	if err := k.app.CommitMultiStore().RollbackToVersion(k.height - 1); err != nil {
		k.Fatal(err)
	}
	k.height--
	k.restart()
}

func idOf(draft rulestest.Draft) canonical.Hash { return draft.Transaction().ID() }

// Between a start and the first block the newest block's time is unknown, so that no absence can be
// concluded; what was notarised is told of.
func TestARestartKnowsPlacesButNoTime(t *testing.T) {
	k := newKeptChain(t)
	draft := k.issue("coins", 1)
	k.notarise(k.request(draft))
	before := k.places(idOf(draft))
	k.restart()
	after := k.places(idOf(draft), canonical.Hash{1})
	if after.Places[0].Height == 0 || after.Places[0].String() != before.Places[0].String() {
		t.Errorf("before %v, after %v", before.Places[0], after.Places[0])
	}
	if after.ChainHeight != 0 || after.ChainTime != 0 {
		t.Errorf("a start tells of the block %d at %d", after.ChainHeight, after.ChainTime)
	}
	k.next()
	if told := k.places(idOf(draft)); told.ChainHeight != k.height || told.ChainTime != uint64(k.now.UnixMilli()) {
		t.Errorf("the first block is told as %d at %d", told.ChainHeight, told.ChainTime)
	}
}

// The index lies beside the state that is rolled back. If it kept what the undone block had, an id of
// the block that is made instead would count as never notarised.
func TestARollbackUndoesPlaces(t *testing.T) {
	k := newKeptChain(t)
	undone, instead := k.issue("undone", 1), k.issue("instead", 2)
	batch := k.batch(k.request(instead))
	k.notarise(k.request(k.issue("other", 1)), k.request(undone))
	k.rollBack()
	if found := k.places(idOf(undone)).Places[0]; found.Height != 0 {
		t.Errorf("what was undone is at %v", found)
	}
	k.accept(batch)
	found := k.places(idOf(instead), idOf(undone))
	if found.Places[0].Height != 1 || found.Places[1].Height != 0 {
		t.Errorf("found %v", found.Places)
	}
	spent := k.notarise(k.request(k.spend("spend", rulestest.OutputsOf(instead.Transaction())[0])))[0]
	if !bytes.Contains(spent, []byte("notarised")) {
		t.Errorf("the place does not lead to the block: %q", spent)
	}
}
