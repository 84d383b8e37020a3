package adapters

import (
	"context"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	govkeeper "github.com/cosmos/cosmos-sdk/x/gov/keeper"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
)

// Tally makes a proposal pass with the votes of more than half of all active members, where x/gov
// would count only those that voted: who is silent or abstains does not agree.
//
// x/gov divides what said yes by the total less what abstained. So the total given to it is all
// members, and once more what abstained.
func Tally(members Members) govkeeper.CalculateVoteResultsAndVotingPowerFn {
	return func(
		ctx context.Context, gov govkeeper.Keeper, proposal govv1.Proposal, _ map[string]govv1.ValidatorGovInfo,
	) (math.LegacyDec, map[govv1.VoteOption]math.LegacyDec, error) {
		results := map[govv1.VoteOption]math.LegacyDec{
			govv1.OptionYes: math.LegacyZeroDec(), govv1.OptionAbstain: math.LegacyZeroDec(),
			govv1.OptionNo: math.LegacyZeroDec(), govv1.OptionNoWithVeto: math.LegacyZeroDec(),
		}
		votes, err := takeVotes(ctx, gov, proposal.Id)
		if err != nil {
			return math.LegacyDec{}, nil, err
		}
		for _, vote := range votes {
			if err := count(ctx, members, vote, results); err != nil {
				return math.LegacyDec{}, nil, err
			}
		}
		active, err := members.ActiveMembers(ctx)
		total := math.LegacyNewDec(int64(len(active))).Add(results[govv1.OptionAbstain])
		return total, results, err
	}
}

// takeVotes removes the votes that it reads, as x/gov does: a tally is final.
func takeVotes(ctx context.Context, gov govkeeper.Keeper, proposal uint64) ([]govv1.Vote, error) {
	var keys []collections.Pair[uint64, sdk.AccAddress]
	var votes []govv1.Vote
	ofProposal := collections.NewPrefixedPairRange[uint64, sdk.AccAddress](proposal)
	err := gov.Votes.Walk(ctx, ofProposal, func(key collections.Pair[uint64, sdk.AccAddress], vote govv1.Vote) (bool, error) {
		keys, votes = append(keys, key), append(votes, vote)
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if err := gov.Votes.Remove(ctx, key); err != nil {
			return nil, err
		}
	}
	return votes, nil
}

func count(ctx context.Context, members Members, vote govv1.Vote, results map[govv1.VoteOption]math.LegacyDec) error {
	voter, err := sdk.AccAddressFromBech32(vote.Voter)
	if err != nil {
		return err
	}
	_, isMember, err := members.ActiveOperator(ctx, voter)
	if err != nil || !isMember {
		return err
	}
	for _, option := range vote.Options {
		weight, err := math.LegacyNewDecFromStr(option.Weight)
		if err != nil {
			return err
		}
		results[option.Option] = results[option.Option].Add(weight)
	}
	return nil
}
