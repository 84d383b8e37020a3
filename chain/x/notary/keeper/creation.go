package keeper

import (
	"context"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
	"stateset.example/chain/x/notary/rules"
	"stateset.example/chain/x/notary/types"
)

// creation is where and when a state came to be; height 0 where it is not known to have been here.
type creation struct {
	height uint64
	time   uint64
}

// createdAt proves, for each input and then each reference, that its transaction was notarised at
// the place that the worker names. An id is notarised at one height only, so there is one true place,
// and a consumed reference has one key.
func (c *court) createdAt(checked *rules.Checked, places []types.Place) ([]creation, error) {
	created := make([]creation, checked.StateCount())
	for i := range created {
		if i >= len(places) {
			break
		}
		place := &places[i]
		if place.Height == 0 || place.Height > c.tip.Height {
			continue
		}
		header, err := c.header(place.Height)
		if err != nil {
			return nil, err
		}
		if isAt(checked.State(i).Ref.TxID, place, header) {
			created[i] = creation{height: place.Height, time: header.BlockTime}
		}
	}
	return created, nil
}

const pathBytesMax = 40 * 32

func isAt(id [32]byte, place *types.Place, header *ledger.BlockHeader) bool {
	if len(place.Path)%32 != 0 || len(place.Path) > pathBytesMax {
		return false
	}
	path := make([][32]byte, len(place.Path)/32)
	for i := range path {
		path[i] = [32]byte(place.Path[32*i:])
	}
	leaf := ledger.BlockLeaf(id)
	root, ok := canonical.RootFromPath(leaf, uint64(place.Index), uint64(place.Size_), path)
	return ok && root == header.BlockRoot
}

// header is that of a sealed block. Heads of blocks do not change, so they are kept in memory.
func (c *court) header(height uint64) (*ledger.BlockHeader, error) {
	return c.headers.of(height, func() (*ledger.BlockHeader, error) { return c.sealedHeader(c.ctx, height) })
}

func (k Keeper) sealedHeader(ctx context.Context, height uint64) (*ledger.BlockHeader, error) {
	var block types.SealedBlock
	found, err := k.read(ctx, types.BlockKey(height), &block)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, types.ErrUnknownBlock.Wrapf("%d", height)
	}
	header, err := ledger.DecodeBlockHeader(block.Header)
	if err != nil {
		return nil, types.ErrCorrupt.Wrapf("block %d: %v", height, err)
	}
	return &header, nil
}
