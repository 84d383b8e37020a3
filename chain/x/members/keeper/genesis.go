package keeper

import (
	"context"

	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/members/types"
)

// InitGenesis begins a cluster, or goes on with one that was exported.
func (k Keeper) InitGenesis(ctx sdk.Context, genesis types.GenesisState) ([]abci.ValidatorUpdate, error) {
	if err := genesis.Validate(); err != nil {
		return nil, err
	}
	cluster, sets := genesis.ClusterId, genesis.Sets
	if len(sets) == 0 {
		first := types.NewMemberSet(0, genesis.Members)
		cluster = types.ClusterID(genesis.Network, ctx.ChainID(), first)
		sets = []types.MemberSetRecord{types.NewMemberSetRecord(cluster, first)}
	}
	if err := k.set(ctx, types.NetworkKey, &genesis.Network); err != nil {
		return nil, err
	}
	if err := k.store.OpenKVStore(ctx).Set(types.ClusterKey, cluster); err != nil {
		return nil, err
	}
	for _, record := range sets {
		if err := k.begin(ctx, record); err != nil {
			return nil, err
		}
	}
	if err := k.initMembers(ctx, genesis); err != nil {
		return nil, err
	}
	return k.powerUpdates(ctx)
}

func (k Keeper) initMembers(ctx context.Context, genesis types.GenesisState) error {
	next := uint64(genesis.NextIndex)
	if next == 0 {
		next = uint64(genesis.Members[len(genesis.Members)-1].Index) + 1
	}
	if err := k.setUint(ctx, types.NextIndexKey, next); err != nil {
		return err
	}
	if genesis.Pending != nil {
		if err := k.setPending(ctx, *genesis.Pending); err != nil {
			return err
		}
	}
	if err := k.openAccounts(ctx, genesis.Members); err != nil {
		return err
	}
	return k.replaceMembers(ctx, genesis.Members)
}

// ExportGenesis is what InitGenesis goes on from.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	network, err := k.Network(ctx)
	if err != nil {
		return nil, err
	}
	members, err := k.Members(ctx)
	if err != nil {
		return nil, err
	}
	sets, err := k.setsFrom(ctx, 0, -1)
	if err != nil {
		return nil, err
	}
	pending, err := k.Pending(ctx)
	if err != nil {
		return nil, err
	}
	cluster, err := k.ClusterID(ctx)
	if err != nil {
		return nil, err
	}
	next, err := k.nextIndex(ctx)
	return &types.GenesisState{
		Network: network, Members: members, Sets: sets, Pending: pending,
		ClusterId: cluster, NextIndex: uint32(next),
	}, err
}
