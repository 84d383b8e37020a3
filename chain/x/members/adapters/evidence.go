package adapters

import (
	"context"
	"time"

	evidence "cosmossdk.io/x/evidence/types"

	"cosmossdk.io/core/address"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	staking "github.com/cosmos/cosmos-sdk/x/staking/types"

	"stateset.example/chain/x/members/types"
)

// Accused shows members to x/evidence as validators. Proven equivocation suspends; there is no stake
// to take, and no punishment for being away.
type Accused struct{ Members Members }

var (
	_ evidence.StakingKeeper  = Accused{}
	_ evidence.SlashingKeeper = Accused{}
)

func (Accused) ConsensusAddressCodec() address.Codec { return consensusCodec() }

// ValidatorByConsAddr is nil for whoever left: it has nothing more to lose.
func (a Accused) ValidatorByConsAddr(ctx context.Context, who sdk.ConsAddress) (staking.ValidatorI, error) {
	member, found, err := a.Members.ByConsensusAddress(ctx, who)
	if err != nil || !found {
		return nil, err
	}
	return validatorOf(member)
}

func (Accused) GetParams(context.Context) (staking.Params, error) {
	return staking.DefaultParams(), nil
}

func (a Accused) GetPubkey(ctx context.Context, who cryptotypes.Address) (cryptotypes.PubKey, error) {
	member, found, err := a.Members.ByConsensusAddress(ctx, sdk.ConsAddress(who))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, types.ErrUnknownMember.Wrap(sdk.ConsAddress(who).String())
	}
	return &ed25519.PubKey{Key: member.ConsensusKey}, nil
}

func (a Accused) IsTombstoned(ctx context.Context, who sdk.ConsAddress) bool {
	member, found, err := a.Members.ByConsensusAddress(ctx, who)
	return err == nil && found && !member.IsActive()
}

func (a Accused) HasValidatorSigningInfo(ctx context.Context, who sdk.ConsAddress) bool {
	_, found, err := a.Members.ByConsensusAddress(ctx, who)
	return err == nil && found
}

// Jail suspends. The last active member keeps its power, since without any the chain could not even
// elect another.
func (a Accused) Jail(ctx context.Context, who sdk.ConsAddress) error {
	member, found, err := a.Members.ByConsensusAddress(ctx, who)
	if err != nil || !found {
		return err
	}
	err = a.Members.Suspend(ctx, member.Index, "equivocation")
	if types.ErrLastMember.Is(err) {
		sdk.UnwrapSDKContext(ctx).Logger().Error("the last active member has equivocated", "member", member.Name)
		return nil
	}
	return err
}

func (Accused) Tombstone(context.Context, sdk.ConsAddress) error            { return nil }
func (Accused) JailUntil(context.Context, sdk.ConsAddress, time.Time) error { return nil }

func (Accused) SlashFractionDoubleSign(context.Context) (math.LegacyDec, error) {
	return math.LegacyZeroDec(), nil
}

func (Accused) Slash(context.Context, sdk.ConsAddress, math.LegacyDec, int64, int64) error {
	return nil
}

func (Accused) SlashWithInfractionReason(
	context.Context, sdk.ConsAddress, math.LegacyDec, int64, int64, staking.Infraction,
) error {
	return nil
}
