package adapters

import (
	"context"

	"cosmossdk.io/core/address"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	gov "github.com/cosmos/cosmos-sdk/x/gov/types"
	staking "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// Voters shows members to x/gov as its bonded validators.
type Voters struct{ Members Members }

var _ gov.StakingKeeper = Voters{}

func (Voters) ValidatorAddressCodec() address.Codec { return validatorCodec() }

func (v Voters) IterateBondedValidatorsByPower(
	ctx context.Context, visit func(index int64, validator staking.ValidatorI) (stop bool),
) error {
	members, err := v.Members.ActiveMembers(ctx)
	if err != nil {
		return err
	}
	for i, member := range members {
		validator, err := validatorOf(member)
		if err != nil {
			return err
		}
		if visit(int64(i), validator) {
			return nil
		}
	}
	return nil
}

func (v Voters) TotalBondedTokens(ctx context.Context) (math.Int, error) {
	members, err := v.Members.ActiveMembers(ctx)
	return math.NewInt(int64(len(members))), err
}

// IterateDelegations visits nothing: a member's vote is its own.
func (Voters) IterateDelegations(
	context.Context, sdk.AccAddress, func(int64, staking.DelegationI) (stop bool),
) error {
	return nil
}

// NoCommunityPool refuses what x/gov would pay to x/distribution.
type NoCommunityPool struct{}

var _ gov.DistributionKeeper = NoCommunityPool{}

func (NoCommunityPool) FundCommunityPool(context.Context, sdk.Coins, sdk.AccAddress) error {
	return sdkerrors.ErrNotSupported.Wrap("this chain has no community pool")
}
