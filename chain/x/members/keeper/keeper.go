// Package keeper keeps a cluster's members, their sets by epoch, and the change that is under way.
package keeper

import (
	"context"

	"cosmossdk.io/core/store"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/members/types"
)

type Keeper struct {
	store    store.KVStoreService
	accounts types.AccountKeeper
	// authority is the account whose messages passed a vote.
	authority string
}

func NewKeeper(store store.KVStoreService, accounts types.AccountKeeper, authority string) Keeper {
	return Keeper{store: store, accounts: accounts, authority: authority}
}

// ActiveWorker is the active member whose worker has this account.
func (k Keeper) ActiveWorker(ctx context.Context, worker sdk.AccAddress) (types.Member, bool, error) {
	return k.find(ctx, func(m types.Member) bool {
		return m.IsActive() && m.WorkerAddress().Equals(worker)
	})
}

// ActiveOperator is the active member whose operator has this account.
func (k Keeper) ActiveOperator(ctx context.Context, operator sdk.AccAddress) (types.Member, bool, error) {
	return k.find(ctx, func(m types.Member) bool {
		address, err := m.OperatorAddress()
		return m.IsActive() && err == nil && address.Equals(operator)
	})
}

// ByConsensusAddress is the member, suspended or not, that consensus knows by this address.
func (k Keeper) ByConsensusAddress(ctx context.Context, address sdk.ConsAddress) (types.Member, bool, error) {
	return k.find(ctx, func(m types.Member) bool { return m.ConsensusAddress().Equals(address) })
}

// ActiveMembers are those that have power, in the order of their indices.
func (k Keeper) ActiveMembers(ctx context.Context) ([]types.Member, error) {
	members, err := k.Members(ctx)
	return types.Active(members), err
}

// CurrentSet is the set that signs receipts now.
func (k Keeper) CurrentSet(ctx context.Context) (types.MemberSetRecord, error) {
	epoch, err := k.Epoch(ctx)
	if err != nil {
		return types.MemberSetRecord{}, err
	}
	return k.Set(ctx, epoch)
}

func (k Keeper) find(ctx context.Context, is func(types.Member) bool) (types.Member, bool, error) {
	members, err := k.Members(ctx)
	if err != nil {
		return types.Member{}, false, err
	}
	for _, member := range members {
		if is(member) {
			return member, true, nil
		}
	}
	return types.Member{}, false, nil
}

// openAccounts makes sure that members can sign transactions: an account that was never paid to
// does not exist.
func (k Keeper) openAccounts(ctx context.Context, members []types.Member) error {
	for _, member := range members {
		operator, err := member.OperatorAddress()
		if err != nil {
			return err
		}
		for _, address := range []sdk.AccAddress{operator, member.WorkerAddress()} {
			if k.accounts.GetAccount(ctx, address) == nil {
				k.accounts.SetAccount(ctx, k.accounts.NewAccountWithAddress(ctx, address))
			}
		}
	}
	return nil
}
