package keeper

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"stateset.example/chain/x/networkmap/types"
)

type msgServer struct{ Keeper }

// NewMsgServer takes the messages of the module.
func NewMsgServer(k Keeper) types.MsgServer { return msgServer{k} }

var _ types.MsgServer = msgServer{}

// SetStatus suspends, revokes or admits again. Who is revoked stays so.
func (s msgServer) SetStatus(ctx context.Context, msg *types.MsgSetStatus) (*types.MsgSetStatusResponse, error) {
	if err := s.assertRegistrar(ctx, msg.Registrar); err != nil {
		return nil, err
	}
	if err := types.CheckStatus(msg.Status); err != nil {
		return nil, err
	}
	if err := checkReason(msg.Reason); err != nil {
		return nil, err
	}
	before, err := s.Keeper.Identity(ctx, msg.Id)
	if err != nil {
		return nil, err
	}
	if before.Status == msg.Status {
		return nil, types.ErrNoChange.Wrap(msg.Status.String())
	}
	if before.IsRevoked() {
		return nil, types.ErrRevoked.Wrapf("%x", msg.Id)
	}
	after := before
	after.Status = msg.Status
	event := types.EventMapChanged{What: types.CHANGE_STATUS, Reason: msg.Reason}
	return &types.MsgSetStatusResponse{}, s.replace(ctx, before, after, event)
}

// SetRoles makes these all that an identity has.
func (s msgServer) SetRoles(ctx context.Context, msg *types.MsgSetRoles) (*types.MsgSetRolesResponse, error) {
	if err := s.assertRegistrar(ctx, msg.Registrar); err != nil {
		return nil, err
	}
	if err := types.CheckRoles(msg.Roles); err != nil {
		return nil, err
	}
	before, err := s.Keeper.Identity(ctx, msg.Id)
	if err != nil {
		return nil, err
	}
	if before.IsRevoked() {
		return nil, types.ErrRevoked.Wrapf("%x", msg.Id)
	}
	if types.AreSameRoles(before.Roles, msg.Roles) {
		return nil, types.ErrNoChange.Wrap("roles")
	}
	after := before
	after.Roles = msg.Roles
	event := types.EventMapChanged{What: types.CHANGE_ROLES}
	return &types.MsgSetRolesResponse{}, s.replace(ctx, before, after, event)
}

// SetRegistrars makes these all the registrars there are.
func (s msgServer) SetRegistrars(ctx context.Context, msg *types.MsgSetRegistrars) (*types.MsgSetRegistrarsResponse, error) {
	if err := s.assertAuthority(msg.Authority); err != nil {
		return nil, err
	}
	accounts, err := types.ParseRegistrars(msg.Registrars)
	if err != nil {
		return nil, err
	}
	if err := s.setRegistrars(ctx, accounts); err != nil {
		return nil, err
	}
	event := types.EventMapChanged{What: types.CHANGE_REGISTRARS}
	return &types.MsgSetRegistrarsResponse{}, s.tellNext(ctx, event)
}

// SetNotice counts for announcements that are yet to come.
func (s msgServer) SetNotice(ctx context.Context, msg *types.MsgSetNotice) (*types.MsgSetNoticeResponse, error) {
	if err := s.assertAuthority(msg.Authority); err != nil {
		return nil, err
	}
	if err := types.CheckNotice(msg.NoticeBlocks); err != nil {
		return nil, err
	}
	before, err := s.getUint(ctx, types.NoticeKey)
	if err != nil {
		return nil, err
	}
	if before == uint64(msg.NoticeBlocks) {
		return nil, types.ErrNoChange.Wrap("notice")
	}
	if err := s.setUint(ctx, types.NoticeKey, uint64(msg.NoticeBlocks)); err != nil {
		return nil, err
	}
	event := types.EventMapChanged{What: types.CHANGE_NOTICE}
	return &types.MsgSetNoticeResponse{}, s.tellNext(ctx, event)
}

// checkReason wants text that can stand in a log.
func checkReason(reason string) error {
	if len(reason) > types.ReasonBytesMax || !utf8.ValidString(reason) || strings.ContainsFunc(reason, unicode.IsControl) {
		return types.ErrOutOfBounds.Wrapf("a reason is one line of at most %d bytes", types.ReasonBytesMax)
	}
	return nil
}
