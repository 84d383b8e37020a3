package keeper

import (
	"bytes"
	"context"
	"encoding/binary"
	"sync"

	dbm "github.com/cosmos/cosmos-db"

	"stateset.example/chain/x/notary/types"
)

// Index finds a notarised id's place by the id alone. The chain's own records are found by window or
// height as well, so that they grow at one edge; an index that nobody has to agree on may grow
// anywhere. It is made of the sealed blocks, and catches up with them whenever it is behind.
//
// It is no part of the state, and so is not rolled back with it. It remembers which block it read at
// each height, and reads again from where the state has another. Ids of a block that was undone may
// still be found then, at a place that is another's; who looks up a place holds it against the state.
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

// Keys of other lengths than ids have.
var indexedHeightKey = []byte("height")

func indexedBlockKey(height uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte("block"), height)
}

// NewIndex opens an index in a database of its own.
func NewIndex(db dbm.DB) *Index { return &Index{db: db} }

// Catch brings the index up to the committed state of ctx; the block is the chain's newest.
func (k Keeper) Catch(ctx context.Context, chainHeight int64, chainTime uint64) error {
	height, err := k.catchUp(ctx)
	if err == nil {
		k.index.sees(Seen{ChainHeight: chainHeight, ChainTime: chainTime, Height: height})
	}
	return err
}

// CatchUp is Catch before the first block after a start, when the newest block's time is not known:
// places are told of, but no block until which an id was not notarised.
func (k Keeper) CatchUp(ctx context.Context) error {
	height, err := k.catchUp(ctx)
	if err == nil {
		k.index.sees(Seen{Height: height})
	}
	return err
}

// catchUp tells the height up to which the index knows everything.
func (k Keeper) catchUp(ctx context.Context) (uint64, error) {
	tip, err := k.tip(ctx)
	if err != nil {
		return 0, err
	}
	height, err := k.commonHeight(ctx, tip.Height)
	if err != nil {
		return 0, err
	}
	for height < tip.Height {
		height++
		if err := k.indexBlock(ctx, height); err != nil {
			return 0, err
		}
	}
	return height, nil
}

// commonHeight is that of the newest block which the index has read and the state still has.
func (k Keeper) commonHeight(ctx context.Context, tip uint64) (uint64, error) {
	indexed, err := k.index.height()
	if err != nil {
		return 0, err
	}
	for height := min(indexed, tip); height > 0; height-- {
		known, err := k.index.db.Get(indexedBlockKey(height))
		if err != nil {
			return 0, err
		}
		header, err := k.sealedHeader(ctx, height)
		if err != nil {
			return 0, err
		}
		if hash := header.Hash(); bytes.Equal(known, hash[:]) {
			return height, nil
		}
	}
	return 0, nil
}

func (k Keeper) indexBlock(ctx context.Context, height uint64) error {
	header, err := k.sealedHeader(ctx, height)
	if err != nil {
		return err
	}
	ids, err := k.records.OpenKVStore(ctx).Get(types.BlockIDsKey(height))
	if err != nil {
		return err
	}
	return k.index.add(height, header.Hash(), ids)
}

// Close closes the index's database.
func (i *Index) Close() error { return i.db.Close() }

func (i *Index) sees(newest Seen) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.seen = newest
}

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

// add writes a block's ids, its hash and its height in one batch. It is not forced to the disk: what
// is lost is made again from the blocks.
func (i *Index) add(height uint64, hash [32]byte, ids []byte) error {
	batch := i.db.NewBatch()
	defer batch.Close()
	place := binary.BigEndian.AppendUint64(nil, height)
	for index := 0; 32*index < len(ids); index++ {
		id := ids[32*index : 32*index+32]
		if err := batch.Set(id, binary.BigEndian.AppendUint32(place[:8:8], uint32(index))); err != nil {
			return err
		}
	}
	if err := batch.Set(indexedBlockKey(height), hash[:]); err != nil {
		return err
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
