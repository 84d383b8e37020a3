// Package adapters lets modules that expect x/staking, x/slashing and x/distribution work with
// members instead: each is a validator with one token that nobody can delegate.
package adapters

import (
	"context"

	"cosmossdk.io/core/address"
	"cosmossdk.io/math"

	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	staking "github.com/cosmos/cosmos-sdk/x/staking/types"

	"stateset.example/chain/x/members/types"
)

// Members is what the adapters ask of the keeper.
type Members interface {
	ActiveMembers(context.Context) ([]types.Member, error)
	ActiveOperator(context.Context, sdk.AccAddress) (types.Member, bool, error)
	ByConsensusAddress(context.Context, sdk.ConsAddress) (types.Member, bool, error)
	Suspend(ctx context.Context, index uint32, reason string) error
}

func validatorOf(member types.Member) (staking.Validator, error) {
	operator, err := member.OperatorAddress()
	if err != nil {
		return staking.Validator{}, err
	}
	key, err := codectypes.NewAnyWithValue(&ed25519.PubKey{Key: member.ConsensusKey})
	if err != nil {
		return staking.Validator{}, err
	}
	validator := staking.Validator{
		OperatorAddress:   sdk.ValAddress(operator).String(),
		ConsensusPubkey:   key,
		Description:       staking.Description{Moniker: member.Name},
		Status:            staking.Bonded,
		Tokens:            math.OneInt(),
		DelegatorShares:   math.LegacyOneDec(),
		MinSelfDelegation: math.OneInt(),
		Commission:        staking.NewCommission(math.LegacyZeroDec(), math.LegacyZeroDec(), math.LegacyZeroDec()),
	}
	if !member.IsActive() {
		validator.Status, validator.Jailed = staking.Unbonded, true
		validator.Tokens, validator.DelegatorShares = math.ZeroInt(), math.LegacyZeroDec()
	}
	return validator, nil
}

func validatorCodec() address.Codec {
	return addresscodec.NewBech32Codec(sdk.GetConfig().GetBech32ValidatorAddrPrefix())
}

func consensusCodec() address.Codec {
	return addresscodec.NewBech32Codec(sdk.GetConfig().GetBech32ConsensusAddrPrefix())
}
