package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/members/types"
)

// setsPerAnswer bounds what one query reads.
const setsPerAnswer = 64

type queryServer struct{ Keeper }

func NewQueryServer(k Keeper) types.QueryServer { return queryServer{k} }

func (q queryServer) Members(ctx context.Context, _ *types.QueryMembersRequest) (*types.QueryMembersResponse, error) {
	members, err := q.Keeper.Members(ctx)
	if err != nil {
		return nil, err
	}
	pending, err := q.Pending(ctx)
	return &types.QueryMembersResponse{Members: members, Pending: pending}, err
}

func (q queryServer) MemberSets(ctx context.Context, request *types.QueryMemberSetsRequest) (*types.QueryMemberSetsResponse, error) {
	sets, err := q.setsFrom(ctx, request.FromEpoch, setsPerAnswer)
	return &types.QueryMemberSetsResponse{Sets: sets}, err
}

func (q queryServer) Cluster(ctx context.Context, _ *types.QueryClusterRequest) (*types.QueryClusterResponse, error) {
	network, err := q.Network(ctx)
	if err != nil {
		return nil, err
	}
	cluster, err := q.ClusterID(ctx)
	return &types.QueryClusterResponse{
		ClusterId: cluster, Network: network, ChainId: sdk.UnwrapSDKContext(ctx).ChainID(),
	}, err
}

// setsFrom are the sets from an epoch on, at most as many as asked for, or all if that is negative.
func (k Keeper) setsFrom(ctx context.Context, from uint64, most int) ([]types.MemberSetRecord, error) {
	current, err := k.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	var sets []types.MemberSetRecord
	for epoch := from; epoch <= current && len(sets) != most; epoch++ {
		record, err := k.Set(ctx, epoch)
		if err != nil {
			return nil, err
		}
		sets = append(sets, record)
	}
	return sets, nil
}
