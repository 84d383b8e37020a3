package keeper_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/cosmos/gogoproto/proto"

	"stateset.example/chain/x/members/keeper"
	"stateset.example/chain/x/members/types"
)

// exported is a cluster in its second epoch, with one member suspended and a change under way.
func exported(t *testing.T) *types.GenesisState {
	f := newFixture(t, 7)
	if err := f.decide(replaceOne()); err != nil {
		t.Fatal(err)
	}
	f.handOver(0, 1, 2, 3, 4)
	if err := f.keeper.Suspend(f.ctx, 2, "test"); err != nil {
		t.Fatal(err)
	}
	f.endBlock()
	if err := f.sign(0); err != nil {
		t.Fatal(err)
	}
	return must(f.keeper.ExportGenesis(f.ctx))
}

func TestAnExportedClusterGoesOn(t *testing.T) {
	before := exported(t)
	f := emptyFixture(t)
	updates, err := f.keeper.InitGenesis(f.ctx, *before)
	if err != nil {
		t.Fatal(err)
	}
	if len(updates) != 6 {
		t.Errorf("%d members have power, expected 6", len(updates))
	}
	if after := must(f.keeper.ExportGenesis(f.ctx)); !reflect.DeepEqual(after, before) {
		t.Errorf("exported again: %v", after)
	}
	f.handOver(1, 3, 4, 5)
	f.expectEpoch(2)
}

func TestGenesisThatDoesNotHold(t *testing.T) {
	fresh := genesisOf(4)
	rows := []struct {
		name     string
		base     *types.GenesisState
		change   func(*types.GenesisState)
		expected error
	}{
		{"a new cluster", &fresh, func(*types.GenesisState) {}, nil},
		{"a cluster that goes on", exported(t), func(*types.GenesisState) {}, nil},
		{"no network", &fresh, func(g *types.GenesisState) { g.Network.NetworkId = nil }, types.ErrInvalidGenesis},
		{"no kind", &fresh, func(g *types.GenesisState) { g.Network.Kind = "" }, types.ErrInvalidGenesis},
		{"no members", &fresh, func(g *types.GenesisState) { g.Members = nil }, types.ErrOutOfBounds},
		{"out of order", &fresh, func(g *types.GenesisState) { g.Members[1].Index = 0 }, types.ErrInvalidMember},
		{"no status", &fresh, func(g *types.GenesisState) { g.Members[1].Status = 0 }, types.ErrInvalidMember},
		{"a short key", &fresh, func(g *types.GenesisState) { g.Members[1].WorkerKey = []byte{1} }, types.ErrInvalidMember},
		{"one operator twice", &fresh, func(g *types.GenesisState) { g.Members[1].Operator = g.Members[0].Operator }, types.ErrInvalidMember},
		{"suspended from the start", &fresh, func(g *types.GenesisState) { g.Members[1].Status = types.Status_STATUS_SUSPENDED }, types.ErrInvalidGenesis},
		{"an id of its own", &fresh, func(g *types.GenesisState) { g.ClusterId = make([]byte, 32) }, types.ErrInvalidGenesis},
		{"validating", &fresh, func(g *types.GenesisState) { g.Network.Kind = types.KindValidating }, types.ErrInvalidGenesis},
		{"an index given again", exported(t), func(g *types.GenesisState) { g.NextIndex = 7 }, types.ErrInvalidGenesis},
		{"another cluster", exported(t), func(g *types.GenesisState) { g.ClusterId[0] ^= 1 }, types.ErrInvalidGenesis},
		{"an epoch left out", exported(t), func(g *types.GenesisState) { g.Sets = g.Sets[1:] }, types.ErrInvalidGenesis},
		{"a set without quorum", exported(t), func(g *types.GenesisState) { g.Sets[1].Signatures = g.Sets[1].Signatures[1:] }, types.ErrInvalidGenesis},
		{"a signature that does not hold", exported(t), func(g *types.GenesisState) { g.Sets[1].Signatures[0].Signature[40] ^= 1 }, types.ErrInvalidGenesis},
		{"one signature twice", exported(t), func(g *types.GenesisState) { g.Sets[1].Signatures[0] = g.Sets[1].Signatures[1] }, types.ErrInvalidGenesis},
		{"another quorum", exported(t), func(g *types.GenesisState) { g.Sets[0].Set.Quorum = 4 }, types.ErrInvalidGenesis},
		{"a pending set of others", exported(t), func(g *types.GenesisState) { g.Pending.Members = g.Pending.Members[1:] }, types.ErrInvalidGenesis},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			genesis := proto.Clone(row.base).(*types.GenesisState)
			row.change(genesis)
			f := emptyFixture(t)
			if _, err := f.keeper.InitGenesis(f.ctx, *genesis); !errors.Is(err, row.expected) {
				t.Errorf("found %v, expected %v", err, row.expected)
			}
		})
	}
}

func TestQueries(t *testing.T) {
	f := newFixture(t, 7)
	if err := f.decide(replaceOne()); err != nil {
		t.Fatal(err)
	}
	server := keeper.NewQueryServer(f.keeper)
	if found := must(server.Members(f.ctx, &types.QueryMembersRequest{})); len(found.Members) != 7 || found.Pending == nil {
		t.Errorf("%d members, pending %v", len(found.Members), found.Pending)
	}
	f.handOver(0, 1, 2, 3, 4)
	rows := []struct{ from, sets uint64 }{{0, 2}, {1, 1}, {2, 0}, {1 << 63, 0}}
	for _, row := range rows {
		found := must(server.MemberSets(f.ctx, &types.QueryMemberSetsRequest{FromEpoch: row.from}))
		if uint64(len(found.Sets)) != row.sets {
			t.Errorf("%d sets from epoch %d on, expected %d", len(found.Sets), row.from, row.sets)
		}
	}
	cluster := must(server.Cluster(f.ctx, &types.QueryClusterRequest{}))
	if cluster.ChainId != chainID || len(cluster.ClusterId) != 32 {
		t.Errorf("cluster: %v", cluster)
	}
}
