package app

import (
	"fmt"

	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/spf13/cast"

	"github.com/cosmos/cosmos-sdk/client/flags"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"

	"stateset.example/chain/app/upgrades"
)

// wireUpgrades says what to do at the height of each upgrade that this binary knows, and which
// stores come and go there.
func (a *App) wireUpgrades(options servertypes.AppOptions) {
	plan := a.upgradeUnderWay(options)
	for _, upgrade := range upgrades.All() {
		a.Upgrade.SetUpgradeHandler(upgrade.Name, upgrade.Handler(a.modules, a.configurator))
		if upgrade.Name == plan.Name && !a.Upgrade.IsSkipHeight(plan.Height) {
			a.SetStoreLoader(upgradetypes.UpgradeStoreLoader(plan.Height, &upgrade.Stores))
		}
	}
}

// upgradeUnderWay is what the binary before this one left word of when it stopped. An app without a
// home has none before it.
func (a *App) upgradeUnderWay(options servertypes.AppOptions) upgradetypes.Plan {
	if cast.ToString(options.Get(flags.FlagHome)) == "" {
		return upgradetypes.Plan{}
	}
	plan, err := a.Upgrade.ReadUpgradeInfoFromDisk()
	if err != nil {
		panic(fmt.Errorf("read the upgrade under way: %w", err))
	}
	return plan
}
