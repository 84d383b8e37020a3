package keeper

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	storetypes "cosmossdk.io/store/types"
	dbm "github.com/cosmos/cosmos-db"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/canonical/vectortest"
	"stateset.example/chain/ledger"
	"stateset.example/chain/x/notary/rules"
	"stateset.example/chain/x/notary/types"
)

var (
	worker    = sdk.AccAddress(bytes.Repeat([]byte{7}, 20))
	authority = sdk.AccAddress(bytes.Repeat([]byte{9}, 20)).String()
)

// row is one of notary.json: a request, what is known of the world, and the verdict.
type row struct {
	Name     string
	Shown    vectortest.Hex
	Standing struct {
		Network, Notary vectortest.Hash
		Parameters      []vectortest.Hash
	}
	View struct {
		BlockTime  int64
		Created    []*int64
		Consumed   []*taken
		UniqueKeys []struct {
			taken
			Encoded vectortest.Hex
		}
		Identities []struct {
			ID  vectortest.Hash
			Key vectortest.Hex
		}
	}
	Expect struct {
		Kind, Stage, Code string
		ID, Leaf          vectortest.Hash
		Fault             vectortest.Hex
		Consumed          []vectortest.Hash
	}
}

type taken struct {
	By vectortest.Hash
	At uint64
}

func rows(t testing.TB) []row {
	var file struct{ Rows []row }
	vectortest.Load(t, "notary.json", &file)
	return file.Rows
}

func rowOf(t testing.TB, name string) row {
	all := rows(t)
	at := slices.IndexFunc(all, func(r row) bool { return r.Name == name })
	if at < 0 {
		t.Fatalf("there is no row %q", name)
	}
	return all[at]
}

// stage is a keeper over stores in memory, in the world that a row describes.
type stage struct {
	t       *testing.T
	ctx     sdk.Context
	keeper  Keeper
	world   *world
	created []types.Place
}

// world stands in for the other modules.
type world struct{ row row }

func (w *world) ClusterID(context.Context) ([32]byte, error) { return w.row.Standing.Notary, nil }

func (w *world) CurrentSet(context.Context) (uint64, [32]byte, error) {
	return 3, [32]byte{1, 2, 3}, nil
}

func (w *world) IsActiveWorker(_ context.Context, account []byte) (bool, error) {
	return bytes.Equal(account, worker), nil
}

func (w *world) Standing(context.Context) (network, current [32]byte, previous *[32]byte, err error) {
	known := w.row.Standing.Parameters
	if len(known) > 1 {
		hash := [32]byte(known[1])
		previous = &hash
	}
	return w.row.Standing.Network, known[0], previous, nil
}

func (w *world) IdentityKey(_ context.Context, id [32]byte) ([]byte, bool, error) {
	for _, identity := range w.row.View.Identities {
		if identity.ID == id {
			return identity.Key, true, nil
		}
	}
	return nil, false, nil
}

func stageOf(t *testing.T, of row) *stage {
	t.Helper()
	key := storetypes.NewKVStoreKey(types.StoreKey)
	transient := storetypes.NewTransientStoreKey(types.TransientStoreKey)
	ctx := testutil.DefaultContextWithDB(t, key, transient).Ctx
	w := &world{of}
	s := &stage{t: t, world: w, ctx: ctx.WithBlockTime(time.UnixMilli(of.View.BlockTime)).WithBlockHeight(100)}
	s.keeper = New(Dependencies{
		Codec:   codec.NewProtoCodec(codectypes.NewInterfaceRegistry()),
		Records: runtime.NewKVStoreService(key), Block: runtime.NewTransientStoreService(transient),
		Members: w, Map: w, Authority: authority, Index: NewIndex(dbm.NewMemDB()),
	})
	must(t, s.keeper.InitGenesis(s.ctx, *types.DefaultGenesis()))
	s.created = make([]types.Place, len(of.View.Created))
	if opened, fault := rules.Open(of.Shown, false); fault == nil {
		s.setUp(slices.Concat(opened.Contents.Inputs, opened.Contents.References))
	}
	for _, unique := range of.View.UniqueKeys {
		s.take(types.UniqueKeyKey(uniqueKeyHash(unique.Encoded)), unique.taken)
	}
	return s
}

// setUp notarises the transactions that created the states, each at its time, and has states
// consumed that the row says are.
func (s *stage) setUp(states []ledger.StateRef) {
	byTime := map[int64][]int{}
	for i, at := range s.world.row.View.Created {
		if at != nil && i < len(states) {
			byTime[*at] = append(byTime[*at], i)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(byTime)) {
		var ids [][32]byte
		for _, i := range byTime[at] {
			if !slices.Contains(ids, states[i].TxID) {
				ids = append(ids, states[i].TxID)
			}
		}
		s.seal(at, ids...)
		for _, i := range byTime[at] {
			s.created[i] = s.place(states[i].TxID)
			if by := s.world.row.View.Consumed[i]; by != nil {
				s.take(types.ConsumedKey(s.created[i].Height, states[i].Consumed()), *by)
			}
		}
	}
}

// seal makes a block of ids that were not judged, and begins the next.
func (s *stage) seal(at int64, ids ...[32]byte) {
	ctx := s.ctx.WithBlockTime(time.UnixMilli(at))
	making, err := s.keeper.makingBlock(ctx)
	must(s.t, err)
	for _, id := range ids {
		_, err := making.append(id)
		must(s.t, err)
	}
	must(s.t, s.keeper.SealBlock(ctx))
	s.nextBlock()
}

// nextBlock forgets what is kept of a block that is being made, and brings the index up.
func (s *stage) nextBlock() {
	making := s.keeper.block.OpenTransientStore(s.ctx)
	records, err := making.Iterator(nil, nil)
	must(s.t, err)
	var keys [][]byte
	for ; records.Valid(); records.Next() {
		keys = append(keys, records.Key())
	}
	must(s.t, records.Close())
	for _, key := range keys {
		must(s.t, making.Delete(key))
	}
	must(s.t, s.keeper.Catch(s.ctx, s.ctx.BlockHeight(), uint64(s.ctx.BlockTime().UnixMilli())))
}

func (s *stage) place(id [32]byte) types.Place {
	asked := &types.QueryPlacesRequest{Ids: [][]byte{id[:]}}
	found, err := Queries{s.keeper}.Places(s.ctx, asked)
	must(s.t, err)
	return found.Places[0]
}

func (s *stage) take(key []byte, by taken) {
	must(s.t, s.keeper.write(s.ctx, key, &types.TakenRecord{By: by.By[:], At: by.At}))
}

// request is the row's, with the places of what it spends.
func (s *stage) request() types.Request {
	return types.Request{Shown: s.world.row.Shown, Created: s.created}
}

func (s *stage) notarise(requests ...types.Request) [][]byte {
	s.t.Helper()
	response, err := s.keeper.Notarise(s.ctx, &types.MsgNotarise{Worker: worker.String(), Requests: requests})
	must(s.t, err)
	return response.Verdicts
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
