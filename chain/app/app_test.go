package app_test

import (
	"bytes"
	"encoding/json"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"stateset.example/chain/app"
)

func pay(c *chain, from, to string) *banktypes.MsgSend {
	coins := sdk.NewCoins(sdk.NewInt64Coin(app.FeeDenom, 5))
	return &banktypes.MsgSend{FromAddress: from, ToAddress: to, Amount: coins}
}

func TestReplicasAgree(t *testing.T) {
	one := newChain(t, 4)
	two := startChain(t, one.made)
	first, second := one.made.Members[0], one.made.Members[1]
	same := func(txs ...[]byte) {
		t.Helper()
		a, b := one.accept(txs...), two.accept(txs...)
		if !bytes.Equal(a.AppHash, b.AppHash) {
			t.Fatalf("height %d: app hash %x and %x", one.height, a.AppHash, b.AppHash)
		}
	}
	same()
	same(one.operatorTx(0, pay(one, first.Operator, second.Worker)))
	same(one.workerTx(1, pay(one, second.Worker, first.Worker)), one.operatorTx(0, pay(one, first.Operator, second.Operator)))
	same()
}

// Consensus makes a block at once where the last one changed the state, so a chain whose empty
// blocks change it would never come to rest.
func TestAnEmptyBlockChangesNothing(t *testing.T) {
	c := newChain(t, 4)
	before := c.next().AppHash
	for range 3 {
		if after := c.next().AppHash; !bytes.Equal(after, before) {
			t.Fatalf("height %d: app hash %x, before %x", c.height, after, before)
		}
	}
}

func TestAnUnorderedTransactionCountsOnce(t *testing.T) {
	c := newChain(t, 4)
	c.next()
	from, to := c.made.Members[0], c.made.Members[1]
	c.accept(c.operatorTx(0, pay(c, from.Operator, from.Worker)))
	tx := c.workerTx(0, pay(c, from.Worker, to.Worker))
	c.accept(tx)
	if result := c.next(tx).TxResults[0]; result.Code == 0 {
		t.Error("the same transaction passed again")
	}
}

func TestAnExportedStateGoesOn(t *testing.T) {
	c := newChain(t, 7)
	c.next()
	c.accept(c.operatorTx(0, pay(c, c.made.Members[0].Operator, c.made.Members[1].Worker)))
	c.block(&abci.RequestFinalizeBlock{Misbehavior: equivocationBy(c, 6)})
	before := must(c.app.Export(nil))
	if len(before.Validators) != 6 || before.Height != c.height+1 {
		t.Fatalf("%d validators at height %d", len(before.Validators), before.Height)
	}

	c.app = newApp()
	c.init(before.AppState, before.Height)
	c.next()
	after := must(c.app.Export(nil))
	then, now := modulesOf(t, before.AppState), modulesOf(t, after.AppState)
	if len(then) < 9 {
		t.Errorf("only %d modules were exported", len(then))
	}
	for name, state := range then {
		if !bytes.Equal(state, now[name]) {
			t.Errorf("%s: %s, before %s", name, now[name], state)
		}
	}
}

func modulesOf(t *testing.T, state json.RawMessage) map[string]json.RawMessage {
	t.Helper()
	var modules map[string]json.RawMessage
	if err := json.Unmarshal(state, &modules); err != nil {
		t.Fatal(err)
	}
	return modules
}

// Each service that clients and relayers ask.
func TestServicesAnswer(t *testing.T) {
	c := newChain(t, 4)
	c.next()
	for _, path := range []string{
		"/stateset.members.v1.Query/Members",
		"/stateset.members.v1.Query/MemberSets",
		"/stateset.members.v1.Query/Cluster",
		"/cosmos.auth.v1beta1.Query/Params",
		"/cosmos.auth.v1beta1.Query/Accounts",
		"/cosmos.bank.v1beta1.Query/Params",
		"/cosmos.bank.v1beta1.Query/TotalSupply",
		"/cosmos.consensus.v1.Query/Params",
		"/cosmos.evidence.v1beta1.Query/AllEvidence",
		"/cosmos.gov.v1.Query/Proposals",
		"/cosmos.gov.v1.Query/Constitution",
		"/cosmos.gov.v1beta1.Query/Proposals",
		"/cosmos.staking.v1beta1.Query/Params",
		"/cosmos.upgrade.v1beta1.Query/CurrentPlan",
		"/cosmos.upgrade.v1beta1.Query/ModuleVersions",
		"/cosmos.reflection.v1.ReflectionService/FileDescriptors",
		"/ibc.core.client.v1.Query/ClientParams",
		"/ibc.core.client.v1.Query/ClientStates",
		"/ibc.core.connection.v1.Query/Connections",
		"/ibc.core.connection.v1.Query/ConnectionParams",
		"/ibc.core.channel.v1.Query/Channels",
		"/ibc.applications.transfer.v1.Query/Params",
		"/ibc.applications.interchain_accounts.controller.v1.Query/Params",
		"/ibc.applications.interchain_accounts.host.v1.Query/Params",
	} {
		answer, err := c.app.Query(t.Context(), &abci.RequestQuery{Path: path})
		if err != nil || answer.Code != 0 {
			t.Errorf("%s: %v %s", path, err, answer.GetLog())
		}
	}
}
