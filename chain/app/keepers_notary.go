package app

import (
	"context"
	"path/filepath"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/cast"

	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"

	memberskeeper "stateset.example/chain/x/members/keeper"
	memberstypes "stateset.example/chain/x/members/types"
	networkmapkeeper "stateset.example/chain/x/networkmap/keeper"
	networkmaptypes "stateset.example/chain/x/networkmap/types"
	notarykeeper "stateset.example/chain/x/notary/keeper"
	notarytypes "stateset.example/chain/x/notary/types"
)

// wireNotary lets requests be judged by who the members are, and by whom the map knows.
func (a *App) wireNotary(options servertypes.AppOptions) {
	a.NetworkMap = networkmapkeeper.NewKeeper(a.store(networkmaptypes.StoreKey), authority())
	a.Notary = notarykeeper.New(notarykeeper.Dependencies{
		Codec:     a.cdc,
		Records:   a.store(notarytypes.StoreKey),
		Block:     runtime.NewTransientStoreService(a.making),
		Members:   notaryMembers{a.Members},
		Map:       a.NetworkMap,
		Authority: authority(),
		Index:     notarykeeper.NewIndex(openIndex(options)),
	})
}

// newMakingStore is for what is known of a block only while it is made.
func newMakingStore() *storetypes.TransientStoreKey {
	return storetypes.NewTransientStoreKey(notarytypes.TransientStoreKey)
}

// openIndex opens the database beside the chain's own, or one in memory for an app without a home.
func openIndex(options servertypes.AppOptions) dbm.DB {
	home := cast.ToString(options.Get(flags.FlagHome))
	if home == "" {
		return dbm.NewMemDB()
	}
	db, err := dbm.NewDB("notary-index", server.GetAppDBBackend(options), filepath.Join(home, "data"))
	if err != nil {
		panic(err)
	}
	return db
}

// notaryMembers are the members as the notary asks for them.
type notaryMembers struct{ memberskeeper.Keeper }

func (m notaryMembers) ClusterID(ctx context.Context) ([32]byte, error) {
	cluster, err := m.Keeper.ClusterID(ctx)
	if err != nil {
		return [32]byte{}, err
	}
	if len(cluster) != 32 {
		return [32]byte{}, memberstypes.ErrUnknownMember.Wrap("the cluster has no id yet")
	}
	return [32]byte(cluster), nil
}

func (m notaryMembers) CurrentSet(ctx context.Context) (epoch uint64, hash [32]byte, err error) {
	record, err := m.Keeper.CurrentSet(ctx)
	return record.Set.Epoch, record.Hash(), err
}

func (m notaryMembers) IsActiveWorker(ctx context.Context, account []byte) (bool, error) {
	_, isActive, err := m.ActiveWorker(ctx, account)
	return isActive, err
}
