package keeper

import (
	"context"

	"stateset.example/chain/x/notary/types"
)

// InitGenesis takes up what a genesis says; of a new cluster that is the parameters.
func (k Keeper) InitGenesis(ctx context.Context, genesis types.GenesisState) error {
	if err := genesis.Validate(); err != nil {
		return err
	}
	store := k.records.OpenKVStore(ctx)
	for _, record := range genesis.Records {
		if err := store.Set(record.Key, record.Value); err != nil {
			return err
		}
	}
	return k.setParams(ctx, genesis.Params)
}

// ExportGenesis is all that a cluster needs to go on elsewhere.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	params, err := k.Params(ctx)
	if err != nil {
		return nil, err
	}
	genesis := &types.GenesisState{Params: params}
	records, err := k.records.OpenKVStore(ctx).Iterator(nil, types.ParamsKey())
	if err != nil {
		return nil, err
	}
	defer records.Close()
	for ; records.Valid(); records.Next() {
		genesis.Records = append(genesis.Records, types.Record{Key: records.Key(), Value: records.Value()})
	}
	return genesis, nil
}
