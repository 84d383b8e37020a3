package cluster

import (
	"encoding/json"
	"slices"
	"time"

	cmttypes "github.com/cometbft/cometbft/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"

	"stateset.example/chain/app"
	"stateset.example/chain/x/members/types"
	networkmaptypes "stateset.example/chain/x/networkmap/types"
)

const (
	operatorBalance = 1_000_000_000_000
	proposalDeposit = 1_000_000
	blockBytesMax   = 4 << 20
	// evidenceAge is how long an equivocation can still be proven; light clients of this chain must
	// not trust a header for longer.
	evidenceAge       = 14 * 24 * time.Hour
	evidenceAgeBlocks = 1_000_000
)

func newGenesis(blank *app.App, plan Plan, members []types.Member) ([]byte, error) {
	cdc, states := blank.Codec(), blank.DefaultGenesis()
	states.Put(cdc, types.ModuleName, &types.GenesisState{
		Network: types.Network{NetworkId: plan.Network, Kind: plan.Kind}, Members: members,
	})
	states.Put(cdc, networkmaptypes.ModuleName, mapGenesis(plan, members))
	if err := plan.putModuleGenesis(cdc, states); err != nil {
		return nil, err
	}
	states.Put(cdc, banktypes.ModuleName, bankGenesis(members))
	states.Put(cdc, govtypes.ModuleName, govv1.NewGenesisState(1, govParams(plan.VotingPeriod)))
	if err := blank.ValidateGenesis(states); err != nil {
		return nil, err
	}
	appState, err := json.Marshal(states)
	if err != nil {
		return nil, err
	}
	genesis := genutiltypes.NewAppGenesisWithVersion(plan.ChainID, appState)
	genesis.GenesisTime = time.Now().UTC().Truncate(time.Millisecond)
	genesis.InitialHeight = 1
	genesis.Consensus.Params = consensusParams()
	if err := genesis.ValidateAndComplete(); err != nil {
		return nil, err
	}
	return json.MarshalIndent(genesis, "", "  ")
}

// mapGenesis is an empty map of the network; any operator may register identities.
func mapGenesis(plan Plan, members []types.Member) *networkmaptypes.GenesisState {
	state := networkmaptypes.DefaultGenesisState()
	state.Network, state.NetworkGenesis = plan.Network, plan.NetworkGenesis
	for _, member := range members {
		state.Registrars = append(state.Registrars, member.Operator)
	}
	slices.Sort(state.Registrars)
	return state
}

// bankGenesis gives operators what they deposit with proposals; workers need nothing.
func bankGenesis(members []types.Member) *banktypes.GenesisState {
	state := banktypes.DefaultGenesisState()
	for _, member := range members {
		coins := coinsOf(operatorBalance)
		state.Balances = append(state.Balances, banktypes.Balance{Address: member.Operator, Coins: coins})
		state.Supply = state.Supply.Add(coins...)
	}
	return state
}

func govParams(votingPeriod time.Duration) govv1.Params {
	params := govv1.DefaultParams()
	expedited := votingPeriod / 2
	params.VotingPeriod, params.ExpeditedVotingPeriod = &votingPeriod, &expedited
	params.MinDeposit, params.ExpeditedMinDeposit = coinsOf(proposalDeposit), coinsOf(2*proposalDeposit)
	return params
}

func consensusParams() *cmttypes.ConsensusParams {
	params := cmttypes.DefaultConsensusParams()
	params.Block.MaxBytes = blockBytesMax
	params.Evidence.MaxAgeDuration = evidenceAge
	params.Evidence.MaxAgeNumBlocks = evidenceAgeBlocks
	return params
}

func coinsOf(amount int64) sdk.Coins { return sdk.NewCoins(sdk.NewInt64Coin(app.FeeDenom, amount)) }
