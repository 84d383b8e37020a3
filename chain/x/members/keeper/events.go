package keeper

import (
	"context"
	"strconv"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/members/types"
)

// What workers and operators watch for: a set to sign, a set that began, a member that lost its power.
const (
	eventPending   = "stateset.members.pending"
	eventBegun     = "stateset.members.begun"
	eventSuspended = "stateset.members.suspended"
)

func emitPending(ctx context.Context, set types.MemberSet) { emitSet(ctx, eventPending, set) }
func emitBegun(ctx context.Context, set types.MemberSet)   { emitSet(ctx, eventBegun, set) }

func emitSet(ctx context.Context, event string, set types.MemberSet) {
	emit(ctx, event,
		sdk.NewAttribute("epoch", strconv.FormatUint(set.Epoch, 10)),
		sdk.NewAttribute("quorum", strconv.FormatUint(uint64(set.Quorum), 10)))
}

func emitSuspended(ctx context.Context, index uint32, reason string) {
	emit(ctx, eventSuspended,
		sdk.NewAttribute("index", strconv.FormatUint(uint64(index), 10)),
		sdk.NewAttribute("reason", reason))
}

func emit(ctx context.Context, event string, attributes ...sdk.Attribute) {
	sdk.UnwrapSDKContext(ctx).EventManager().EmitEvent(sdk.NewEvent(event, attributes...))
}
