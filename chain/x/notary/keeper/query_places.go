package keeper

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"stateset.example/chain/x/notary/types"
)

const placesMax = 4096

// Places are those of ids, each with its path. What was seen is told too: an id that was not found
// was not notarised up to then.
func (q Queries) Places(ctx context.Context, asked *types.QueryPlacesRequest) (*types.QueryPlacesResponse, error) {
	if len(asked.Ids) > placesMax {
		return nil, types.ErrBadQuery.Wrapf("%d ids, of at most %d", len(asked.Ids), placesMax)
	}
	// Read before the look-ups: the index only grows, so they see no less than this.
	seen := q.index.newest()
	response := &types.QueryPlacesResponse{
		Places:      make([]types.Place, len(asked.Ids)),
		ChainHeight: seen.ChainHeight, ChainTime: seen.ChainTime, Height: seen.Height,
	}
	all, err := q.lookUp(asked.Ids, seen.Height)
	if err != nil {
		return nil, err
	}
	for len(all) > 0 { // those of one block after the other, since a tree may be large
		end := 1
		for end < len(all) && all[end].at.height == all[0].at.height {
			end++
		}
		if err := q.placesIn(ctx, all[:end], response.Places); err != nil {
			return nil, err
		}
		all = all[end:]
	}
	return response, nil
}

// found is an id that the index knows, by its number in the question.
type found struct {
	number int
	id     []byte
	at     indexed
}

// lookUp gives what the index knows of blocks up to a height, in their order. What it knows of later
// ones is newer than the answer, or is left over from before a rollback.
func (q Queries) lookUp(ids [][]byte, height uint64) ([]found, error) {
	var all []found
	for number, id := range ids {
		if len(id) != 32 {
			return nil, types.ErrBadQuery.Wrapf("an id has %d bytes", len(id))
		}
		at, isKnown, err := q.index.find(id)
		if err != nil {
			return nil, err
		}
		if isKnown && at.height <= height {
			all = append(all, found{number, id, at})
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.at.height, b.at.height) })
	return all, nil
}

// placesIn writes the places of ids of one block. An id that the block does not have is left over
// from one that was undone.
func (q Queries) placesIn(ctx context.Context, all []found, places []types.Place) error {
	height := all[0].at.height
	ids, err := q.records.OpenKVStore(ctx).Get(types.BlockIDsKey(height))
	if err != nil {
		return err
	}
	if ids == nil {
		return types.ErrUnknownBlock.Wrapf("%d is newer than the state that was asked: ask again", height)
	}
	tree := newBlockTree(ids)
	for _, one := range all {
		start := 32 * int(one.at.index)
		if start < len(ids) && bytes.Equal(ids[start:start+32], one.id) {
			places[one.number] = tree.place(one.at)
		}
	}
	return nil
}
