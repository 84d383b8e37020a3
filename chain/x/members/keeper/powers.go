package keeper

import (
	"bytes"
	"context"

	abci "github.com/cometbft/cometbft/abci/types"

	"stateset.example/chain/x/members/types"
)

// EndBlock begins an agreed set, and tells consensus who has power now.
func (k Keeper) EndBlock(ctx context.Context) ([]abci.ValidatorUpdate, error) {
	if err := k.settle(ctx); err != nil {
		return nil, err
	}
	return k.powerUpdates(ctx)
}

// powerUpdates is the difference between the active members and what consensus was told.
func (k Keeper) powerUpdates(ctx context.Context) ([]abci.ValidatorUpdate, error) {
	active, err := k.ActiveMembers(ctx)
	if err != nil {
		return nil, err
	}
	var told [][]byte
	err = k.each(ctx, types.PowerPrefix, func(key, _ []byte) error {
		told = append(told, bytes.Clone(key[1:]))
		return nil
	})
	if err != nil {
		return nil, err
	}
	kv := k.store.OpenKVStore(ctx)
	var updates []abci.ValidatorUpdate
	for _, key := range told {
		if !hasConsensusKey(active, key) {
			updates = append(updates, abci.Ed25519ValidatorUpdate(key, 0))
			if err := kv.Delete(types.PowerKey(key)); err != nil {
				return nil, err
			}
		}
	}
	for _, member := range active {
		isTold, err := kv.Has(types.PowerKey(member.ConsensusKey))
		if err != nil {
			return nil, err
		}
		if !isTold {
			updates = append(updates, abci.Ed25519ValidatorUpdate(member.ConsensusKey, 1))
			if err := kv.Set(types.PowerKey(member.ConsensusKey), []byte{1}); err != nil {
				return nil, err
			}
		}
	}
	return updates, nil
}

func hasConsensusKey(members []types.Member, key []byte) bool {
	for _, member := range members {
		if bytes.Equal(member.ConsensusKey, key) {
			return true
		}
	}
	return false
}
