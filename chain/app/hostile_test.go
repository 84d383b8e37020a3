package app_test

import (
	"bytes"
	"fmt"
	"math/rand"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"

	"stateset.example/chain/x/notary/rules/rulestest"
	notarytypes "stateset.example/chain/x/notary/types"
)

// hostile are requests as strangers and lying workers may make them of a good one.
func hostile(good notarytypes.Request) []notarytypes.Request {
	random := rand.New(rand.NewSource(7))
	requests := []notarytypes.Request{
		{}, {Shown: []byte{0xa3}}, {Shown: bytes.Repeat([]byte{0x81}, 1<<10)}, {Shown: make([]byte, 1<<14)},
		{Shown: good.Shown, Created: []notarytypes.Place{{Height: 1, Size_: 1<<32 - 1, Path: make([]byte, 40*32)}}},
		{Shown: good.Shown, Created: make([]notarytypes.Place, 1000)},
		{Shown: good.Shown, Created: good.Created, Requester: make([]byte, 1<<14)},
	}
	for i := range 200 {
		shown := bytes.Clone(good.Shown)
		switch at := random.Intn(len(shown)); i % 3 {
		case 0:
			shown[at] ^= byte(1 << random.Intn(8))
		case 1:
			shown = shown[:at]
		default:
			shown = append(shown[:at:at], shown[min(at+1+random.Intn(64), len(shown)):]...)
		}
		requests = append(requests, notarytypes.Request{Shown: shown, Created: good.Created})
	}
	return requests
}

// One request of a stranger must not be able to fail the batch that a worker put it into.
func TestHostileRequestsFailAlone(t *testing.T) {
	c := newNotaryChain(t, 4)
	c.next()
	issued := c.issue("coins", 2)
	c.notarise(c.request(issued))
	coins := rulestest.OutputsOf(issued.Transaction())
	good := c.request(c.spend("good", coins[0]))
	for i, request := range hostile(c.request(c.spend("bad", coins[1]))) {
		answer := c.next(c.batch(c.request(c.issue(fmt.Sprint(i), 1)), request)).TxResults[0]
		if answer.Code != 0 {
			t.Fatalf("request %d failed its batch: %s", i, answer.Log)
		}
		if first := verdictsOf(answer)[0]; !bytes.Contains(first, []byte("notarised")) {
			t.Fatalf("beside request %d: %q", i, first)
		}
	}
	if verdict := c.notarise(good)[0]; !bytes.Contains(verdict, []byte("notarised")) {
		t.Errorf("after all of them: %q", verdict)
	}
}

// Code, data and gas of each transaction go into the next block's header. They may not depend on what
// a member has in memory: what it saw before the block, and what a start made it forget.
func TestResultsDoNotDependOnMemory(t *testing.T) {
	seen := newNotaryChain(t, 4)
	unseen := startChain(t, seen.made)
	forgetful := &kept{startChain(t, seen.made), t.TempDir(), dbm.NewMemDB()}
	forgetful.start()
	forgetful.init(forgetful.genesis.AppState, 1)
	t.Cleanup(func() { _ = forgetful.app.Close() })

	same := func(txs ...[]byte) {
		t.Helper()
		for _, tx := range txs {
			must(seen.app.CheckTx(&abci.RequestCheckTx{Tx: tx}))
		}
		one, two := seen.next(txs...), unseen.next(txs...)
		if forgetful.height > 0 { // a genesis is no block
			forgetful.restart()
		}
		three := forgetful.next(txs...)
		for i, result := range one.TxResults {
			for _, other := range []*abci.ExecTxResult{two.TxResults[i], three.TxResults[i]} {
				isSame := result.Code == other.Code && bytes.Equal(result.Data, other.Data) &&
					result.GasUsed == other.GasUsed && result.GasWanted == other.GasWanted
				if !isSame {
					t.Fatalf("height %d: %v, and %v", seen.height, result, other)
				}
			}
		}
		if !bytes.Equal(one.AppHash, two.AppHash) || !bytes.Equal(one.AppHash, three.AppHash) {
			t.Fatalf("height %d: app hashes %x, %x, %x", seen.height, one.AppHash, two.AppHash, three.AppHash)
		}
	}
	same()
	issued := seen.issue("coins", 4)
	same(seen.batch(seen.request(issued)))
	coins := rulestest.OutputsOf(issued.Transaction())
	good := seen.request(seen.spend("good", coins[0]))
	all := append(hostile(seen.request(seen.spend("bad", coins[1]))), good, good)
	for start := 0; start < len(all); start += 20 {
		same(seen.batch(all[start:min(start+20, len(all))]...))
	}
	same(seen.batch(seen.request(seen.spend("twice", coins[0]))), seen.batch(good))
}
