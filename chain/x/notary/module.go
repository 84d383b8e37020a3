// Package notary is the module that witnesses transactions of the ledger, so that no state is spent
// twice. README.md is its specification.
package notary

import (
	"context"
	"encoding/json"
	"fmt"

	"cosmossdk.io/core/appmodule"
	"github.com/grpc-ecosystem/grpc-gateway/runtime"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"stateset.example/chain/x/notary/keeper"
	"stateset.example/chain/x/notary/types"
)

// AppModule is the module as the application mounts it.
type AppModule struct{ keeper keeper.Keeper }

var (
	_ module.AppModuleBasic      = AppModule{}
	_ module.HasGenesis          = AppModule{}
	_ module.HasServices         = AppModule{}
	_ module.HasConsensusVersion = AppModule{}
	_ appmodule.HasEndBlocker    = AppModule{}
)

// NewAppModule mounts a keeper.
func NewAppModule(of keeper.Keeper) AppModule { return AppModule{of} }

func (AppModule) IsAppModule()        {}
func (AppModule) IsOnePerModuleType() {}

func (AppModule) Name() string             { return types.ModuleName }
func (AppModule) ConsensusVersion() uint64 { return 1 }

func (AppModule) RegisterLegacyAminoCodec(*codec.LegacyAmino)                 {}
func (AppModule) RegisterGRPCGatewayRoutes(client.Context, *runtime.ServeMux) {}

func (AppModule) RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	types.RegisterInterfaces(registry)
}

func (a AppModule) RegisterServices(services module.Configurator) {
	types.RegisterMsgServer(services.MsgServer(), a.keeper)
	types.RegisterQueryServer(services.QueryServer(), keeper.Queries{Keeper: a.keeper})
}

// EndBlock seals what the block notarised.
func (a AppModule) EndBlock(ctx context.Context) error { return a.keeper.SealBlock(ctx) }

func (AppModule) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	return cdc.MustMarshalJSON(types.DefaultGenesis())
}

func (AppModule) ValidateGenesis(cdc codec.JSONCodec, _ client.TxEncodingConfig, raw json.RawMessage) error {
	var genesis types.GenesisState
	if err := cdc.UnmarshalJSON(raw, &genesis); err != nil {
		return fmt.Errorf("%s: %w", types.ModuleName, err)
	}
	return genesis.Validate()
}

// InitGenesis panics where the genesis is not usable, as a chain must not begin on it.
func (a AppModule) InitGenesis(ctx sdk.Context, cdc codec.JSONCodec, raw json.RawMessage) {
	var genesis types.GenesisState
	cdc.MustUnmarshalJSON(raw, &genesis)
	if err := a.keeper.InitGenesis(ctx, genesis); err != nil {
		panic(err)
	}
}

// ExportGenesis panics where the store cannot be read.
func (a AppModule) ExportGenesis(ctx sdk.Context, cdc codec.JSONCodec) json.RawMessage {
	genesis, err := a.keeper.ExportGenesis(ctx)
	if err != nil {
		panic(err)
	}
	return cdc.MustMarshalJSON(genesis)
}
