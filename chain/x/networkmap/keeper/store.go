package keeper

import (
	"context"
	"encoding/binary"

	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/gogoproto/proto"
)

func (k Keeper) get(ctx context.Context, key []byte) ([]byte, error) {
	return k.store.OpenKVStore(ctx).Get(key)
}

func (k Keeper) has(ctx context.Context, key []byte) (bool, error) {
	return k.store.OpenKVStore(ctx).Has(key)
}

func (k Keeper) set(ctx context.Context, key, value []byte) error {
	return k.store.OpenKVStore(ctx).Set(key, value)
}

func (k Keeper) remove(ctx context.Context, key []byte) error {
	return k.store.OpenKVStore(ctx).Delete(key)
}

func (k Keeper) getMessage(ctx context.Context, key []byte, into proto.Message) (found bool, err error) {
	value, err := k.get(ctx, key)
	if err != nil || value == nil {
		return false, err
	}
	return true, proto.Unmarshal(value, into)
}

func (k Keeper) setMessage(ctx context.Context, key []byte, message proto.Message) error {
	value, err := proto.Marshal(message)
	if err != nil {
		return err
	}
	return k.set(ctx, key, value)
}

// getUint is 0 where nothing is kept.
func (k Keeper) getUint(ctx context.Context, key []byte) (uint64, error) {
	value, err := k.get(ctx, key)
	if err != nil || len(value) != 8 {
		return 0, err
	}
	return binary.BigEndian.Uint64(value), nil
}

func (k Keeper) setUint(ctx context.Context, key []byte, value uint64) error {
	return k.set(ctx, key, binary.BigEndian.AppendUint64(nil, value))
}

// each visits what stands under a prefix and behind a key of it, in the order of keys, until the
// visitor has enough. The iterator is not asked for an error: one that came to its end gives one.
func (k Keeper) each(ctx context.Context, prefix, after []byte, visit func(key, value []byte) (more bool, err error)) error {
	start := prefix
	if len(after) > 0 {
		start = append(append([]byte{}, after...), 0)
	}
	iterator, err := k.store.OpenKVStore(ctx).Iterator(start, storetypes.PrefixEndBytes(prefix))
	if err != nil {
		return err
	}
	defer iterator.Close()
	for ; iterator.Valid(); iterator.Next() {
		more, err := visit(iterator.Key(), iterator.Value())
		if err != nil || !more {
			return err
		}
	}
	return nil
}
