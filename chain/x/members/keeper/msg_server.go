package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/members/types"
)

const reasonBytesMax = 1024

type msgServer struct{ Keeper }

func NewMsgServer(k Keeper) types.MsgServer { return msgServer{k} }

func (m msgServer) UpdateMembers(ctx context.Context, msg *types.MsgUpdateMembers) (*types.MsgUpdateMembersResponse, error) {
	if msg.Authority != m.authority {
		return nil, types.ErrNotAuthority.Wrap(msg.Authority)
	}
	epoch, err := m.Keeper.UpdateMembers(ctx, *msg)
	if err != nil {
		return nil, err
	}
	return &types.MsgUpdateMembersResponse{Epoch: epoch}, nil
}

func (m msgServer) SignMemberSet(ctx context.Context, msg *types.MsgSignMemberSet) (*types.MsgSignMemberSetResponse, error) {
	worker, err := sdk.AccAddressFromBech32(msg.Worker)
	if err != nil {
		return nil, types.ErrNotWorker.Wrap(err.Error())
	}
	isAgreed, err := m.Keeper.SignMemberSet(ctx, worker, msg.Epoch, msg.Signature)
	if err != nil {
		return nil, err
	}
	return &types.MsgSignMemberSetResponse{InEffect: isAgreed}, nil
}

func (m msgServer) SuspendMember(ctx context.Context, msg *types.MsgSuspendMember) (*types.MsgSuspendMemberResponse, error) {
	if msg.Authority != m.authority {
		return nil, types.ErrNotAuthority.Wrap(msg.Authority)
	}
	if len(msg.Reason) > reasonBytesMax {
		return nil, types.ErrOutOfBounds.Wrapf("reason of at most %d bytes expected", reasonBytesMax)
	}
	if err := m.checkDispensable(ctx, msg.Index); err != nil {
		return nil, err
	}
	if err := m.Suspend(ctx, msg.Index, msg.Reason); err != nil {
		return nil, err
	}
	return &types.MsgSuspendMemberResponse{}, nil
}
