package app_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/canonical"
	"stateset.example/chain/cmd/notaryd/cluster"
	"stateset.example/chain/ledger"
	"stateset.example/chain/x/networkmap/maptest"
	networkmaptypes "stateset.example/chain/x/networkmap/types"
	"stateset.example/chain/x/notary/keeper"
	"stateset.example/chain/x/notary/rules"
	"stateset.example/chain/x/notary/rules/rulestest"
	notarytypes "stateset.example/chain/x/notary/types"
)

var parameters = maptest.Parameters(canonical.Hash{}, 0, 1_000_000)

// newNotaryChain is a chain whose map has parameters, so that it can judge requests.
func newNotaryChain(t *testing.T, members int) *chain {
	t.Helper()
	made, err := cluster.Init(newApp(), notaryPlan(t, members))
	if err != nil {
		t.Fatal(err)
	}
	return startChain(t, made)
}

func notaryPlan(t *testing.T, members int) cluster.Plan {
	t.Helper()
	state := networkmaptypes.DefaultGenesisState()
	state.Network = make([]byte, 32)
	state.Parameters = []networkmaptypes.Parameters{{
		Canonical: parameters, Hash: maptest.ParametersHash(parameters),
		Approval: networkmaptypes.APPROVAL_IN_FORCE,
	}}
	file := filepath.Join(t.TempDir(), "networkmap.json")
	if err := os.WriteFile(file, newApp().Codec().MustMarshalJSON(state), 0o600); err != nil {
		t.Fatal(err)
	}
	return cluster.Plan{
		Dir: t.TempDir(), Members: members, ChainID: chainID, Kind: "non-validating",
		Network: make([]byte, 32), VotingPeriod: votingPeriod,
		ModuleGenesis: map[string]string{networkmaptypes.ModuleName: file},
	}
}

func (c *chain) cluster() canonical.Hash {
	return canonical.Hash(must(c.app.Members.ClusterID(c.context())))
}

var owner = rulestest.Key("owner")

func (c *chain) issue(salt string, outputs int) rulestest.Draft {
	return issueAt(c.cluster(), c.now, salt, outputs)
}

func (c *chain) spend(salt string, inputs ...rulestest.Created) rulestest.Draft {
	return consuming(c.issue(salt, 1), inputs...)
}

// issueAt creates states of the owner, and consuming consumes them.
func issueAt(notary canonical.Hash, now time.Time, salt string, outputs int) rulestest.Draft {
	header := ledger.Header{
		Notary:    notary,
		Authority: rulestest.Holder(rulestest.Public(owner), ledger.Opening{Identity: rulestest.Hash("id")}, 1000),
	}
	draft := rulestest.Draft{
		Notary: notary, Parameters: canonical.Hash(maptest.ParametersHash(parameters)), Salt: salt,
		Window: ledger.TimeWindow{HasUntil: true, Until: uint64(now.Add(time.Hour).UnixMilli())},
	}
	for range outputs {
		draft.Outputs = append(draft.Outputs, header)
	}
	return draft
}

func consuming(draft rulestest.Draft, inputs ...rulestest.Created) rulestest.Draft {
	draft.Inputs, draft.Signers = inputs, []ed25519.PrivateKey{owner}
	return draft
}

// request adds the places of what a draft spends, as the worker does.
func (c *chain) request(draft rulestest.Draft) notarytypes.Request { return requestOf(draft, c.places) }

func requestOf(
	draft rulestest.Draft, places func(...canonical.Hash) *notarytypes.QueryPlacesResponse,
) notarytypes.Request {
	shown := draft.Request()
	request := notarytypes.Request{Shown: shown.Append(nil)}
	for _, input := range draft.Inputs {
		request.Created = append(request.Created, places(input.Ref.TxID).Places[0])
	}
	return request
}

func (c *chain) places(ids ...canonical.Hash) *notarytypes.QueryPlacesResponse {
	asked := &notarytypes.QueryPlacesRequest{}
	for _, id := range ids {
		asked.Ids = append(asked.Ids, id[:])
	}
	return must(keeper.Queries{Keeper: c.app.Notary}.Places(c.context(), asked))
}

// notarise makes a block of one batch, and gives its verdicts.
func (c *chain) notarise(requests ...notarytypes.Request) [][]byte {
	c.Helper()
	return verdictsOf(c.accept(c.batch(requests...)).TxResults[0])
}

func (c *chain) batch(requests ...notarytypes.Request) []byte { return c.batchBy(0, requests...) }

func (c *chain) batchBy(i int, requests ...notarytypes.Request) []byte {
	return c.workerTx(i, &notarytypes.MsgNotarise{Worker: c.made.Members[i].Worker, Requests: requests})
}

func verdictsOf(result *abci.ExecTxResult) [][]byte {
	var data sdk.TxMsgData
	var response notarytypes.MsgNotariseResponse
	check(data.Unmarshal(result.Data))
	check(response.Unmarshal(data.MsgResponses[0].Value))
	return response.Verdicts
}

