package keeper

import (
	"context"

	"stateset.example/chain/x/members/types"
)

// UpdateMembers makes a decided change the pending one, in place of an earlier one that has no
// quorum yet.
func (k Keeper) UpdateMembers(ctx context.Context, change types.MsgUpdateMembers) (uint64, error) {
	if err := k.settle(ctx); err != nil {
		return 0, err
	}
	members, err := k.Members(ctx)
	if err != nil {
		return 0, err
	}
	next, err := k.nextIndex(ctx)
	if err != nil {
		return 0, err
	}
	after, err := applyChange(members, change, next)
	if err != nil {
		return 0, err
	}
	if err := k.checkBounds(ctx, after); err != nil {
		return 0, err
	}
	return k.propose(ctx, after)
}

// propose asks the current workers to agree to these members.
func (k Keeper) propose(ctx context.Context, members []types.Member) (uint64, error) {
	epoch, err := k.Epoch(ctx)
	if err != nil {
		return 0, err
	}
	cluster, err := k.ClusterID(ctx)
	if err != nil {
		return 0, err
	}
	set := types.NewMemberSet(epoch+1, members)
	pending := types.PendingSet{Record: types.NewMemberSetRecord(cluster, set), Members: members}
	emitPending(ctx, set)
	return set.Epoch, k.setPending(ctx, pending)
}

// applyChange is the members as the change would have them.
func applyChange(members []types.Member, change types.MsgUpdateMembers, nextIndex uint64) ([]types.Member, error) {
	if n := len(change.Add) + len(change.Remove) + len(change.Reinstate); n == 0 || n > 2*types.MembersMax {
		return nil, types.ErrOutOfBounds.Wrapf("%d changes", n)
	}
	remove, err := known(members, change.Remove)
	if err != nil {
		return nil, err
	}
	reinstate, err := known(members, change.Reinstate)
	if err != nil {
		return nil, err
	}
	var after []types.Member
	for _, member := range members {
		if reinstate[member.Index] {
			if member.IsActive() || remove[member.Index] {
				return nil, types.ErrInvalidMember.Wrapf("member %d is not to be reinstated", member.Index)
			}
			member.Status = types.Status_STATUS_ACTIVE
		}
		if !remove[member.Index] {
			after = append(after, member)
		}
	}
	for i, member := range change.Add {
		member.Index, member.Status = uint32(nextIndex)+uint32(i), types.Status_STATUS_ACTIVE
		after = append(after, member)
	}
	return after, types.ValidateMembers(after)
}

// known is the set of these indices, each of which must be a member's and stand once.
func known(members []types.Member, indices []uint32) (map[uint32]bool, error) {
	exists, chosen := map[uint32]bool{}, map[uint32]bool{}
	for _, member := range members {
		exists[member.Index] = true
	}
	for _, index := range indices {
		if !exists[index] || chosen[index] {
			return nil, types.ErrUnknownMember.Wrapf("index %d", index)
		}
		chosen[index] = true
	}
	return chosen, nil
}

// checkBounds holds a change against the set that checkers know: enough of it must remain for light
// clients and offline checkers to follow, and for quorums before and after to overlap.
func (k Keeper) checkBounds(ctx context.Context, members []types.Member) error {
	current, err := k.CurrentSet(ctx)
	if err != nil {
		return err
	}
	genesis, err := k.Set(ctx, 0)
	if err != nil {
		return err
	}
	before, active := len(current.Set.WorkerKeys), types.Active(members)
	if least := min(types.MembersMin, len(genesis.Set.WorkerKeys)); len(active) < least {
		return types.ErrOutOfBounds.Wrapf("%d active members would remain, at least %d must", len(active), least)
	}
	stay := 0
	for _, member := range active {
		if current.Set.Has(member.WorkerKey) {
			stay++
		}
	}
	changed, most := max(len(active)-stay, before-stay), max(1, before/3)
	if changed > most {
		return types.ErrOutOfBounds.Wrapf("%d members change, at most %d may at once", changed, most)
	}
	return nil
}

func (k Keeper) nextIndex(ctx context.Context) (uint64, error) {
	return k.getUint(ctx, types.NextIndexKey)
}
