package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/members/types"
)

// SignMemberSet counts a worker's agreement to the pending set.
// The new set begins at the end of the block in which a quorum is reached.
func (k Keeper) SignMemberSet(ctx context.Context, worker sdk.AccAddress, epoch uint64, signature []byte) (bool, error) {
	current, err := k.CurrentSet(ctx)
	if err != nil {
		return false, err
	}
	member, isActive, err := k.ActiveWorker(ctx, worker)
	if err != nil {
		return false, err
	}
	if !isActive || !current.Set.Has(member.WorkerKey) {
		return false, types.ErrNotWorker.Wrap(worker.String())
	}
	pending, err := k.Pending(ctx)
	if err != nil {
		return false, err
	}
	if pending == nil {
		return false, types.ErrNothingPending
	}
	record := &pending.Record
	if record.Set.Epoch != epoch {
		return false, types.ErrWrongEpoch.Wrapf("%d, not %d", record.Set.Epoch, epoch)
	}
	if record.IsSignedBy(member.WorkerKey) {
		return false, types.ErrAlreadySigned
	}
	network, err := k.Network(ctx)
	if err != nil {
		return false, err
	}
	if !record.IsSignature(network, member.WorkerKey, signature) {
		return false, types.ErrBadSignature
	}
	record.Signatures = append(record.Signatures,
		types.WorkerSignature{WorkerKey: member.WorkerKey, Signature: signature})
	return record.IsAgreed(current.Set), k.setPending(ctx, *pending)
}

// settle makes the pending set the current one once it is agreed to.
func (k Keeper) settle(ctx context.Context) error {
	pending, err := k.Pending(ctx)
	if err != nil || pending == nil {
		return err
	}
	current, err := k.CurrentSet(ctx)
	if err != nil || !pending.Record.IsAgreed(current.Set) {
		return err
	}
	next, err := k.nextIndex(ctx)
	if err != nil {
		return err
	}
	for _, member := range pending.Members {
		next = max(next, uint64(member.Index)+1)
	}
	if err := k.setUint(ctx, types.NextIndexKey, next); err != nil {
		return err
	}
	if err := k.openAccounts(ctx, pending.Members); err != nil {
		return err
	}
	if err := k.replaceMembers(ctx, pending.Members); err != nil {
		return err
	}
	if err := k.begin(ctx, pending.Record); err != nil {
		return err
	}
	emitBegun(ctx, pending.Record.Set)
	return k.store.OpenKVStore(ctx).Delete(types.PendingKey)
}
