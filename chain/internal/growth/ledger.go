package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"

	"cosmossdk.io/log"
	"cosmossdk.io/store/metrics"
	"cosmossdk.io/store/rootmulti"
	storetypes "cosmossdk.io/store/types"

	dbm "github.com/cosmos/cosmos-db"

	"stateset.example/chain/x/notary/types"
)

// ledger is a notary's store with as many consumed references as it was grown to. Each request spends
// a state that a recent block created.
type ledger struct {
	dir        string
	db         dbm.DB
	store      *rootmulti.Store
	key        *storetypes.KVStoreKey
	isRandom   bool
	references int
	height     uint64
}

// cacheNodes is what the member's app.toml gives each store.
const cacheNodes = 781_250

func openLedger(dir, layout string) (*ledger, error) {
	db, err := dbm.NewDB("application", dbm.GoLevelDBBackend, dir)
	if err != nil {
		return nil, err
	}
	key := storetypes.NewKVStoreKey(types.StoreKey)
	store := rootmulti.NewStore(db, log.NewNopLogger(), metrics.NewNoOpMetrics())
	store.SetIAVLCacheSize(cacheNodes)
	store.SetIAVLDisableFastNode(true)
	store.SetPruning(prunedStates)
	store.MountStoreWithDB(key, storetypes.StoreTypeIAVL, nil)
	if err := store.LoadLatestVersion(); err != nil {
		return nil, err
	}
	if layout != "edge" && layout != "random" {
		return nil, fmt.Errorf("-layout is %q, of edge and random", layout)
	}
	return &ledger{dir: dir, db: db, store: store, key: key, isRandom: layout == "random"}, nil
}

const loadBlock = 20_000

// growTo adds references in large blocks, which is faster than a chain would.
func (l *ledger) growTo(references int) error {
	for l.references < references {
		if err := l.block(min(loadBlock, references-l.references)); err != nil {
			return err
		}
		if l.references%1_000_000 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d references\n", l.references, references)
		}
	}
	return nil
}

// block applies so many requests, each as the keeper does: two look-ups, two records.
func (l *ledger) block(requests int) error {
	l.height++
	cache := l.store.CacheMultiStore()
	store := cache.GetKVStore(l.key)
	for i := range requests {
		notarised, consumed := l.keys(uint64(i))
		if store.Has(notarised) || store.Has(consumed) {
			return fmt.Errorf("a key is there already")
		}
		store.Set(consumed, record(l.height, 54))
		store.Set(notarised, record(l.height, 44))
		l.references++
	}
	store.Set(types.BlockKey(l.height), record(l.height, 220))
	store.Set(types.BlockIDsKey(l.height), make([]byte, 32*requests))
	store.Set(types.TipKey(), record(l.height, 200))
	cache.Write()
	l.store.Commit()
	return nil
}

// recent is how many heights back states are created that a block spends.
const recent = 50

// keys are those of a request that spends a young state, in a window that ends soon.
func (l *ledger) keys(number uint64) (notarised, consumed []byte) {
	seed := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, l.height), number)
	id, reference := sha256.Sum256(append(seed, 'i')), sha256.Sum256(append(seed, 'r'))
	created := l.height - min(l.height, uint64(id[0])%recent)
	const start, window, blockMs = 1_767_225_600_000, 600_000, 300
	end := start + l.height*blockMs + window - uint64(id[1])
	if l.isRandom {
		created, end = binary.BigEndian.Uint64(reference[:]), binary.BigEndian.Uint64(id[:])
	}
	return types.NotarisedKey(end, id), types.ConsumedKey(created, reference)
}

func record(height uint64, size int) []byte {
	return binary.BigEndian.AppendUint64(make([]byte, size-8), height)
}
