package keeper

import (
	"context"

	"stateset.example/chain/x/notary/types"
)

var _ types.MsgServer = Keeper{}

// UpdateParams replaces all parameters, as a proposal decided.
func (k Keeper) UpdateParams(ctx context.Context, msg *types.MsgUpdateParams) (*types.MsgUpdateParamsResponse, error) {
	if msg.Authority != k.authority {
		return nil, types.ErrNotAuthority.Wrap(msg.Authority)
	}
	if err := msg.Params.Validate(); err != nil {
		return nil, err
	}
	return &types.MsgUpdateParamsResponse{}, k.setParams(ctx, msg.Params)
}
