package keeper

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	storetypes "cosmossdk.io/store/types"

	"stateset.example/chain/ledger"
	"stateset.example/chain/x/notary/types"
)

// Every row of the vectors has its verdict when the world lies in the store instead of being told.
func TestVerdictsOfVectors(t *testing.T) {
	for _, of := range rows(t) {
		t.Run(of.Name, func(t *testing.T) {
			s := stageOf(t, of)
			tip, err := s.keeper.tip(s.ctx)
			must(t, err)
			got := s.notarise(s.request())[0]
			if of.Expect.Kind == "included" {
				want := verdict{height: tip.Height + 1}.encode()
				if !bytes.Equal(got, want) {
					t.Fatalf("got %q, want a place", got)
				}
				return
			}
			if !isFault(got, of) {
				t.Fatalf("got %q, want %s", got, of.Expect.Code)
			}
		})
	}
}

// isFault compares a refusal with that of the row; reasons are words, which each language has its own.
func isFault(got []byte, of row) bool {
	if bytes.Contains(of.Expect.Fault, []byte("reason")) {
		return bytes.Contains(got, []byte(of.Expect.Code))
	}
	return bytes.HasSuffix(got, of.Expect.Fault)
}

func TestAgainIsTheSameSuccess(t *testing.T) {
	s := stageOf(t, rowOf(t, "a one-time key"))
	again := s.notarise(s.request(), s.request())
	if !bytes.Equal(again[0], again[1]) {
		t.Errorf("in one batch: %q, then %q", again[0], again[1])
	}
	must(t, s.keeper.SealBlock(s.ctx))
	s.nextBlock()
	// Without its places, and after its window: it is known by its id.
	later := s.notarise(types.Request{Shown: s.world.row.Shown})[0]
	if !bytes.Equal(later, again[0]) {
		t.Errorf("in a later block: %q, then %q", again[0], later)
	}
}

func TestOneStateIsConsumedOnce(t *testing.T) {
	s := stageOf(t, rowOf(t, "a one-time key"))
	s.notarise(s.request())
	consumed := s.world.row.Expect.Consumed[0]
	key := types.ConsumedKey(s.created[0].Height, consumed)
	var record types.TakenRecord
	found, err := s.keeper.read(s.ctx, key, &record)
	must(t, err)
	leaf := s.world.row.Expect.Leaf
	if !found || !bytes.Equal(record.By, leaf[:]) || record.At != uint64(s.world.row.View.BlockTime) {
		t.Errorf("the record is %v", record)
	}
}

// A place that is not the true one would give a consumed state another key, and let it be spent again.
func TestPlacesThatAreNotTheStates(t *testing.T) {
	lies := map[string]func(*types.Place){
		"another height":        func(p *types.Place) { p.Height++ },
		"no height":             func(p *types.Place) { p.Height = 0 },
		"a height to come":      func(p *types.Place) { p.Height = 1 << 63 },
		"another index":         func(p *types.Place) { p.Index ^= 1 },
		"another size":          func(p *types.Place) { p.Size_++ },
		"size 0":                func(p *types.Place) { p.Size_ = 0 },
		"a changed path":        func(p *types.Place) { p.Path[5] ^= 1 },
		"a path cut off":        func(p *types.Place) { p.Path = p.Path[:32] },
		"a path of odd length":  func(p *types.Place) { p.Path = append(p.Path, 1) },
		"a path without an end": func(p *types.Place) { p.Path = make([]byte, 1<<16) },
	}
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			s := stageOf(t, rowOf(t, "64 inputs of as many transactions"))
			s.seal(s.world.row.View.BlockTime, [32]byte{1}, [32]byte{2}, [32]byte{3})
			request := s.request()
			lie(&request.Created[17])
			if got := s.notarise(request)[0]; !bytes.Contains(got, []byte("notary/header-unproven")) {
				t.Errorf("got %q", got)
			}
		})
	}
	t.Run("too few", func(t *testing.T) {
		s := stageOf(t, rowOf(t, "64 inputs of as many transactions"))
		request := s.request()
		request.Created = request.Created[:63]
		if got := s.notarise(request)[0]; !bytes.Contains(got, []byte("notary/header-unproven")) {
			t.Errorf("got %q", got)
		}
	})
}

