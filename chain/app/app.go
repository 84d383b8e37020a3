// Package app wires a member's state machine: which modules there are, what each may use, and in
// which order they run. Each concern has a file of its own; a new module needs a store in stores.go,
// a keeper in a keepers file, a line in modules.go and its place in the orders there.
package app

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	dbm "github.com/cosmos/cosmos-db"

	"cosmossdk.io/log"
	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/baseapp"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/version"
)

const Name = "notaryd"

// App is the state machine that a member replicates.
type App struct {
	*baseapp.BaseApp
	Encoding
	Keepers

	stores map[string]*storetypes.KVStoreKey
	// making is forgotten at the end of each block.
	making *storetypes.TransientStoreKey
	// blockTime is that of the block being made.
	blockTime    time.Time
	modules      *module.Manager
	basics       module.BasicManager
	configurator module.Configurator
	closed       sync.Once
}

var _ servertypes.Application = (*App)(nil)

// DefaultHome is where a member lives unless told otherwise.
func DefaultHome() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ".notaryd"
	}
	return filepath.Join(home, ".notaryd")
}

// New makes an app over a database. It panics where the wiring itself is wrong, and where the
// database cannot be loaded.
func New(
	logger log.Logger, db dbm.DB, trace io.Writer, loadLatest bool,
	options servertypes.AppOptions, base ...func(*baseapp.BaseApp),
) *App {
	encoding := newEncoding()
	bApp := baseapp.NewBaseApp(Name, logger, db, encoding.TxConfig().TxDecoder(), base...)
	bApp.SetCommitMultiStoreTracer(trace)
	bApp.SetVersion(version.Version)
	bApp.SetInterfaceRegistry(encoding.InterfaceRegistry())
	bApp.SetTxEncoder(encoding.TxConfig().TxEncoder())

	a := &App{BaseApp: bApp, Encoding: encoding, stores: newStores(), making: newMakingStore()}
	a.wireKeepers(options)
	a.wireModules()
	a.wireServices()
	a.wireUpgrades(options)
	a.wireBlocks()
	a.MountKVStores(a.stores)
	a.MountStore(a.making, storetypes.StoreTypeTransient)
	if loadLatest {
		if err := a.LoadLatestVersion(); err != nil {
			panic(err)
		}
		a.catchUp()
	}
	return a
}

// Close may be asked for again and again: whoever stops a member does.
func (a *App) Close() (err error) {
	a.closed.Do(func() { err = errors.Join(a.BaseApp.Close(), a.Notary.Close()) })
	return err
}

// LoadHeight goes back to a height that is still kept, to export it.
func (a *App) LoadHeight(height int64) error { return a.LoadVersion(height) }

// wireBlocks says what happens at genesis and in each block.
func (a *App) wireBlocks() {
	a.SetInitChainer(a.initChain)
	a.SetPreBlocker(a.preBlock)
	a.SetBeginBlocker(a.modules.BeginBlock)
	a.SetEndBlocker(a.modules.EndBlock)
	a.SetAnteHandler(a.anteHandler())
}
