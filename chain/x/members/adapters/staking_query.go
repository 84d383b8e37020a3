package adapters

import (
	"context"

	"cosmossdk.io/math"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	staking "github.com/cosmos/cosmos-sdk/x/staking/types"

	"stateset.example/chain/x/members/types"
)

// ConsensusParams reads what members agreed on of consensus itself.
type ConsensusParams interface {
	Get(context.Context) (cmtproto.ConsensusParams, error)
}

// StakingParams answers the one question about staking that relayers ask of every chain: for how
// long whoever signed a header can be held to it. Other questions are not implemented.
type StakingParams struct {
	staking.UnimplementedQueryServer
	Consensus ConsensusParams
}

// Params gives the age until which an equivocation can be proven as the unbonding time.
func (s StakingParams) Params(ctx context.Context, _ *staking.QueryParamsRequest) (*staking.QueryParamsResponse, error) {
	consensus, err := s.Consensus.Get(ctx)
	if err != nil {
		return nil, err
	}
	params := staking.Params{MaxValidators: types.MembersMax, MinCommissionRate: math.LegacyZeroDec()}
	if consensus.Evidence != nil {
		params.UnbondingTime = consensus.Evidence.MaxAgeDuration
	}
	return &staking.QueryParamsResponse{Params: params}, nil
}
