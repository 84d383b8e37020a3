// Package networkmap is the network's registry: see README.md.
package networkmap

import (
	"context"
	"encoding/json"
	"fmt"

	gateway "github.com/grpc-ecosystem/grpc-gateway/runtime"

	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"stateset.example/chain/x/networkmap/keeper"
	"stateset.example/chain/x/networkmap/types"
)

var (
	_ module.AppModuleBasic      = AppModule{}
	_ module.HasGenesis          = AppModule{}
	_ module.HasServices         = AppModule{}
	_ module.HasConsensusVersion = AppModule{}
	_ appmodule.AppModule        = AppModule{}
	_ appmodule.HasBeginBlocker  = AppModule{}
)

// AppModule is the module as an application holds it.
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

func (am AppModule) BeginBlock(ctx context.Context) error { return am.keeper.BeginBlock(ctx) }

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

// InitGenesis panics on a genesis that does not hold, as the SDK leaves no other way: no block has
// been made yet.
func (am AppModule) InitGenesis(ctx sdk.Context, cdc codec.JSONCodec, raw json.RawMessage) {
	var genesis types.GenesisState
	cdc.MustUnmarshalJSON(raw, &genesis)
	if err := am.keeper.InitGenesis(ctx, genesis); err != nil {
		panic(fmt.Errorf("genesis of %s: %w", types.ModuleName, err))
	}
}

func (am AppModule) ExportGenesis(ctx sdk.Context, cdc codec.JSONCodec) json.RawMessage {
	genesis, err := am.keeper.ExportGenesis(ctx)
	if err != nil {
		panic(fmt.Errorf("genesis of %s: %w", types.ModuleName, err))
	}
	return cdc.MustMarshalJSON(genesis)
}
