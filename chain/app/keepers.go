package app

import (
	"cosmossdk.io/log"
	evidencekeeper "cosmossdk.io/x/evidence/keeper"
	upgradekeeper "cosmossdk.io/x/upgrade/keeper"
	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/spf13/cast"

	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensuskeeper "github.com/cosmos/cosmos-sdk/x/consensus/keeper"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	govkeeper "github.com/cosmos/cosmos-sdk/x/gov/keeper"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	icatypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/types"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"

	memberskeeper "stateset.example/chain/x/members/keeper"
	networkmapkeeper "stateset.example/chain/x/networkmap/keeper"
	notarykeeper "stateset.example/chain/x/notary/keeper"
)

// Keepers are what modules keep their state through.
type Keepers struct {
	Accounts   authkeeper.AccountKeeper
	Bank       bankkeeper.BaseKeeper
	Consensus  consensuskeeper.Keeper
	Upgrade    *upgradekeeper.Keeper
	Members    memberskeeper.Keeper
	NetworkMap networkmapkeeper.Keeper
	Notary     notarykeeper.Keeper
	Gov        *govkeeper.Keeper
	Evidence   *evidencekeeper.Keeper
	IBCKeepers
}

// moduleAccounts are accounts without a key, and what each may do with coins.
var moduleAccounts = map[string][]string{
	authtypes.FeeCollectorName: nil,
	govtypes.ModuleName:        {authtypes.Burner},
	transfertypes.ModuleName:   {authtypes.Minter, authtypes.Burner},
	icatypes.ModuleName:        nil,
}

// authority is the account whose messages passed a vote of the members.
func authority() string { return authtypes.NewModuleAddress(govtypes.ModuleName).String() }

func (a *App) wireKeepers(options servertypes.AppOptions) {
	a.Consensus = consensuskeeper.NewKeeper(
		a.cdc, a.store(consensustypes.StoreKey), authority(), runtime.EventService{})
	a.SetParamStore(a.Consensus.ParamsStore)
	a.Accounts = authkeeper.NewAccountKeeper(
		a.cdc, a.store(authtypes.StoreKey), authtypes.ProtoBaseAccount, moduleAccounts,
		address.NewBech32Codec(AddressPrefix), AddressPrefix, authority(),
		// Workers have many transactions in flight, whose order does not matter.
		authkeeper.WithUnorderedTransactions(true))
	a.Bank = bankkeeper.NewBaseKeeper(
		a.cdc, a.store(banktypes.StoreKey), a.Accounts, blockedAccounts(), authority(), log.NewNopLogger())
	a.Upgrade = upgradekeeper.NewKeeper(
		skippedUpgrades(options), a.store(upgradetypes.StoreKey), a.cdc,
		cast.ToString(options.Get(flags.FlagHome)), a.BaseApp, authority())
	a.wireGovernance()
	a.wireNotary(options)
	a.wireIBC()
}

// blockedAccounts cannot be paid to: what they receive would be lost.
func blockedAccounts() map[string]bool {
	blocked := map[string]bool{}
	for name := range moduleAccounts {
		blocked[authtypes.NewModuleAddress(name).String()] = name != govtypes.ModuleName
	}
	return blocked
}

func skippedUpgrades(options servertypes.AppOptions) map[int64]bool {
	skipped := map[int64]bool{}
	for _, height := range cast.ToIntSlice(options.Get(server.FlagUnsafeSkipUpgrades)) {
		skipped[int64(height)] = true
	}
	return skipped
}
