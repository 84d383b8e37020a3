package app_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"

	"stateset.example/chain/app"
	"stateset.example/chain/cmd/notaryd/cluster"
	"stateset.example/chain/x/members/types"
)

func TestMoreThanHalfOfAllMembersDecide(t *testing.T) {
	const yes, no, abstain, veto = govv1.OptionYes, govv1.OptionNo, govv1.OptionAbstain, govv1.OptionNoWithVeto
	rows := []struct {
		members int
		votes   []govv1.VoteOption // of m0, m1, …
		passes  bool
	}{
		{7, []govv1.VoteOption{yes, yes, yes, yes}, true},
		{7, []govv1.VoteOption{yes, yes, yes}, false},
		{7, []govv1.VoteOption{yes, yes, yes, abstain, abstain, abstain, abstain}, false},
		{7, []govv1.VoteOption{yes, yes, yes, yes, no, no, no}, true},
		{7, []govv1.VoteOption{yes, yes, yes, yes, veto, veto, veto}, false},
		{7, nil, false},
		{4, []govv1.VoteOption{yes, yes}, false},
		{4, []govv1.VoteOption{yes, yes, yes}, true},
	}
	for _, row := range rows {
		t.Run(fmt.Sprintf("%d/%v", row.members, row.votes), func(t *testing.T) {
			c := newChain(t, row.members)
			c.next()
			c.propose(suspendLast(row.members))
			for i, option := range row.votes {
				c.accept(c.operatorTx(i, govv1.NewMsgVote(c.operator(i), 1, option, "")))
			}
			c.endVoting()
			_, isActive := c.member(row.members - 1)
			if isActive == row.passes {
				t.Errorf("the last member is active: %t; proposal: %s", isActive, c.proposal(1).Status)
			}
		})
	}
}

func TestOthersHaveNoVote(t *testing.T) {
	c := newChain(t, 7)
	c.next()
	worker := c.made.Members[0].Worker
	c.propose(suspendLast(7))
	for i := range 3 {
		c.accept(c.operatorTx(i, govv1.NewMsgVote(c.operator(i), 1, govv1.OptionYes, "")))
	}
	c.accept(c.workerTx(0, govv1.NewMsgVote(sdk.MustAccAddressFromBech32(worker), 1, govv1.OptionYes, "")))
	c.endVoting()
	if _, isActive := c.member(6); !isActive {
		t.Error("the vote of an account that is no operator's counts")
	}
}

// The whole way of a change of members: proposed, voted, signed, in effect.
func TestAMemberIsReplaced(t *testing.T) {
	c := newChain(t, 7)
	c.next()
	spare := newCluster(t, 1).Members[0]
	c.propose(&types.MsgUpdateMembers{
		Authority: govAuthority(), Remove: []uint32{6},
		Add: []types.Member{memberOf(spare, "spare")},
	})
	for i := range 4 {
		c.accept(c.operatorTx(i, govv1.NewMsgVote(c.operator(i), 1, govv1.OptionYes, "")))
	}
	c.endVoting()
	if status := c.proposal(1).Status; status != govv1.StatusPassed {
		t.Fatalf("proposal: %s, %s", status, c.proposal(1).FailedReason)
	}
	for i := range 5 {
		updates := c.accept(c.workerTx(i, c.signatureOf(i))).ValidatorUpdates
		if i < 4 && len(updates) > 0 {
			t.Fatalf("%d signatures changed the validators", i+1)
		}
		if i == 4 {
			expectUpdates(t, updates, map[string]int64{c.made.Members[6].ConsensusKey: 0, spare.ConsensusKey: 1})
		}
	}
	newcomer := sdk.MustAccAddressFromBech32(spare.Worker)
	if c.app.Accounts.GetAccount(c.context(), newcomer) == nil {
		t.Error("the newcomer's worker cannot submit")
	}
}

