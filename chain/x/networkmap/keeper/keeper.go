// Package keeper keeps the network map: identities, and the versions of the network's parameters.
package keeper

import (
	"context"

	"cosmossdk.io/core/store"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/canonical"
	"stateset.example/chain/x/networkmap/types"
)

// Keeper is the one place that reads and changes the map.
type Keeper struct {
	store store.KVStoreService
	// authority is the account (bech32) whose messages are proposals that passed.
	authority string
}

func NewKeeper(store store.KVStoreService, authority string) Keeper {
	return Keeper{store: store, authority: authority}
}

// IdentityKey is the key tree, in canonical bytes, that counts for an identity now. It is not found
// where the identity is unknown, suspended or revoked.
func (k Keeper) IdentityKey(ctx context.Context, identity [32]byte) (key []byte, found bool, err error) {
	key, err = k.get(ctx, types.ActiveKey(identity[:]))
	return key, key != nil, err
}

// Standing is the network, and the parameters that transactions may be made under: those in force,
// and those of one epoch before, if there are any.
func (k Keeper) Standing(ctx context.Context) (network, current [32]byte, previous *[32]byte, err error) {
	if network, err = k.network(ctx); err != nil {
		return
	}
	_, hash, err := k.current(ctx)
	if err != nil {
		return
	}
	if hash == nil {
		err = types.ErrNoParameters
		return
	}
	copy(current[:], hash)
	before, err := k.get(ctx, types.PreviousKey)
	if err != nil || before == nil {
		return
	}
	previous = new([32]byte)
	copy(previous[:], before)
	return
}

// Serial is the number of the map's version: one more with each change.
func (k Keeper) Serial(ctx context.Context) (uint64, error) { return k.getUint(ctx, types.SerialKey) }

func (k Keeper) network(ctx context.Context) (canonical.Hash, error) {
	network, err := k.get(ctx, types.NetworkKey)
	if err != nil {
		return canonical.Hash{}, err
	}
	return types.ParseHash(network)
}

// nextSerial begins a version of the map.
func (k Keeper) nextSerial(ctx context.Context) (uint64, error) {
	serial, err := k.Serial(ctx)
	if err != nil {
		return 0, err
	}
	return serial + 1, k.setUint(ctx, types.SerialKey, serial+1)
}

// tell ends a change: whoever follows the map hears of it.
func (k Keeper) tell(ctx context.Context, change types.EventMapChanged) error {
	return sdk.UnwrapSDKContext(ctx).EventManager().EmitTypedEvent(&change)
}

// tellNext is tell for a change that no identity's entry shows.
func (k Keeper) tellNext(ctx context.Context, change types.EventMapChanged) (err error) {
	if change.Serial, err = k.nextSerial(ctx); err != nil {
		return err
	}
	return k.tell(ctx, change)
}
