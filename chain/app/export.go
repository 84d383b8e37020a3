package app

import (
	"encoding/json"

	cmted25519 "github.com/cometbft/cometbft/crypto/ed25519"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"

	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Export writes the state as the genesis of a chain that goes on with it.
func (a *App) Export(modules []string) (servertypes.ExportedApp, error) {
	height := a.LastBlockHeight()
	ctx := a.NewContextLegacy(true, cmtproto.Header{Height: height})
	genesis, err := a.modules.ExportGenesisForModules(ctx, a.cdc, modules)
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	state, err := json.MarshalIndent(genesis, "", "  ")
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	validators, err := a.genesisValidators(ctx)
	return servertypes.ExportedApp{
		AppState: state, Validators: validators, Height: height + 1, ConsensusParams: a.GetConsensusParams(ctx),
	}, err
}

func (a *App) genesisValidators(ctx sdk.Context) ([]cmttypes.GenesisValidator, error) {
	members, err := a.Members.ActiveMembers(ctx)
	if err != nil {
		return nil, err
	}
	var validators []cmttypes.GenesisValidator
	for _, member := range members {
		key := cmted25519.PubKey(member.ConsensusKey)
		validators = append(validators, cmttypes.GenesisValidator{
			Address: key.Address(), PubKey: key, Power: 1, Name: member.Name,
		})
	}
	return validators, nil
}