func TestReplicasNotarise(t *testing.T) {
	one := newNotaryChain(t, 4)
	two := startChain(t, one.made)
	same := func(tx []byte) [][]byte {
		t.Helper()
		// One has seen the batch before its block comes, the other has not.
		if answer := must(one.app.CheckTx(&abci.RequestCheckTx{Tx: tx})); answer.Code != 0 {
			t.Fatal(answer.Log)
		}
		a, b := one.accept(tx), two.accept(tx)
		if !bytes.Equal(a.AppHash, b.AppHash) {
			t.Fatalf("height %d: app hash %x and %x", one.height, a.AppHash, b.AppHash)
		}
		return verdictsOf(a.TxResults[0])
	}
	one.next()
	two.next()
	issued := one.issue("coins", 20)
	same(one.batch(one.request(issued)))
	coins := rulestest.OutputsOf(issued.Transaction())
	var batch []notarytypes.Request
	for i, coin := range coins[:6] {
		batch = append(batch, one.request(one.spend(fmt.Sprint(i), coin)))
	}
	// The same coin again, by other transactions: in this batch, and in the next.
	batch = append(batch, one.request(one.spend("twice", coins[3])))
	verdicts := same(one.batch(batch...))
	for i, verdict := range verdicts[:6] {
		if !bytes.Contains(verdict, []byte("notarised")) {
			t.Errorf("spend %d: %q", i, verdict)
		}
	}
	later := same(one.batch(one.request(one.spend("late", coins[4], coins[12]))))
	for i, verdict := range [][]byte{verdicts[6], later[0]} {
		if !bytes.Contains(verdict, []byte("notary/conflict")) {
			t.Errorf("double spend %d: %q", i, verdict)
		}
	}
}

// What was sealed is found by id, and its header is what receipts rest on.
func TestPlacesLeadToSealedBlocks(t *testing.T) {
	c := newNotaryChain(t, 4)
	c.next()
	drafts := []rulestest.Draft{c.issue("a", 1), c.issue("b", 2), c.issue("c", 1)}
	var requests []notarytypes.Request
	var ids []canonical.Hash
	for _, draft := range drafts {
		requests = append(requests, c.request(draft))
		ids = append(ids, draft.Transaction().ID())
	}
	answer := c.accept(c.batch(requests...))
	header := sealedHeader(c, answer)
	found := c.places(append(ids, canonical.Hash{1})...)
	for i := range ids {
		place := found.Places[i]
		var path []canonical.Hash
		for at := 0; at < len(place.Path); at += 32 {
			path = append(path, canonical.Hash(place.Path[at:]))
		}
		root, ok := canonical.RootFromPath(ledger.BlockLeaf(ids[i]), uint64(place.Index), uint64(place.Size_), path)
		if !ok || root != header.BlockRoot || place.Height != header.Height {
			t.Errorf("%d is not in the block: %+v", i, place)
		}
	}
	if unknown := found.Places[3]; unknown.Height != 0 || found.ChainHeight != c.height {
		t.Errorf("an id that was not notarised has a place: %+v at %d", unknown, found.ChainHeight)
	}
	if found.ChainTime != uint64(c.now.UnixMilli()) {
		t.Errorf("seen up to %d, of %d", found.ChainTime, c.now.UnixMilli())
	}
}

func sealedHeader(c *chain, answer *abci.ResponseFinalizeBlock) ledger.BlockHeader {
	c.Helper()
	for _, event := range answer.Events {
		if event.Type != "stateset.notary.v1.EventBlockSealed" {
			continue
		}
		for _, attribute := range event.Attributes {
			if attribute.Key == "header" {
				var header []byte
				if err := json.Unmarshal([]byte(attribute.Value), &header); err != nil {
					c.Fatal(err)
				}
				return must(ledger.DecodeBlockHeader(header))
			}
		}
	}
	c.Fatal("no block was sealed")
	return ledger.BlockHeader{}
}

func TestStrangersSubmitNothing(t *testing.T) {
	c := newNotaryChain(t, 4)
	c.next()
	request := c.request(c.issue("coins", 1))
	operator := c.made.Members[0].Operator
	tx := c.operatorTx(0, &notarytypes.MsgNotarise{Worker: operator, Requests: []notarytypes.Request{request}})
	for name, answer := range map[string]string{
		"on arrival":   must(c.app.CheckTx(&abci.RequestCheckTx{Tx: tx})).Log,
		"in the block": c.next(tx).TxResults[0].Log,
	} {
		if !strings.Contains(answer, notarytypes.ErrNotAWorker.Error()) {
			t.Errorf("%s: %q", name, answer)
		}
	}
	mixed := c.workerTx(0,
		&notarytypes.MsgNotarise{Worker: c.made.Members[0].Worker, Requests: []notarytypes.Request{request}},
		pay(c, c.made.Members[0].Worker, operator))
	if log := c.next(mixed).TxResults[0].Log; !strings.Contains(log, notarytypes.ErrMixed.Error()) {
		t.Errorf("with another message: %q", log)
	}
}

// A batch whose gas runs out has no effect, whatever of it was judged.
func TestABatchWithoutGasHasNoEffect(t *testing.T) {
	c := newNotaryChain(t, 4)
	c.next()
	var requests []notarytypes.Request
	for i := range 60 { // of 20,000 and more each, where the transaction brings a million
		requests = append(requests, c.request(c.issue(fmt.Sprint(i), 1)))
	}
	if result := c.next(c.batch(requests...)).TxResults[0]; result.Code == 0 {
		t.Fatal("a million was enough")
	}
	if found := c.places(c.issue("0", 1).Transaction().ID()).Places[0]; found.Height != 0 {
		t.Error("one of the batch was notarised")
	}
}

// The rules are those of the vectors; this is that they are asked at all, with the chain's standing.
func TestAnotherClustersTransaction(t *testing.T) {
	c := newNotaryChain(t, 4)
	c.next()
	draft := c.issue("coins", 1)
	draft.Notary = canonical.Hash{9}
	if got := c.notarise(c.request(draft))[0]; !bytes.Contains(got, []byte(rules.WrongNotary)) {
		t.Errorf("got %q", got)
	}
}
