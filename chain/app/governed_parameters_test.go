package app_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"

	"stateset.example/chain/x/notary/rules"
	notarytypes "stateset.example/chain/x/notary/types"
)

// govern proposes a message that more than half of the members agree to, and gives what became of
// the proposal, and the block that carried it out.
func (c *chain) govern(message sdk.Msg) (govv1.ProposalStatus, *abci.ResponseFinalizeBlock) {
	c.Helper()
	id := must(c.app.Gov.ProposalID.Peek(c.context()))
	c.propose(message)
	active := must(c.app.Members.ActiveMembers(c.context()))
	for _, member := range active[:len(active)/2+1] {
		i := int(member.Index)
		c.accept(c.operatorTx(i, govv1.NewMsgVote(c.operator(i), id, govv1.OptionYes, "")))
	}
	block := c.endVoting()
	return c.proposal(id).Status, block
}

func (c *chain) mustGovern(message sdk.Msg) *abci.ResponseFinalizeBlock {
	c.Helper()
	status, block := c.govern(message)
	if status != govv1.StatusPassed {
		c.Fatalf("%T: %s", message, status)
	}
	return block
}

func TestGovernanceChangesWhatANotaryAdmits(t *testing.T) {
	c := newNotaryChain(t, 4).withTwin()
	c.next()
	issues := func(prefix string, count int) (requests []notarytypes.Request) {
		for i := range count {
			requests = append(requests, c.request(c.issue(fmt.Sprint(prefix, i), 1)))
		}
		return requests
	}
	gasUsed := func(salt string) int64 { return c.accept(c.batch(issues(salt, 1)...)).TxResults[0].GasUsed }
	c.accept(c.batch(issues("three", 3)...)) // and the worker's key is known from now on
	cheap := gasUsed("cheap")

	params := must(c.app.Notary.Params(c.context()))
	params.BatchMax = 2
	params.Gas.Request += 100_000
	params.RequestGasMax = params.Gas.Request + params.Gas.Signature + params.Gas.State + 10*params.Gas.Output
	c.mustGovern(&notarytypes.MsgUpdateParams{Authority: govAuthority(), Params: params})

	if dearer := gasUsed("dear") - cheap; dearer < 99_000 || dearer > 101_000 {
		t.Errorf("a request costs %d more gas, of 100000", dearer)
	}
	c.accept(c.batch(issues("two", 2)...))
	tooMany := c.batch(issues("too many", 3)...)
	onArrival := must(c.app.CheckTx(&abci.RequestCheckTx{Tx: tooMany})).Log
	inTheBlock := c.next(tooMany).TxResults[0].Log
	for _, log := range []string{onArrival, inTheBlock} {
		if !strings.Contains(log, notarytypes.ErrBatch.Error()) {
			t.Errorf("three requests at once: %q", log)
		}
	}
	if verdict := c.notarise(c.request(c.issue("large", 60)))[0]; !bytes.Contains(verdict, []byte(rules.TooLarge)) {
		t.Errorf("a request of too much computation: %q", verdict)
	}
}

func TestGovernanceKeepsParametersUsable(t *testing.T) {
	c := newNotaryChain(t, 4).withTwin()
	c.next()
	before := must(c.app.Notary.Params(c.context()))
	unusable := before
	unusable.BatchMax = 0
	limits := c.blockLimits(0, -1)
	for _, message := range []sdk.Msg{
		&notarytypes.MsgUpdateParams{Authority: govAuthority(), Params: unusable}, limits,
	} {
		if status, _ := c.govern(message); status != govv1.StatusFailed {
			t.Errorf("%T: %s", message, status)
		}
	}
	if after := must(c.app.Notary.Params(c.context())); after != before {
		t.Errorf("parameters: %v, before %v", after, before)
	}
	c.accept(c.batch(c.request(c.issue("still", 1))))
}

func TestGovernanceLimitsBlocks(t *testing.T) {
	c := newNotaryChain(t, 4).withTwin()
	c.next()
	batch := func(worker int, salt string) []byte { // of more than half a block's gas, as it will be
		var requests []notarytypes.Request
		for i := range 20 {
			requests = append(requests, c.request(c.issue(fmt.Sprint(salt, i), 1)))
		}
		return c.batchBy(worker, requests...)
	}
	if proposed := c.proposed(batch(0, "a"), batch(1, "b")); len(proposed) != 2 {
		t.Errorf("%d of 2 transactions fit without a limit", len(proposed))
	}
	const bytesMax = 1 << 20
	block := c.mustGovern(c.blockLimits(bytesMax, gasLimit))
	if told := block.ConsensusParamUpdates.Block; told.MaxBytes != bytesMax || told.MaxGas != gasLimit {
		t.Errorf("consensus is told of %v", told)
	}
	first, second := batch(0, "c"), batch(1, "d")
	if proposed := c.proposed(first, second); len(proposed) != 1 {
		t.Errorf("%d transactions fit in a block of the gas of one", len(proposed))
	}
	// A member that proposes both nonetheless wins nothing by it.
	results := c.next(first, second).TxResults
	if results[0].Code != 0 || results[1].Code != sdkerrors.ErrOutOfGas.ABCICode() {
		t.Errorf("results: %s, %s", results[0].Log, results[1].Log)
	}
	if found := c.places(c.issue("d0", 1).Transaction().ID()).Places[0]; found.Height != 0 {
		t.Error("what had no room in the block was notarised")
	}
	c.mustGovern(c.blockLimits(bytesMax, gasLimit-1))
	arrived := must(c.app.CheckTx(&abci.RequestCheckTx{Tx: batch(0, "e")}))
	if arrived.Code != sdkerrors.ErrInvalidGasLimit.ABCICode() {
		t.Errorf("a transaction larger than any block: %q", arrived.Log)
	}
}

// blockLimits replaces the limits of a block, and leaves the rest of consensus as it is.
func (c *chain) blockLimits(bytesMax, gasMax int64) *consensustypes.MsgUpdateParams {
	params := must(c.app.Consensus.ParamsStore.Get(c.context()))
	return &consensustypes.MsgUpdateParams{
		Authority: govAuthority(), Evidence: params.Evidence, Validator: params.Validator,
		Block: &cmtproto.BlockParams{MaxBytes: bytesMax, MaxGas: gasMax},
	}
}

// proposed is what this member would put into a block of these transactions.
func (c *chain) proposed(txs ...[]byte) [][]byte {
	c.Helper()
	return must(c.app.PrepareProposal(&abci.RequestPrepareProposal{
		Height: c.height + 1, Time: c.now, Txs: txs, MaxTxBytes: 1 << 20,
	})).Txs
}
