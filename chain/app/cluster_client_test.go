package app_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/gogoproto/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"

	"stateset.example/chain/app"
	"stateset.example/chain/canonical"
	"stateset.example/chain/cmd/notaryd/cluster"
	"stateset.example/chain/ledger"
	memberstypes "stateset.example/chain/x/members/types"
	"stateset.example/chain/x/notary/rules/rulestest"
	notarytypes "stateset.example/chain/x/notary/types"
)

// clusterClient does what operators and workers do with the members of a cluster that runs.
type clusterClient struct {
	*testing.T
	coding  *app.App
	made    cluster.Made
	members []*process
}

// startCluster begins a cluster with some of its homes; those of the others are for members that
// come later.
func startCluster(t *testing.T, binary string, homes, members int) *clusterClient {
	t.Helper()
	plan := notaryPlan(t, homes)
	plan.VotingPeriod, plan.IdleInterval = time.Second, 200*time.Millisecond
	c := &clusterClient{T: t, coding: newApp(), made: must(cluster.Init(newApp(), plan))}
	if members < homes {
		c.leaveOut(plan, members)
	}
	for _, member := range c.made.Members[:members] {
		c.members = append(c.members, startMember(t, binary, member))
	}
	c.members[0].waitForHeight(1)
	return c
}

// leaveOut takes the members from an index on out of the genesis.
func (c *clusterClient) leaveOut(plan cluster.Plan, from int) {
	c.Helper()
	for _, home := range c.made.Members {
		file := filepath.Join(home.Home, "config", "genesis.json")
		genesis := must(genutiltypes.AppGenesisFromFile(file))
		states := modulesOf(c.T, genesis.AppState)
		var state memberstypes.GenesisState
		c.coding.Codec().MustUnmarshalJSON(states[memberstypes.ModuleName], &state)
		state.Members = state.Members[:from]
		states[memberstypes.ModuleName] = c.coding.Codec().MustMarshalJSON(&state)
		genesis.AppState = must(json.Marshal(states))
		check(genesis.SaveAs(file))
		first := memberstypes.NewMemberSet(0, state.Members)
		c.made.Cluster = hex.EncodeToString(memberstypes.ClusterID(state.Network, plan.ChainID, first))
	}
}

func (c *clusterClient) id() canonical.Hash {
	return canonical.Hash(must(hex.DecodeString(c.made.Cluster)))
}

// signer is one of a member's accounts, as the chain knows it now.
func (c *clusterClient) signer(via *process, address, keyFile string) txSigner {
	c.Helper()
	var found authtypes.QueryAccountInfoResponse
	via.mustQuery("/cosmos.auth.v1beta1.Query/AccountInfo", &authtypes.QueryAccountInfoRequest{Address: address}, &found)
	return txSigner{
		key: readKey(c.T, keyFile), account: found.Info.AccountNumber, sequence: found.Info.Sequence,
	}
}

// workerTx is in no order.
func (c *clusterClient) workerTx(via *process, i int, message sdk.Msg) []byte {
	c.Helper()
	member := c.made.Members[i]
	by := []txSigner{c.signer(via, member.Worker, member.WorkerFile)}
	return makeTx(c.coding.TxConfig(), time.Now().Add(5*time.Minute), by, message)
}

// pass proposes messages, and agrees to them in the name of these members. One transaction does
// both, so that the voting cannot end before the last vote, however slow the machine is.
func (c *clusterClient) pass(via *process, id uint64, voters []int, messages ...sdk.Msg) {
	c.Helper()
	var signers []txSigner
	all := []sdk.Msg{proposalOf(c.made.Members[voters[0]].Operator, messages...)}
	for _, i := range voters {
		member := c.made.Members[i]
		signers = append(signers, c.signer(via, member.Operator, member.OperatorFile))
		operator := sdk.MustAccAddressFromBech32(member.Operator)
		all = append(all, govv1.NewMsgVote(operator, id, govv1.OptionYes, ""))
	}
	via.mustCarryOut(makeTx(c.coding.TxConfig(), time.Time{}, signers, all...))
	var found govv1.QueryProposalResponse
	via.waitFor("the end of the voting", func() bool {
		err := via.query("/cosmos.gov.v1.Query/Proposal", &govv1.QueryProposalRequest{ProposalId: id}, &found)
		return err == nil && found.Proposal.Status != govv1.StatusVotingPeriod
	})
	if found.Proposal.Status != govv1.StatusPassed {
		c.Fatalf("proposal %d: %s, %s", id, found.Proposal.Status, found.Proposal.FailedReason)
	}
}

