package app

import (
	"cosmossdk.io/x/evidence"
	evidencetypes "cosmossdk.io/x/evidence/types"
	"cosmossdk.io/x/upgrade"
	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/auth"
	authsims "github.com/cosmos/cosmos-sdk/x/auth/simulation"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/bank"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/consensus"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	"github.com/cosmos/cosmos-sdk/x/gov"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	ica "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts"
	icatypes "github.com/cosmos/ibc-go/v10/modules/apps/27-interchain-accounts/types"
	"github.com/cosmos/ibc-go/v10/modules/apps/transfer"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	ibc "github.com/cosmos/ibc-go/v10/modules/core"
	ibcexported "github.com/cosmos/ibc-go/v10/modules/core/exported"
	tendermint "github.com/cosmos/ibc-go/v10/modules/light-clients/07-tendermint"

	"stateset.example/chain/x/members"
	memberstypes "stateset.example/chain/x/members/types"
	"stateset.example/chain/x/networkmap"
	networkmaptypes "stateset.example/chain/x/networkmap/types"
	"stateset.example/chain/x/notary"
	notarytypes "stateset.example/chain/x/notary/types"
)

var (
	// Upgrades replace the software before anything else runs in a block.
	orderPreBlock = []string{upgradetypes.ModuleName, authtypes.ModuleName}
	// Evidence suspends before the block's transactions are judged.
	orderBeginBlock = []string{evidencetypes.ModuleName, networkmaptypes.ModuleName, ibcexported.ModuleName}
	// Proposals are carried out first, and members come last: what a block seals belongs to the set
	// that was current in it, and the set that it agreed to begins with the next. A module that seals
	// stands before gov.
	orderEndBlock = []string{notarytypes.ModuleName, govtypes.ModuleName, banktypes.ModuleName, memberstypes.ModuleName}
	// Accounts come first, since members open theirs.
	orderGenesis = []string{
		authtypes.ModuleName, banktypes.ModuleName, memberstypes.ModuleName, networkmaptypes.ModuleName,
		notarytypes.ModuleName, govtypes.ModuleName,
		evidencetypes.ModuleName, upgradetypes.ModuleName, consensustypes.ModuleName,
		ibcexported.ModuleName, transfertypes.ModuleName, icatypes.ModuleName,
	}
)

func (a *App) wireModules() {
	a.modules = module.NewManager(
		auth.NewAppModule(a.cdc, a.Accounts, authsims.RandomGenesisAccounts, nil),
		bank.NewAppModule(a.cdc, a.Bank, a.Accounts, nil),
		consensus.NewAppModule(a.cdc, a.Consensus),
		upgrade.NewAppModule(a.Upgrade, a.Accounts.AddressCodec()),
		members.NewAppModule(a.Members),
		networkmap.NewAppModule(a.NetworkMap),
		notary.NewAppModule(a.Notary),
		gov.NewAppModule(a.cdc, a.Gov, a.Accounts, a.Bank, nil),
		evidence.NewAppModule(*a.Evidence),
		ibc.NewAppModule(a.IBC),
		tendermint.NewAppModule(a.lightClient),
		transfer.NewAppModule(a.Transfer),
		ica.NewAppModule(&a.ICAController, &a.ICAHost),
	)
	a.basics = module.NewBasicManagerFromManager(a.modules, nil)
	a.basics.RegisterLegacyAminoCodec(a.amino)
	a.basics.RegisterInterfaces(a.registry)

	a.modules.SetOrderPreBlockers(orderPreBlock...)
	a.modules.SetOrderBeginBlockers(orderBeginBlock...)
	a.modules.SetOrderEndBlockers(orderEndBlock...)
	a.modules.SetOrderInitGenesis(orderGenesis...)
	a.modules.SetOrderExportGenesis(orderGenesis...)

	a.configurator = module.NewConfigurator(a.cdc, a.MsgServiceRouter(), a.GRPCQueryRouter())
	if err := a.modules.RegisterServices(a.configurator); err != nil {
		panic(err)
	}
}
