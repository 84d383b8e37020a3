package keeper_test

import (
	"bytes"
	"errors"
	"testing"

	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/canonical"
	"stateset.example/chain/x/networkmap/keeper"
	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

const noticeBlocks = 10

var (
	authority = account("authority")
	registrar = account("registrar")
	stranger  = account("stranger")

	root        = maptest.NewSigner("root")
	rootContent = maptest.Authority("Root")
)

// networkMap is a map with its chain, which is a context.
type networkMap struct {
	*testing.T
	ctx     sdk.Context
	keeper  keeper.Keeper
	msgs    types.MsgServer
	queries types.QueryServer
	network canonical.Hash
	genesis types.GenesisState
}

// newMap is one of a network with a root certificate, first parameters and a registrar.
func newMap(t *testing.T) *networkMap {
	t.Helper()
	networkGenesis := maptest.NetworkGenesis("test", maptest.Issue(t, rootContent, rootContent, root, root))
	network := maptest.NetworkOf(networkGenesis)
	first := maptest.Parameters(network, 0, 1)
	return mapOf(t, types.GenesisState{
		Registrars: []string{registrar}, Network: network[:], NetworkGenesis: networkGenesis,
		NoticeBlocks: noticeBlocks,
		Parameters: []types.Parameters{{
			Canonical: first, Hash: maptest.ParametersHash(first), Approval: types.APPROVAL_IN_FORCE,
		}},
	})
}

func mapOf(t *testing.T, genesis types.GenesisState) *networkMap {
	t.Helper()
	store := storetypes.NewKVStoreKey(types.StoreKey)
	chain := testutil.DefaultContextWithDB(t, store, storetypes.NewTransientStoreKey("transient"))
	k := keeper.NewKeeper(runtime.NewKVStoreService(store), authority)
	m := &networkMap{
		T: t, ctx: chain.Ctx.WithBlockHeight(100).WithBlockTime(maptest.Now), keeper: k,
		msgs: keeper.NewMsgServer(k), queries: keeper.NewQueryServer(k), genesis: genesis,
	}
	copy(m.network[:], genesis.Network)
	if err := k.InitGenesis(m.ctx, genesis); err != nil {
		t.Fatal(err)
	}
	return m
}

func account(name string) string {
	return sdk.AccAddress(bytes.Repeat([]byte(name[:4]), 5)).String()
}

// register admits a company and returns its id.
func (m *networkMap) register(organisation string, key []byte) []byte {
	m.Helper()
	answer, err := m.msgs.RegisterIdentity(m.ctx, &types.MsgRegisterIdentity{
		Registrar: registrar, Registration: maptest.Registration(m.network, nameOf(organisation), "", key),
	})
	if err != nil {
		m.Fatal(err)
	}
	return answer.Id
}

func (m *networkMap) identity(id []byte) types.Identity {
	m.Helper()
	identity, err := m.keeper.Identity(m.ctx, id)
	if err != nil {
		m.Fatal(err)
	}
	return identity
}

func (m *networkMap) setStatus(id []byte, status types.Status) error {
	_, err := m.msgs.SetStatus(m.ctx, &types.MsgSetStatus{Registrar: registrar, Id: id, Status: status, Reason: "a test"})
	return err
}

// attempt does something as a transaction does: what is refused leaves nothing behind. It checks
// that exactly one version of the map is told of, or none.
func (m *networkMap) attempt(wanted error, do func() error) {
	m.Helper()
	before, outer := m.serial(), m.ctx
	inner, write := outer.CacheContext()
	m.ctx = inner.WithEventManager(sdk.NewEventManager())
	err := do()
	events := m.ctx.EventManager().Events()
	m.ctx = outer
	if !errors.Is(err, wanted) {
		m.Fatalf("%v instead of %v", err, wanted)
	}
	if wanted != nil {
		return
	}
	write()
	if len(events) != 1 || events[0].Type != "stateset.networkmap.v1.EventMapChanged" {
		m.Fatalf("events %v", events)
	}
	if after := m.serial(); after != before+1 {
		m.Fatalf("serial %d follows %d", after, before)
	}
}

func (m *networkMap) do(do func() error) {
	m.Helper()
	m.attempt(nil, do)
}

func (m *networkMap) serial() uint64 {
	m.Helper()
	serial, err := m.keeper.Serial(m.ctx)
	if err != nil {
		m.Fatal(err)
	}
	return serial
}

// counts tells whether a key is the one that counts for an identity; nil for none.
func (m *networkMap) counts(id, key []byte) {
	m.Helper()
	found, isThere, err := m.keeper.IdentityKey(m.ctx, canonical.Hash(id))
	if err != nil || isThere != (key != nil) || !bytes.Equal(found, key) {
		m.Fatalf("key %x, %t, %v instead of %x", found, isThere, err, key)
	}
}

func (m *networkMap) export() *types.GenesisState {
	m.Helper()
	genesis, err := m.keeper.ExportGenesis(m.ctx)
	if err != nil {
		m.Fatal(err)
	}
	return genesis
}

func nameOf(organisation string) string { return "O=" + organisation + ",C=CH" }
