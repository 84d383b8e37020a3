// Package members is the cluster's membership: see README.md.
package members

import (
	"context"
	"encoding/json"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	gateway "github.com/grpc-ecosystem/grpc-gateway/runtime"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"stateset.example/chain/x/members/keeper"
	"stateset.example/chain/x/members/types"
)

var (
	_ module.HasABCIGenesis      = AppModule{}
	_ module.HasABCIEndBlock     = AppModule{}
	_ module.HasServices         = AppModule{}
	_ module.HasConsensusVersion = AppModule{}
)

type AppModule struct{ keeper keeper.Keeper }

func NewAppModule(k keeper.Keeper) AppModule { return AppModule{k} }

func (AppModule) IsOnePerModuleType()                                         {}
func (AppModule) IsAppModule()                                                {}
func (AppModule) Name() string                                                { return types.ModuleName }
func (AppModule) ConsensusVersion() uint64                                    { return 1 }
func (AppModule) RegisterLegacyAminoCodec(*codec.LegacyAmino)                 {}
func (AppModule) RegisterGRPCGatewayRoutes(client.Context, *gateway.ServeMux) {}
func (AppModule) RegisterInterfaces(r codectypes.InterfaceRegistry)           { types.RegisterInterfaces(r) }

func (am AppModule) RegisterServices(services module.Configurator) {
	types.RegisterMsgServer(services.MsgServer(), keeper.NewMsgServer(am.keeper))
	types.RegisterQueryServer(services.QueryServer(), keeper.NewQueryServer(am.keeper))
}

func (am AppModule) EndBlock(ctx context.Context) ([]abci.ValidatorUpdate, error) {
	return am.keeper.EndBlock(ctx)
}

func (AppModule) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	return cdc.MustMarshalJSON(types.DefaultGenesisState())
}

func (AppModule) ValidateGenesis(cdc codec.JSONCodec, _ client.TxEncodingConfig, raw json.RawMessage) error {
	var genesis types.GenesisState
	if err := cdc.UnmarshalJSON(raw, &genesis); err != nil {
		return fmt.Errorf("genesis of %s: %w", types.ModuleName, err)
	}
	return genesis.Validate()
}

// InitGenesis panics on a genesis that does not hold: without members there is no chain.
func (am AppModule) InitGenesis(ctx sdk.Context, cdc codec.JSONCodec, raw json.RawMessage) []abci.ValidatorUpdate {
	var genesis types.GenesisState
	cdc.MustUnmarshalJSON(raw, &genesis)
	updates, err := am.keeper.InitGenesis(ctx, genesis)
	if err != nil {
		panic(fmt.Errorf("genesis of %s: %w", types.ModuleName, err))
	}
	return updates
}

func (am AppModule) ExportGenesis(ctx sdk.Context, cdc codec.JSONCodec) json.RawMessage {
	genesis, err := am.keeper.ExportGenesis(ctx)
	if err != nil {
		panic(fmt.Errorf("genesis of %s: %w", types.ModuleName, err))
	}
	return cdc.MustMarshalJSON(genesis)
}
