package main

import (
	"bytes"
	"fmt"

	"cosmossdk.io/log"
	"cosmossdk.io/store/metrics"
	"cosmossdk.io/store/rootmulti"
	storetypes "cosmossdk.io/store/types"
	dbm "github.com/cosmos/cosmos-db"
)

// versions is how many blocks the state has seen.
const versions = 9

// state is an SDK multistore after some blocks; a header's app hash is the root of the version
// before its height.
type state struct {
	store  *rootmulti.Store
	hashes [][]byte
}

// stores are the multistore's, in no order; "upgrade" stays empty.
var stores = []string{"notary", "members", "networkmap", "single", "pair", "upgrade"}

func newState() (*state, error) {
	keys := map[string]*storetypes.KVStoreKey{}
	store := rootmulti.NewStore(dbm.NewMemDB(), log.NewNopLogger(), metrics.NewNoOpMetrics())
	for _, name := range stores {
		keys[name] = storetypes.NewKVStoreKey(name)
		store.MountStoreWithDB(keys[name], storetypes.StoreTypeIAVL, nil)
	}
	if err := store.LoadLatestVersion(); err != nil {
		return nil, err
	}
	s := &state{store: store}
	for version := int64(1); version <= versions; version++ {
		s.write(func(name string) storetypes.KVStore { return store.GetCommitKVStore(keys[name]) }, version)
		s.hashes = append(s.hashes, store.Commit().Hash)
	}
	return s, nil
}

// write makes a version: keys as the notary's store has them, at the tree's right edge.
func (s *state) write(storeOf func(name string) storetypes.KVStore, version int64) {
	for index := range int64(12) {
		storeOf("notary").Set(notaryKey(version, index), digest("consumed", 100*version+index))
	}
	if version == 1 {
		storeOf("single").Set([]byte("only"), []byte("value"))
		storeOf("pair").Set([]byte("a"), []byte("first"))
		storeOf("pair").Set([]byte("c"), []byte("second"))
		storeOf("members").Set([]byte{0}, []byte{0})
		storeOf("members").Set(wrappingKey, []byte("value of the wrapping key"))
		storeOf("members").Set(bytes.Repeat([]byte{0xff}, 300), bytes.Repeat([]byte("long "), 100))
	}
	storeOf("members").Set([]byte("fake leaf"), fakeLeaf())
	storeOf("members").Set([]byte("fake root"), fakeRoot())
	storeOf("networkmap").Set(fmt.Appendf(nil, "identity %d", version), digest("identity", version))
}

// wrappingKey has the length and the bytes of another key in it.
var wrappingKey = []byte("w\x05inner")

func notaryKey(version, index int64) []byte {
	return fmt.Appendf([]byte{1}, "%02d/%02d", version, index)
}

// appHash is the root of a version; of those that are not there it is any hash.
func (s *state) appHash(version int64) []byte {
	if version < 1 || version > versions {
		return digest("app", version)
	}
	return s.hashes[version-1]
}

// query asks as a node does, with a proof.
func (s *state) query(store string, key []byte, version int64) (*storetypes.ResponseQuery, error) {
	return s.store.Query(&storetypes.RequestQuery{
		Path:   "/" + store + "/key",
		Data:   key,
		Height: version,
		Prove:  true,
	})
}
