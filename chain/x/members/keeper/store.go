package keeper

import (
	"context"
	"encoding/binary"

	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/gogoproto/proto"

	"stateset.example/chain/x/members/types"
)

// Members are all there are, suspended ones included, in the order of their indices.
func (k Keeper) Members(ctx context.Context) ([]types.Member, error) {
	var members []types.Member
	err := k.each(ctx, types.MemberPrefix, func(_, value []byte) error {
		var member types.Member
		if err := proto.Unmarshal(value, &member); err != nil {
			return err
		}
		members = append(members, member)
		return nil
	})
	return members, err
}

// replaceMembers makes these all there are.
func (k Keeper) replaceMembers(ctx context.Context, members []types.Member) error {
	before, err := k.Members(ctx)
	if err != nil {
		return err
	}
	for _, member := range before {
		if err := k.store.OpenKVStore(ctx).Delete(types.MemberKey(member.Index)); err != nil {
			return err
		}
	}
	for _, member := range members {
		if err := k.set(ctx, types.MemberKey(member.Index), &member); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) Network(ctx context.Context) (types.Network, error) {
	var network types.Network
	_, err := k.get(ctx, types.NetworkKey, &network)
	return network, err
}

func (k Keeper) ClusterID(ctx context.Context) ([]byte, error) {
	return k.store.OpenKVStore(ctx).Get(types.ClusterKey)
}

func (k Keeper) Epoch(ctx context.Context) (uint64, error) {
	return k.getUint(ctx, types.EpochKey)
}

// Set is the record of an epoch, empty where there is none.
func (k Keeper) Set(ctx context.Context, epoch uint64) (types.MemberSetRecord, error) {
	var record types.MemberSetRecord
	_, err := k.get(ctx, types.SetKey(epoch), &record)
	return record, err
}

// begin makes a record that of the current epoch.
func (k Keeper) begin(ctx context.Context, record types.MemberSetRecord) error {
	if err := k.set(ctx, types.SetKey(record.Set.Epoch), &record); err != nil {
		return err
	}
	return k.setUint(ctx, types.EpochKey, record.Set.Epoch)
}

// Pending is the change that waits for signatures, or nil.
func (k Keeper) Pending(ctx context.Context) (*types.PendingSet, error) {
	var pending types.PendingSet
	found, err := k.get(ctx, types.PendingKey, &pending)
	if err != nil || !found {
		return nil, err
	}
	return &pending, nil
}

func (k Keeper) setPending(ctx context.Context, pending types.PendingSet) error {
	return k.set(ctx, types.PendingKey, &pending)
}

func (k Keeper) each(ctx context.Context, prefix []byte, visit func(key, value []byte) error) error {
	iterator, err := k.store.OpenKVStore(ctx).Iterator(prefix, storetypes.PrefixEndBytes(prefix))
	if err != nil {
		return err
	}
	defer iterator.Close()
	for ; iterator.Valid(); iterator.Next() {
		if err := visit(iterator.Key(), iterator.Value()); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) get(ctx context.Context, key []byte, into proto.Message) (bool, error) {
	value, err := k.store.OpenKVStore(ctx).Get(key)
	if err != nil || value == nil {
		return false, err
	}
	return true, proto.Unmarshal(value, into)
}

func (k Keeper) set(ctx context.Context, key []byte, message proto.Message) error {
	value, err := proto.Marshal(message)
	if err != nil {
		return err
	}
	return k.store.OpenKVStore(ctx).Set(key, value)
}

func (k Keeper) getUint(ctx context.Context, key []byte) (uint64, error) {
	value, err := k.store.OpenKVStore(ctx).Get(key)
	if err != nil || len(value) != 8 {
		return 0, err
	}
	return binary.BigEndian.Uint64(value), nil
}

func (k Keeper) setUint(ctx context.Context, key []byte, value uint64) error {
	return k.store.OpenKVStore(ctx).Set(key, binary.BigEndian.AppendUint64(nil, value))
}