func TestBatchesThatAreRefusedWhole(t *testing.T) {
	s := stageOf(t, rowOf(t, "a one-time key"))
	for name, msg := range map[string]*types.MsgNotarise{
		"of nobody":         {Requests: []types.Request{s.request()}},
		"of a stranger":     {Worker: authority, Requests: []types.Request{s.request()}},
		"without a request": {Worker: worker.String()},
		"of too many":       {Worker: worker.String(), Requests: make([]types.Request, 513)},
	} {
		if _, err := s.keeper.Notarise(s.ctx, msg); !errors.Is(err, types.ErrNotAWorker) && !errors.Is(err, types.ErrBatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGovernedLimits(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*types.Params)
		want   string
	}{
		"size":        {func(p *types.Params) { p.RequestBytesMax = 100 }, "request"},
		"computation": {func(p *types.Params) { p.Gas.State = 30_000_000; p.RequestGasMax = 40_000_000 }, "computation"},
	} {
		t.Run(name, func(t *testing.T) {
			s := stageOf(t, rowOf(t, "64 inputs of one transaction"))
			params := types.DefaultParams()
			test.change(&params)
			must(t, s.keeper.setParams(s.ctx, params))
			got := string(s.notarise(s.request())[0])
			if !strings.Contains(got, "notary/too-large") || !strings.Contains(got, test.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestQuotaOfARequester(t *testing.T) {
	first, second := rowOf(t, "an issuance without inputs and signatures"), rowOf(t, "a window without bounds")
	s := stageOf(t, first)
	params := types.DefaultParams()
	params.RequesterQuota = 1
	must(t, s.keeper.setParams(s.ctx, params))
	requester := bytes.Repeat([]byte{4}, 32)
	got := s.notarise(
		types.Request{Shown: first.Shown, Created: s.created, Requester: requester},
		types.Request{Shown: first.Shown, Created: s.created, Requester: requester}, // no other one
		types.Request{Shown: second.Shown, Requester: requester},
		types.Request{Shown: second.Shown, Requester: bytes.Repeat([]byte{5}, 32)},
	)
	if bytes.Contains(got[1], []byte("overloaded")) || !bytes.Contains(got[2], []byte("notary/overloaded")) ||
		bytes.Contains(got[3], []byte("overloaded")) {
		t.Errorf("got %q", got)
	}
}

func TestGasIsThatOfTheSchedule(t *testing.T) {
	s := stageOf(t, rowOf(t, "a one-time key"))
	s.ctx = s.ctx.WithGasMeter(storetypes.NewGasMeter(1 << 40))
	request := s.request()
	s.notarise(request)
	price := types.DefaultParams().Gas
	want := price.Request + price.Byte*uint64(request.Size()) + price.Signature + price.State + price.Output
	if used := s.ctx.GasMeter().GasConsumed(); used != want {
		t.Errorf("used %d, of %d", used, want)
	}
}

func TestSealedBlocks(t *testing.T) {
	s := stageOf(t, rowOf(t, "64 inputs of as many transactions"))
	before, err := s.keeper.tip(s.ctx)
	must(t, err)
	s.notarise(s.request())
	must(t, s.keeper.SealBlock(s.ctx))
	block, err := Queries{s.keeper}.Block(s.ctx, &types.QueryBlockRequest{Height: before.Height + 1})
	must(t, err)
	header, err := ledger.DecodeBlockHeader(block.Block.Header)
	must(t, err)
	id := [32]byte(s.world.row.Expect.ID)
	if header.BlockRoot != ledger.BlockLeaf(id) || !bytes.Equal(block.Ids, id[:]) || header.MemberEpoch != 3 ||
		header.Cluster != s.world.row.Standing.Notary || header.BlockTime != uint64(s.world.row.View.BlockTime) {
		t.Errorf("the header is %+v", header)
	}
	history, err := frontierOf(before)
	must(t, err)
	if header.HistoryRoot != history.Root() {
		t.Error("the history is not that of the blocks before")
	}
	s.nextBlock()
	must(t, s.keeper.SealBlock(s.ctx))
	if tip, _ := s.keeper.tip(s.ctx); tip.Height != before.Height+1 {
		t.Error("a block that notarised nothing was sealed")
	}
}

func TestGenesisRoundTrip(t *testing.T) {
	s := stageOf(t, rowOf(t, "unique keys of two owners"))
	verdict := s.notarise(s.request())[0]
	must(t, s.keeper.SealBlock(s.ctx))
	exported, err := s.keeper.ExportGenesis(s.ctx)
	must(t, err)
	must(t, exported.Validate())

	other := stageOf(t, rowOf(t, "unique keys of two owners"))
	must(t, other.keeper.InitGenesis(other.ctx, *exported))
	again, err := other.keeper.ExportGenesis(other.ctx)
	must(t, err)
	if exported.String() != again.String() {
		t.Error("what was imported is exported otherwise")
	}
	if got := other.notarise(s.request())[0]; !bytes.Equal(got, verdict) {
		t.Errorf("got %q, then %q", verdict, got)
	}
}

// The requester is kept with the id, and a key of the block's quota is made of it, which a store
// does not take in any length.
func TestARequesterIsAnIdentityOrNobody(t *testing.T) {
	s := stageOf(t, rowOf(t, "an issuance without inputs and signatures"))
	for _, size := range []int{1, 31, 33, 1 << 17} {
		request := s.request()
		request.Requester = make([]byte, size)
		if got := s.notarise(request)[0]; !bytes.Contains(got, []byte("notary/malformed")) {
			t.Errorf("%d bytes: %q", size, got)
		}
	}
}