func TestEquivocationSuspends(t *testing.T) {
	c := newChain(t, 7)
	c.next()
	evidence := equivocationBy(c, 3)
	updates := c.block(&abci.RequestFinalizeBlock{Misbehavior: evidence}).ValidatorUpdates
	expectUpdates(t, updates, map[string]int64{c.made.Members[3].ConsensusKey: 0})
	if _, isActive := c.member(3); isActive {
		t.Error("the member is still active")
	}
	if pending := must(c.app.Members.Pending(c.context())); pending == nil || len(pending.Record.Set.WorkerKeys) != 6 {
		t.Errorf("pending: %v", pending)
	}
	if updates := c.block(&abci.RequestFinalizeBlock{Misbehavior: evidence}).ValidatorUpdates; len(updates) > 0 {
		t.Errorf("the same evidence again changes %d powers", len(updates))
	}
}

func TestTheLastMemberKeepsItsPower(t *testing.T) {
	c := newChain(t, 1)
	c.next()
	if updates := c.block(&abci.RequestFinalizeBlock{Misbehavior: equivocationBy(c, 0)}).ValidatorUpdates; len(updates) > 0 {
		t.Errorf("%d powers change", len(updates))
	}
}

// memberOf is the member that a home is made for.
func memberOf(home cluster.MadeMember, name string) types.Member {
	return types.Member{
		Name: name, Operator: home.Operator,
		ConsensusKey: must(hex.DecodeString(home.ConsensusKey)), WorkerKey: must(hex.DecodeString(home.WorkerKey)),
	}
}

func suspendLast(members int) sdk.Msg {
	return &types.MsgSuspendMember{Authority: govAuthority(), Index: uint32(members - 1), Reason: "test"}
}

func govAuthority() string { return authtypes.NewModuleAddress(govtypes.ModuleName).String() }

func (c *chain) propose(message sdk.Msg) {
	c.Helper()
	c.accept(c.operatorTx(0, proposalOf(c.made.Members[0].Operator, message)))
}

func proposalOf(proposer string, messages ...sdk.Msg) *govv1.MsgSubmitProposal {
	deposit := sdk.NewCoins(sdk.NewInt64Coin(app.FeeDenom, 1_000_000))
	return must(govv1.NewMsgSubmitProposal(messages, deposit, proposer, "", "test", "test", false))
}

// endVoting makes the block that carries out what was decided.
func (c *chain) endVoting() *abci.ResponseFinalizeBlock {
	c.now = c.now.Add(votingPeriod + time.Second)
	return c.next()
}

func (c *chain) proposal(id uint64) govv1.Proposal {
	return must(c.app.Gov.Proposals.Get(c.context(), id))
}

func (c *chain) operator(i int) sdk.AccAddress {
	return sdk.MustAccAddressFromBech32(c.made.Members[i].Operator)
}

func (c *chain) member(i int) (types.Member, bool) {
	for _, member := range must(c.app.Members.Members(c.context())) {
		if member.Index == uint32(i) {
			return member, member.IsActive()
		}
	}
	return types.Member{}, false
}

// signatureOf is the agreement of m<i>'s worker to the pending set.
func (c *chain) signatureOf(i int) *types.MsgSignMemberSet {
	c.Helper()
	pending := must(c.app.Members.Pending(c.context()))
	if pending == nil {
		c.Fatal("nothing is pending")
	}
	payload := pending.Record.Payload(must(c.app.Members.Network(c.context())))
	message := payload.Message()
	signature := must(readKey(c.T, c.made.Members[i].WorkerFile).Sign(message[:]))
	return &types.MsgSignMemberSet{
		Worker: c.made.Members[i].Worker, Epoch: pending.Record.Set.Epoch, Signature: signature,
	}
}

func equivocationBy(c *chain, i int) []abci.Misbehavior {
	member, _ := c.member(i)
	return []abci.Misbehavior{{
		Type: abci.MisbehaviorType_DUPLICATE_VOTE, Height: c.height, Time: c.now, TotalVotingPower: 7,
		Validator: abci.Validator{Address: member.ConsensusAddress(), Power: 1},
	}}
}

func expectUpdates(t *testing.T, found []abci.ValidatorUpdate, expected map[string]int64) {
	t.Helper()
	if len(found) != len(expected) {
		t.Errorf("%d powers change, expected %d", len(found), len(expected))
	}
	for key, power := range expected {
		has := false
		for _, update := range found {
			has = has || bytes.Equal(update.PubKey.GetEd25519(), must(hex.DecodeString(key))) && update.Power == power
		}
		if !has {
			t.Errorf("%s does not have power %d now", key, power)
		}
	}
}
