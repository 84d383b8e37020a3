// Package upgrades holds what changes the state at the height of an upgrade: one file for each,
// named as the proposal names it.
package upgrades

import (
	"context"

	storetypes "cosmossdk.io/store/types"
	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/cosmos/cosmos-sdk/types/module"
)

// Upgrade is one that this binary can carry out.
type Upgrade struct {
	// Name is that of the plan in the proposal.
	Name string
	// Stores that come and go with it.
	Stores storetypes.StoreUpgrades
	// Migrate does what the modules' own migrations do not; most upgrades need nothing.
	Migrate func(context.Context) error
}

// All are the upgrades that this binary knows, oldest first.
func All() []Upgrade {
	all := []Upgrade{}
	if rehearsalName != "" {
		all = append(all, rehearsal())
	}
	return all
}

// Handler runs the upgrade's own migration, and then each module's.
func (u Upgrade) Handler(modules *module.Manager, configurator module.Configurator) upgradetypes.UpgradeHandler {
	return func(ctx context.Context, _ upgradetypes.Plan, from module.VersionMap) (module.VersionMap, error) {
		if u.Migrate != nil {
			if err := u.Migrate(ctx); err != nil {
				return nil, err
			}
		}
		return modules.RunMigrations(ctx, configurator, from)
	}
}
