package keeper

import (
	"context"

	"stateset.example/chain/ledger"
	"stateset.example/chain/x/notary/types"
)

// Queries answers questions; it changes nothing.
type Queries struct{ Keeper }

var _ types.QueryServer = Queries{}

func (q Queries) Params(ctx context.Context, _ *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	params, err := q.Keeper.Params(ctx)
	return &types.QueryParamsResponse{Params: params}, err
}

func (q Queries) Tip(ctx context.Context, _ *types.QueryTipRequest) (*types.QueryTipResponse, error) {
	tip, err := q.tip(ctx)
	if err != nil {
		return nil, err
	}
	seen := q.index.newest()
	response := &types.QueryTipResponse{ChainHeight: seen.ChainHeight, ChainTime: seen.ChainTime}
	if tip.Height == 0 {
		return response, nil
	}
	response.Block, err = q.sealed(ctx, tip.Height)
	return response, err
}

func (q Queries) Block(ctx context.Context, asked *types.QueryBlockRequest) (*types.QueryBlockResponse, error) {
	block, err := q.sealed(ctx, asked.Height)
	if err != nil {
		return nil, err
	}
	ids, err := q.records.OpenKVStore(ctx).Get(types.BlockIDsKey(asked.Height))
	return &types.QueryBlockResponse{Block: *block, Ids: ids}, err
}

func (q Queries) Consumed(ctx context.Context, asked *types.QueryConsumedRequest) (*types.QueryConsumedResponse, error) {
	if len(asked.TxId) != 32 || asked.Index > 0xffff {
		return nil, types.ErrBadQuery.Wrap("a state is an id of 32 bytes and an index of two")
	}
	ref := ledger.StateRef{TxID: [32]byte(asked.TxId), Index: uint16(asked.Index)}
	taken, err := q.takenAt(ctx, types.ConsumedKey(asked.CreatedHeight, ref.Consumed()))
	return &types.QueryConsumedResponse{Taken: taken}, err
}

func (q Queries) UniqueKey(ctx context.Context, asked *types.QueryUniqueKeyRequest) (*types.QueryUniqueKeyResponse, error) {
	taken, err := q.takenAt(ctx, types.UniqueKeyKey(uniqueKeyHash(asked.Key)))
	return &types.QueryUniqueKeyResponse{Taken: taken}, err
}

func (q Queries) takenAt(ctx context.Context, key []byte) (*types.TakenRecord, error) {
	var taken types.TakenRecord
	isTaken, err := q.read(ctx, key, &taken)
	if err != nil || !isTaken {
		return nil, err
	}
	return &taken, nil
}

func (q Queries) sealed(ctx context.Context, height uint64) (*types.SealedBlock, error) {
	var block types.SealedBlock
	isThere, err := q.read(ctx, types.BlockKey(height), &block)
	if err == nil && !isThere {
		err = types.ErrUnknownBlock.Wrapf("%d", height)
	}
	return &block, err
}
