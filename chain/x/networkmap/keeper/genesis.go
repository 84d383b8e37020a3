package keeper

import (
	"context"

	"github.com/cosmos/gogoproto/proto"

	"stateset.example/chain/x/networkmap/types"
)

// InitGenesis begins a map, or goes on with one that was exported. Nothing is told: whoever follows
// begins with the whole map.
func (k Keeper) InitGenesis(ctx context.Context, genesis types.GenesisState) error {
	if err := genesis.Validate(); err != nil {
		return err
	}
	if err := k.initSettings(ctx, genesis); err != nil {
		return err
	}
	for _, identity := range genesis.Identities {
		if err := k.moveClaims(ctx, types.Identity{}, identity); err != nil {
			return err
		}
		if err := k.put(ctx, types.Identity{}, identity); err != nil {
			return err
		}
	}
	if err := k.initVersions(ctx, genesis); err != nil {
		return err
	}
	for _, acceptance := range genesis.Acceptances {
		if err := k.set(ctx, types.AcceptanceKey(acceptance.Hash, acceptance.Id), []byte{1}); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) initSettings(ctx context.Context, genesis types.GenesisState) error {
	if err := k.setUint(ctx, types.SerialKey, genesis.Serial); err != nil {
		return err
	}
	if err := k.set(ctx, types.NetworkKey, genesis.Network); err != nil {
		return err
	}
	if len(genesis.NetworkGenesis) > 0 {
		if err := k.set(ctx, types.NetworkGenesisKey, genesis.NetworkGenesis); err != nil {
			return err
		}
	}
	if err := k.setUint(ctx, types.NoticeKey, uint64(genesis.NoticeBlocks)); err != nil {
		return err
	}
	accounts, err := types.ParseRegistrars(genesis.Registrars)
	if err != nil || len(accounts) == 0 {
		return err
	}
	return k.setRegistrars(ctx, accounts)
}

func (k Keeper) initVersions(ctx context.Context, genesis types.GenesisState) error {
	for _, version := range genesis.Parameters {
		place, err := k.append(ctx, version.Hash)
		if err != nil {
			return err
		}
		if err := k.setMessage(ctx, types.ParametersKey(place), &version); err != nil {
			return err
		}
	}
	found, err := genesis.Versions()
	if err != nil {
		return err
	}
	if at := found.Current; at >= 0 {
		if err := k.setCurrent(ctx, uint64(at), genesis.Parameters[at].Hash); err != nil {
			return err
		}
	}
	if at := found.Previous; at >= 0 {
		if err := k.set(ctx, types.PreviousKey, genesis.Parameters[at].Hash); err != nil {
			return err
		}
	}
	if at := found.Announced; at >= 0 {
		return k.setAnnounced(ctx, uint64(at), genesis.Parameters[at].FlagHeight)
	}
	return nil
}

// ExportGenesis is what InitGenesis goes on from. It reads everything, and so has no place in a block.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	genesis := &types.GenesisState{}
	if err := k.exportSettings(ctx, genesis); err != nil {
		return nil, err
	}
	err := k.each(ctx, types.IdentityPrefix, nil, func(_, value []byte) (bool, error) {
		var identity types.Identity
		err := proto.Unmarshal(value, &identity)
		genesis.Identities = append(genesis.Identities, identity)
		return true, err
	})
	if err != nil {
		return nil, err
	}
	err = k.each(ctx, types.ParametersPrefix, nil, func(_, value []byte) (bool, error) {
		var version types.Parameters
		err := proto.Unmarshal(value, &version)
		genesis.Parameters = append(genesis.Parameters, version)
		return true, err
	})
	if err != nil {
		return nil, err
	}
	return genesis, k.each(ctx, types.AcceptancePrefix, nil, func(key, _ []byte) (bool, error) {
		hash, id := types.SplitAcceptanceKey(key)
		genesis.Acceptances = append(genesis.Acceptances, types.Acceptance{Id: id, Hash: hash})
		return true, nil
	})
}

func (k Keeper) exportSettings(ctx context.Context, genesis *types.GenesisState) (err error) {
	if genesis.Serial, err = k.Serial(ctx); err != nil {
		return err
	}
	if genesis.Network, err = k.get(ctx, types.NetworkKey); err != nil {
		return err
	}
	if genesis.NetworkGenesis, err = k.get(ctx, types.NetworkGenesisKey); err != nil {
		return err
	}
	notice, err := k.getUint(ctx, types.NoticeKey)
	if err != nil {
		return err
	}
	genesis.NoticeBlocks = int64(notice)
	genesis.Registrars, err = k.Registrars(ctx)
	return err
}
