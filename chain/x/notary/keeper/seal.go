package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
	"stateset.example/chain/x/notary/types"
)

// SealBlock makes the notary's next block of what this block of the chain notarised, if anything.
// Its header is what members' workers sign, and what receipts rest on.
func (k Keeper) SealBlock(goCtx context.Context) error {
	ctx := unmetered(goCtx)
	making, err := k.makingBlock(ctx)
	if err != nil || making.size == 0 {
		return err
	}
	ids, err := making.ids()
	if err != nil {
		return err
	}
	tip, err := k.tip(ctx)
	if err != nil {
		return err
	}
	header, next, err := k.draft(ctx, tip, ids)
	if err != nil {
		return err
	}
	sealed := types.SealedBlock{Header: header.Append(nil), ChainHeight: ctx.BlockHeight()}
	if err := k.write(ctx, types.BlockKey(header.Height), &sealed); err != nil {
		return err
	}
	if err := k.records.OpenKVStore(ctx).Set(types.BlockIDsKey(header.Height), joined(ids)); err != nil {
		return err
	}
	if err := k.write(ctx, types.TipKey(), &next); err != nil {
		return err
	}
	event := types.EventBlockSealed{Height: header.Height, Header: sealed.Header}
	return ctx.EventManager().EmitTypedEvent(&event)
}

// draft is the header over these ids, and the tip that it leaves.
func (k Keeper) draft(ctx sdk.Context, tip types.Tip, ids [][32]byte) (*ledger.BlockHeader, types.Tip, error) {
	cluster, err := k.members.ClusterID(ctx)
	if err != nil {
		return nil, types.Tip{}, err
	}
	epoch, memberSet, err := k.members.CurrentSet(ctx)
	if err != nil {
		return nil, types.Tip{}, err
	}
	history, err := frontierOf(tip)
	if err != nil {
		return nil, types.Tip{}, err
	}
	leaves := make([][32]byte, len(ids))
	for i, id := range ids {
		leaves[i] = ledger.BlockLeaf(id)
	}
	header := &ledger.BlockHeader{
		Cluster:       cluster,
		Height:        tip.Height + 1,
		BlockTime:     uint64(ctx.BlockTime().UnixMilli()),
		MemberEpoch:   epoch,
		MemberSetHash: memberSet,
		BlockRoot:     canonical.MerkleRoot(leaves),
		HistoryRoot:   history.Root(),
	}
	history.Append(header.Hash())
	next := types.Tip{Height: header.Height, BlockTime: header.BlockTime}
	for _, root := range history.Roots() {
		next.Frontier = append(next.Frontier, root[:])
	}
	return header, next, nil
}

// frontierOf is the history's: every sealed block's hash is a leaf of it.
func frontierOf(tip types.Tip) (canonical.Frontier, error) {
	roots := make([][32]byte, len(tip.Frontier))
	for i, root := range tip.Frontier {
		if len(root) != 32 {
			return canonical.Frontier{}, types.ErrCorrupt.Wrapf("a root of the history has %d bytes", len(root))
		}
		roots[i] = [32]byte(root)
	}
	return canonical.NewFrontier(tip.Height, roots)
}

func joined(ids [][32]byte) []byte {
	bytes := make([]byte, 0, 32*len(ids))
	for _, id := range ids {
		bytes = append(bytes, id[:]...)
	}
	return bytes
}
