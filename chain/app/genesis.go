package app

import (
	"encoding/json"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	controllertypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/controller/types"
	icagenesis "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/genesis/types"
	hosttypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/host/types"
	icatypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/types"
	ibcclient "github.com/cosmos/ibc-go/v10/modules/core/02-client/types"
	ibcexported "github.com/cosmos/ibc-go/v10/modules/core/exported"
	ibctypes "github.com/cosmos/ibc-go/v10/modules/core/types"
)

// Genesis is the first state of each module, as JSON.
type Genesis map[string]json.RawMessage

// DefaultGenesis is each module's, with what other chains may do here narrowed to what is served.
func (a *App) DefaultGenesis() Genesis {
	genesis := Genesis(a.basics.DefaultGenesis(a.cdc))
	ibc := ibctypes.DefaultGenesisState()
	ibc.ClientGenesis.Params = ibcclient.NewParams(ibcexported.Tendermint)
	genesis.Put(a.cdc, ibcexported.ModuleName, ibc)
	genesis.Put(a.cdc, icatypes.ModuleName, icagenesis.NewGenesisState(
		icagenesis.NewControllerGenesisState(nil, nil, nil, controllertypes.DefaultParams()),
		icagenesis.NewHostGenesisState(nil, nil, icatypes.HostPortID, hosttypes.NewParams(true, interchainMessages)),
	))
	return genesis
}

// interchainMessages are what accounts that other chains own here may do. Governance may add to them.
var interchainMessages = []string{
	"/cosmos.bank.v1beta1.MsgSend",
	"/ibc.applications.transfer.v1.MsgTransfer",
}

// Put writes a module's first state.
func (g Genesis) Put(cdc codec.JSONCodec, name string, state codec.ProtoMarshaler) {
	g[name] = cdc.MustMarshalJSON(state)
}

// ValidateGenesis asks each module whether its first state holds.
func (a *App) ValidateGenesis(genesis Genesis) error {
	return a.basics.ValidateGenesis(a.cdc, a.txConfig, genesis)
}

func (a *App) initChain(ctx sdk.Context, request *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	var genesis Genesis
	if err := json.Unmarshal(request.AppStateBytes, &genesis); err != nil {
		return nil, err
	}
	if err := a.Upgrade.SetModuleVersionMap(ctx, a.modules.GetVersionMap()); err != nil {
		return nil, err
	}
	return a.modules.InitGenesis(ctx, a.cdc, genesis)
}

func (a *App) preBlock(ctx sdk.Context, _ *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
	return a.modules.PreBlock(ctx)
}
