package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/networkmap/types"
)

// AnnounceParameters makes the next version known, in time for nodes to get ready.
func (s msgServer) AnnounceParameters(ctx context.Context, msg *types.MsgAnnounceParameters) (*types.MsgAnnounceParametersResponse, error) {
	if err := s.assertAuthority(msg.Authority); err != nil {
		return nil, err
	}
	network, err := s.network(ctx)
	if err != nil {
		return nil, err
	}
	parameters, err := types.ParseNetworkParameters(msg.Canonical, network)
	if err != nil {
		return nil, err
	}
	if _, _, found, err := s.announced(ctx); err != nil {
		return nil, err
	} else if found {
		return nil, types.ErrOtherAnnounced
	}
	epoch, err := s.nextEpoch(ctx)
	if err != nil {
		return nil, err
	}
	if parameters.Epoch != epoch {
		return nil, types.ErrWrongEpoch.Wrapf("parameters of epoch %d are next", epoch)
	}
	if err := s.checkFlagHeight(ctx, msg.FlagHeight); err != nil {
		return nil, err
	}
	hash := parameters.Hash[:]
	version := types.Parameters{Epoch: epoch, Canonical: msg.Canonical, Hash: hash, FlagHeight: msg.FlagHeight}
	if err := s.announce(ctx, version); err != nil {
		return nil, err
	}
	event := types.EventMapChanged{What: types.CHANGE_PARAMETERS_ANNOUNCED, Parameters: hash}
	return &types.MsgAnnounceParametersResponse{Hash: hash}, s.tellNext(ctx, event)
}

// checkFlagHeight leaves as many blocks as governance wants between the announcement and the flag.
func (s msgServer) checkFlagHeight(ctx context.Context, flagHeight int64) error {
	notice, err := s.getUint(ctx, types.NoticeKey)
	if err != nil {
		return err
	}
	height := sdk.UnwrapSDKContext(ctx).BlockHeight()
	isAhead := flagHeight > height
	if distance := flagHeight - height; !isAhead || distance < int64(notice) || distance > types.FlagDistanceMax {
		return types.ErrBadFlagHeight.Wrapf("%d is not %d to %d blocks after %d", flagHeight, notice, types.FlagDistanceMax, height)
	}
	return nil
}

// WithdrawParameters takes an announcement back; at the flag height it is too late.
func (s msgServer) WithdrawParameters(ctx context.Context, msg *types.MsgWithdrawParameters) (*types.MsgWithdrawParametersResponse, error) {
	if err := s.assertAuthority(msg.Authority); err != nil {
		return nil, err
	}
	if err := s.withdraw(ctx, msg.Hash); err != nil {
		return nil, err
	}
	event := types.EventMapChanged{What: types.CHANGE_PARAMETERS_WITHDRAWN, Parameters: msg.Hash}
	return &types.MsgWithdrawParametersResponse{}, s.tellNext(ctx, event)
}

// AcceptParameters notes who is ready. The flag height does not wait for anybody.
func (s msgServer) AcceptParameters(ctx context.Context, msg *types.MsgAcceptParameters) (*types.MsgAcceptParametersResponse, error) {
	identity, err := s.activeIdentity(ctx, msg.Id)
	if err != nil {
		return nil, err
	}
	if _, _, err := s.announcedVersion(ctx, msg.Hash); err != nil {
		return nil, err
	}
	key := types.AcceptanceKey(msg.Hash, msg.Id)
	if isThere, err := s.has(ctx, key); err != nil {
		return nil, err
	} else if isThere {
		return nil, types.ErrNoChange.Wrap("acceptance")
	}
	network, err := s.network(ctx)
	if err != nil {
		return nil, err
	}
	statement := types.AcceptanceStatement(network, msg.Id, msg.Hash)
	if err := checkSignature(ctx, msg.Signature, statement, identity.Key); err != nil {
		return nil, err
	}
	if err := s.set(ctx, key, []byte{1}); err != nil {
		return nil, err
	}
	event := types.EventMapChanged{What: types.CHANGE_PARAMETERS_ACCEPTED, Id: msg.Id, Parameters: msg.Hash}
	return &types.MsgAcceptParametersResponse{}, s.tellNext(ctx, event)
}
