// Package keeper is the notary's state: what was notarised, consumed and taken, and the blocks that
// members sign.
package keeper

import (
	"context"
	"crypto/sha256"

	"cosmossdk.io/core/store"

	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/notary/types"
)

// Keeper judges requests and seals blocks.
type Keeper struct {
	cdc          codec.BinaryCodec
	records      store.KVStoreService
	block        store.TransientStoreService
	members      types.Members
	networkMap   types.Map
	authority    string
	examinations *examinations
	headers      *headers
	index        *Index
}

// Dependencies of a keeper.
type Dependencies struct {
	Codec   codec.BinaryCodec
	Records store.KVStoreService
	// Block holds what is known of the block that is being made.
	Block   store.TransientStoreService
	Members types.Members
	Map     types.Map
	// Authority is the account (bech32) whose messages are proposals that passed.
	Authority string
	// Index finds notarised ids; see Index.
	Index *Index
}

// New makes the keeper of the module's stores.
func New(of Dependencies) Keeper {
	return Keeper{
		cdc: of.Codec, records: of.Records, block: of.Block,
		members: of.Members, networkMap: of.Map, authority: of.Authority,
		examinations: newExaminations(), headers: newHeaders(), index: of.Index,
	}
}

// Close ends the index.
func (k Keeper) Close() error { return k.index.Close() }

// unmetered is the context under which records are read and written: a request costs what the gas
// schedule says, whatever the store does for it.
func unmetered(ctx context.Context) sdk.Context {
	free := storetypes.GasConfig{}
	return sdk.UnwrapSDKContext(ctx).WithKVGasConfig(free).WithTransientKVGasConfig(free)
}

// Params are those that governance decided on last.
func (k Keeper) Params(ctx context.Context) (types.Params, error) {
	var params types.Params
	found, err := k.read(ctx, types.ParamsKey(), &params)
	if err == nil && !found {
		params = types.DefaultParams()
	}
	return params, err
}

func (k Keeper) setParams(ctx context.Context, params types.Params) error {
	return k.write(ctx, types.ParamsKey(), &params)
}

func (k Keeper) tip(ctx context.Context) (types.Tip, error) {
	var tip types.Tip
	_, err := k.read(ctx, types.TipKey(), &tip)
	return tip, err
}

func (k Keeper) read(ctx context.Context, key []byte, record codec.ProtoMarshaler) (bool, error) {
	value, err := k.records.OpenKVStore(ctx).Get(key)
	if err != nil || value == nil {
		return false, err
	}
	if err := k.cdc.Unmarshal(value, record); err != nil {
		return false, types.ErrCorrupt.Wrapf("%x: %v", key, err)
	}
	return true, nil
}

func (k Keeper) write(ctx context.Context, key []byte, record codec.ProtoMarshaler) error {
	value, err := k.cdc.Marshal(record)
	if err != nil {
		return err
	}
	return k.records.OpenKVStore(ctx).Set(key, value)
}

// uniqueKeyHash is the short and even form in which the store keeps a unique key.
func uniqueKeyHash(encoded []byte) [32]byte { return sha256.Sum256(encoded) }
