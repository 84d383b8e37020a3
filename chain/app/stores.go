package app

import (
	"cosmossdk.io/core/store"
	storetypes "cosmossdk.io/store/types"
	evidencetypes "cosmossdk.io/x/evidence/types"
	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/cosmos/cosmos-sdk/runtime"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	controllertypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/controller/types"
	hosttypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/host/types"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	ibcexported "github.com/cosmos/ibc-go/v10/modules/core/exported"

	memberstypes "stateset.example/chain/x/members/types"
	networkmaptypes "stateset.example/chain/x/networkmap/types"
	notarytypes "stateset.example/chain/x/notary/types"
)

// newStores names one store for each module that keeps something. A store added later than the
// genesis also stands in the upgrade that brings it.
func newStores() map[string]*storetypes.KVStoreKey {
	return storetypes.NewKVStoreKeys(
		authtypes.StoreKey,
		banktypes.StoreKey,
		consensustypes.StoreKey,
		upgradetypes.StoreKey,
		memberstypes.StoreKey,
		networkmaptypes.StoreKey,
		notarytypes.StoreKey,
		govtypes.StoreKey,
		evidencetypes.StoreKey,
		ibcexported.StoreKey,
		transfertypes.StoreKey,
		controllertypes.StoreKey,
		hosttypes.StoreKey,
	)
}

func (a *App) store(name string) store.KVStoreService {
	return runtime.NewKVStoreService(a.stores[name])
}
