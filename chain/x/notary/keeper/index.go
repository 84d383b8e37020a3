package keeper

import (
	"context"
	"encoding/binary"
	"sync"

	dbm "github.com/cosmos/cosmos-db"

	"stateset.example/chain/x/notary/types"
)

// Index finds a notarised id's place by the id alone. The chain's own records are found by window or
// height as well, so that they grow at one edge; an index that nobody has to agree on may grow
// anywhere. It is made of the sealed blocks, and catches up with them whenever it is behind.
type Index struct {
	db dbm.DB

	mutex sync.Mutex
	seen  Seen
}

// Seen is the newest block of the chain that the index knows.
type Seen struct {
	ChainHeight int64
	// ChainTime is in milliseconds since 1970.
	ChainTime uint64
	// Height is the notary's, 0 before its first block.
	Height uint64
}

// indexed is where an id was notarised.
type indexed struct {
	height uint64
	index  uint32
}

var indexedHeightKey = []byte("height")

// NewIndex opens an index in a database of its own.
func NewIndex(db dbm.DB) *Index { return &Index{db: db} }

// Catch brings the index up to the committed state of ctx; the block is the chain's newest.
func (k Keeper) Catch(ctx context.Context, chainHeight int64, chainTime uint64) error {
	tip, err := k.tip(ctx)
	if err != nil {
		return err
	}
	height, err := k.index.height()
	if err != nil {
		return err
	}
	for height < tip.Height {
		height++
		ids, err := k.records.OpenKVStore(ctx).Get(types.BlockIDsKey(height))
		if err != nil {
			return err
		}
		if err := k.index.add(height, ids); err != nil {
			return err
		}
	}
	k.index.mutex.Lock()
	defer k.index.mutex.Unlock()
	k.index.seen = Seen{ChainHeight: chainHeight, ChainTime: chainTime, Height: tip.Height}
	return nil
}

// Close closes the index's database.
func (i *Index) Close() error { return i.db.Close() }

func (i *Index) newest() Seen {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	return i.seen
}

func (i *Index) height() (uint64, error) {
	value, err := i.db.Get(indexedHeightKey)
	if err != nil || value == nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(value), nil
}

// add writes a block's ids and its height in one batch. It is not forced to the disk: what is lost
// is made again from the blocks.
func (i *Index) add(height uint64, ids []byte) error {
	batch := i.db.NewBatch()
	defer batch.Close()
	place := binary.BigEndian.AppendUint64(nil, height)
	for index := 0; 32*index < len(ids); index++ {
		id := ids[32*index : 32*index+32]
		if err := batch.Set(id, binary.BigEndian.AppendUint32(place[:8:8], uint32(index))); err != nil {
			return err
		}
	}
	if err := batch.Set(indexedHeightKey, place); err != nil {
		return err
	}
	return batch.Write()
}

func (i *Index) find(id []byte) (indexed, bool, error) {
	value, err := i.db.Get(id)
	if err != nil || value == nil {
		return indexed{}, false, err
	}
	return indexed{binary.BigEndian.Uint64(value), binary.BigEndian.Uint32(value[8:])}, true, nil
}
