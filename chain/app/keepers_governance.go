package app

import (
	evidencekeeper "cosmossdk.io/x/evidence/keeper"
	evidencetypes "cosmossdk.io/x/evidence/types"

	"github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/runtime"
	govkeeper "github.com/cosmos/cosmos-sdk/x/gov/keeper"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"

	"stateset.example/chain/x/members/adapters"
	memberskeeper "stateset.example/chain/x/members/keeper"
	memberstypes "stateset.example/chain/x/members/types"
)

// wireGovernance makes members the voters and the accused: there is no stake.
func (a *App) wireGovernance() {
	a.Members = memberskeeper.NewKeeper(a.store(memberstypes.StoreKey), a.Accounts, authority())
	a.Gov = govkeeper.NewKeeper(
		a.cdc, a.store(govtypes.StoreKey), a.Accounts, a.Bank,
		adapters.Voters{Members: a.Members}, adapters.NoCommunityPool{},
		a.MsgServiceRouter(), govtypes.DefaultConfig(), authority(),
		govkeeper.WithCustomCalculateVoteResultsAndVotingPowerFn(adapters.Tally(a.Members)))
	a.Gov.SetLegacyRouter(govv1beta1.NewRouter().
		AddRoute(govtypes.RouterKey, govv1beta1.ProposalHandler))

	accused := adapters.Accused{Members: a.Members}
	a.Evidence = evidencekeeper.NewKeeper(
		a.cdc, a.store(evidencetypes.StoreKey), accused, accused,
		address.NewBech32Codec(AddressPrefix), runtime.ProvideCometInfoService())
	// Evidence comes from consensus alone: no kind of it can be submitted.
	a.Evidence.SetRouter(evidencetypes.NewRouter())
}
