package keeper

import (
	"context"

	"stateset.example/chain/x/members/types"
)

// Suspend takes a member's power at the end of this block, and proposes a set without it. Its worker
// counts for nothing on the chain from now on, but stays in the set that offline checkers know until
// the others have agreed to the next.
func (k Keeper) Suspend(ctx context.Context, index uint32, reason string) error {
	if err := k.settle(ctx); err != nil {
		return err
	}
	members, err := k.Members(ctx)
	if err != nil {
		return err
	}
	after, found := suspended(members, index)
	switch {
	case !found:
		return types.ErrUnknownMember.Wrapf("index %d is no active member", index)
	case len(types.Active(after)) == 0:
		return types.ErrLastMember
	}
	if err := k.replaceMembers(ctx, after); err != nil {
		return err
	}
	emitSuspended(ctx, index, reason)
	return k.proposeWithout(ctx, after, index)
}

// checkDispensable refuses to suspend on a decision whom the others need: with fewer active workers of
// the current set than its quorum, no other set could ever begin, not even one that takes members back.
// An equivocation is no decision, and suspends whatever follows.
func (k Keeper) checkDispensable(ctx context.Context, index uint32) error {
	if err := k.settle(ctx); err != nil {
		return err
	}
	current, err := k.CurrentSet(ctx)
	if err != nil {
		return err
	}
	active, err := k.ActiveMembers(ctx)
	if err != nil {
		return err
	}
	left := 0
	for _, member := range active {
		if member.Index != index && current.Set.Has(member.WorkerKey) {
			left++
		}
	}
	if quorum := int(current.Set.Quorum); left < quorum {
		return types.ErrOutOfBounds.Wrapf("%d of the current set would stay active, its quorum is %d", left, quorum)
	}
	return nil
}

// proposeWithout takes the member out of the change that is under way, where there is one. What was
// signed of it is dropped, since it was another set.
func (k Keeper) proposeWithout(ctx context.Context, members []types.Member, index uint32) error {
	pending, err := k.Pending(ctx)
	if err != nil {
		return err
	}
	if pending != nil {
		if next, _ := suspended(pending.Members, index); len(types.Active(next)) > 0 {
			members = next
		}
	}
	_, err = k.propose(ctx, members)
	return err
}

// suspended is the members with one of the active ones suspended.
func suspended(members []types.Member, index uint32) ([]types.Member, bool) {
	after, found := make([]types.Member, len(members)), false
	for i, member := range members {
		if member.Index == index && member.IsActive() {
			member.Status, found = types.Status_STATUS_SUSPENDED, true
		}
		after[i] = member
	}
	return after, found
}