// notarise gives the verdict of a request that m<i>'s worker submits.
func (c *clusterClient) notarise(via *process, i int, draft rulestest.Draft) []byte {
	c.Helper()
	return verdictsOf(via.mustCarryOut(c.batch(via, i, draft)))[0]
}

func (c *clusterClient) batch(via *process, i int, draft rulestest.Draft) []byte {
	c.Helper()
	return c.workerTx(via, i, &notarytypes.MsgNotarise{
		Worker: c.made.Members[i].Worker, Requests: []notarytypes.Request{requestOf(draft, via.places)},
	})
}

func (c *clusterClient) issue(salt string, outputs int) rulestest.Draft {
	return issueAt(c.id(), time.Now(), salt, outputs)
}

func (p *process) places(ids ...canonical.Hash) *notarytypes.QueryPlacesResponse {
	p.Helper()
	asked, found := &notarytypes.QueryPlacesRequest{}, &notarytypes.QueryPlacesResponse{}
	for _, id := range ids {
		asked.Ids = append(asked.Ids, id[:])
	}
	p.mustQuery("/stateset.notary.v1.Query/Places", asked, found)
	return found
}

func (p *process) record(cluster canonical.Hash) clusterRecord {
	p.Helper()
	var sets memberstypes.QueryMemberSetsResponse
	p.mustQuery("/stateset.members.v1.Query/MemberSets", &memberstypes.QueryMemberSetsRequest{}, &sets)
	var tip notarytypes.QueryTipResponse
	p.mustQuery("/stateset.notary.v1.Query/Tip", &notarytypes.QueryTipRequest{}, &tip)
	record := clusterRecord{id: cluster, sets: sets.Sets}
	newest := must(ledger.DecodeBlockHeader(tip.Block.Header)).Height
	for height := uint64(1); height <= newest; height++ {
		var block notarytypes.QueryBlockResponse
		p.mustQuery("/stateset.notary.v1.Query/Block", &notarytypes.QueryBlockRequest{Height: height}, &block)
		record.blocks = append(record.blocks, &block.Block)
	}
	return record
}

// mustCarryOut submits a transaction, which must succeed in a block, and waits until what it did is seen.
func (p *process) mustCarryOut(tx []byte) *abci.ExecTxResult {
	p.Helper()
	from := p.height()
	if answer, err := p.rpc.BroadcastTxSync(p.Context(), tx); err != nil || answer.Code != 0 {
		p.Fatalf("%s refuses a transaction: %v %v", p.Name, err, answer)
	}
	result := p.waitForTx(tx, from+1)
	if result.Code != 0 {
		p.Fatalf("a transaction failed: %s", result.Log)
	}
	return result
}

// waitForTx looks through the blocks from a height on.
func (p *process) waitForTx(tx []byte, height int64) (result *abci.ExecTxResult) {
	p.Helper()
	p.waitFor("a transaction", func() bool {
		for ; result == nil; height++ {
			// The member knows what a block did before it keeps it, and only then tells of it.
			info, err := p.rpc.ABCIInfo(p.Context())
			if err != nil || info.Response.LastBlockHeight < height {
				return false
			}
			block, err := p.rpc.Block(p.Context(), &height)
			if err != nil {
				return false
			}
			results, err := p.rpc.BlockResults(p.Context(), &height)
			if err != nil {
				return false
			}
			for i, found := range block.Block.Txs {
				if bytes.Equal(found, tx) {
					result = results.TxsResults[i]
				}
			}
		}
		return true
	})
	return result
}

func (p *process) mustQuery(path string, asked, answer proto.Message) {
	p.Helper()
	if err := p.query(path, asked, answer); err != nil {
		p.Fatalf("%s: %s", p.Name, err)
	}
}

func (p *process) query(path string, asked, answer proto.Message) error {
	found, err := p.rpc.ABCIQuery(context.Background(), path, must(proto.Marshal(asked)))
	if err != nil {
		return err
	}
	if found.Response.Code != 0 {
		return fmt.Errorf("%s: %s", path, found.Response.Log)
	}
	return proto.Unmarshal(found.Response.Value, answer)
}
