package app

import (
	controller "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/controller"
	controllerkeeper "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/controller/keeper"
	controllertypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/controller/types"
	host "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/host"
	hostkeeper "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/host/keeper"
	hosttypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/host/types"
	"github.com/cosmos/ibc-go/v10/modules/apps/transfer"
	transferkeeper "github.com/cosmos/ibc-go/v10/modules/apps/transfer/keeper"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	porttypes "github.com/cosmos/ibc-go/v10/modules/core/05-port/types"
	ibcapi "github.com/cosmos/ibc-go/v10/modules/core/api"
	ibcexported "github.com/cosmos/ibc-go/v10/modules/core/exported"
	ibckeeper "github.com/cosmos/ibc-go/v10/modules/core/keeper"
	tendermint "github.com/cosmos/ibc-go/v10/modules/light-clients/07-tendermint"
)

// IBCKeepers are those of the traffic with other chains.
type IBCKeepers struct {
	IBC           *ibckeeper.Keeper
	Transfer      transferkeeper.Keeper
	ICAController controllerkeeper.Keeper
	ICAHost       hostkeeper.Keeper
	lightClient   tendermint.LightClientModule
}

func (a *App) wireIBC() {
	a.IBC = ibckeeper.NewKeeper(a.cdc, a.store(ibcexported.StoreKey), nil, a.Upgrade, authority())
	channels := a.IBC.ChannelKeeper
	a.Transfer = transferkeeper.NewKeeper(
		a.cdc, a.store(transfertypes.StoreKey), nil, channels, channels,
		a.MsgServiceRouter(), a.Accounts, a.Bank, authority())
	a.ICAController = controllerkeeper.NewKeeper(
		a.cdc, a.store(controllertypes.StoreKey), nil, channels, channels, a.MsgServiceRouter(), authority())
	a.ICAHost = hostkeeper.NewKeeper(
		a.cdc, a.store(hosttypes.StoreKey), nil, channels, channels,
		a.Accounts, a.MsgServiceRouter(), a.GRPCQueryRouter(), authority())

	a.IBC.SetRouter(porttypes.NewRouter().
		AddRoute(transfertypes.ModuleName, transfer.NewIBCModule(a.Transfer)).
		AddRoute(controllertypes.SubModuleName, controller.NewIBCMiddleware(a.ICAController)).
		AddRoute(hosttypes.SubModuleName, host.NewIBCModule(a.ICAHost)))
	// The second version of IBC is not served: a router without routes refuses its packets.
	a.IBC.SetRouterV2(ibcapi.NewRouter())
	a.lightClient = tendermint.NewLightClientModule(a.cdc, a.IBC.ClientKeeper.GetStoreProvider())
	a.IBC.ClientKeeper.AddRoute(tendermint.ModuleName, &a.lightClient)
}
