package keeper_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"testing"

	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"stateset.example/chain/x/members/keeper"
	"stateset.example/chain/x/members/types"
)

const (
	authority = "gov"
	chainID   = "cluster-1"
)

// fixture is a cluster of members m0, m1, … whose keys are known.
type fixture struct {
	*testing.T
	keeper   keeper.Keeper
	ctx      sdk.Context
	accounts accounts
}

func newFixture(t *testing.T, members int) *fixture {
	t.Helper()
	f := emptyFixture(t)
	updates, err := f.keeper.InitGenesis(f.ctx, genesisOf(members))
	if err != nil {
		t.Fatal(err)
	}
	if len(updates) != members {
		t.Fatalf("%d members have power, expected %d", len(updates), members)
	}
	return f
}

func emptyFixture(t *testing.T) *fixture {
	key := storetypes.NewKVStoreKey(types.StoreKey)
	ctx := testutil.DefaultContext(key, storetypes.NewTransientStoreKey("transient")).WithChainID(chainID)
	f := &fixture{T: t, ctx: ctx, accounts: accounts{}}
	f.keeper = keeper.NewKeeper(runtime.NewKVStoreService(key), f.accounts, authority)
	return f
}

func genesisOf(members int) types.GenesisState {
	network := sha256.Sum256([]byte("network"))
	genesis := types.GenesisState{Network: types.Network{NetworkId: network[:], Kind: types.KindNonValidating}}
	for i := range members {
		genesis.Members = append(genesis.Members, memberOf(i))
	}
	return genesis
}

func memberOf(i int) types.Member {
	operator := sha256.Sum256(fmt.Appendf(nil, "operator %d", i))
	return types.Member{
		Index: uint32(i), Name: fmt.Sprintf("m%d", i), Operator: sdk.AccAddress(operator[:20]).String(),
		ConsensusKey: publicOf(keyOf("consensus", i)), WorkerKey: publicOf(keyOf("worker", i)),
		Status: types.Status_STATUS_ACTIVE,
	}
}

func keyOf(role string, i int) ed25519.PrivateKey {
	seed := sha256.Sum256(fmt.Appendf(nil, "%s %d", role, i))
	return ed25519.NewKeyFromSeed(seed[:])
}

func publicOf(key ed25519.PrivateKey) []byte { return key.Public().(ed25519.PublicKey) }

// decide makes a change the pending one, as a proposal that passed would.
func (f *fixture) decide(change types.MsgUpdateMembers) error {
	change.Authority = authority
	_, err := keeper.NewMsgServer(f.keeper).UpdateMembers(f.ctx, &change)
	return err
}

// sign agrees to the pending set as the worker of m<i>.
func (f *fixture) sign(i int) error {
	pending := f.pending()
	return f.signAs(i, pending.Record.Set.Epoch, f.signatureOf(i, pending.Record))
}

func (f *fixture) signAs(i int, epoch uint64, signature []byte) error {
	_, err := keeper.NewMsgServer(f.keeper).SignMemberSet(f.ctx, &types.MsgSignMemberSet{
		Worker: memberOf(i).WorkerAddress().String(), Epoch: epoch, Signature: signature,
	})
	return err
}

func (f *fixture) signatureOf(i int, record types.MemberSetRecord) []byte {
	network := must(f.keeper.Network(f.ctx))
	payload := record.Payload(network)
	message := payload.Message()
	return ed25519.Sign(keyOf("worker", i), message[:])
}

func (f *fixture) pending() *types.PendingSet {
	f.Helper()
	pending := must(f.keeper.Pending(f.ctx))
	if pending == nil {
		f.Fatal("nothing is pending")
	}
	return pending
}

// endBlock is the powers that change at the end of a block, by consensus key.
func (f *fixture) endBlock() map[string]int64 {
	powers := map[string]int64{}
	for _, update := range must(f.keeper.EndBlock(f.ctx)) {
		powers[string(update.PubKey.GetEd25519())] = update.Power
	}
	return powers
}

func (f *fixture) expectPowers(found map[string]int64, expected map[int]int64) {
	f.Helper()
	if len(found) != len(expected) {
		f.Errorf("%d powers change, expected %d", len(found), len(expected))
	}
	for i, power := range expected {
		if got, isTold := found[string(memberOf(i).ConsensusKey)]; !isTold || got != power {
			f.Errorf("power of m%d: %d (told: %t), expected %d", i, got, isTold, power)
		}
	}
}

func (f *fixture) expectEpoch(expected uint64) {
	f.Helper()
	if epoch := must(f.keeper.Epoch(f.ctx)); epoch != expected {
		f.Fatalf("epoch %d, expected %d", epoch, expected)
	}
}

// handOver lets a quorum of these workers sign what is pending.
func (f *fixture) handOver(workers ...int) {
	f.Helper()
	for _, i := range workers {
		if err := f.sign(i); err != nil {
			f.Fatalf("m%d: %s", i, err)
		}
	}
	f.endBlock()
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// accounts are those opened so far.
type accounts map[string]sdk.AccountI

func (a accounts) GetAccount(_ context.Context, address sdk.AccAddress) sdk.AccountI {
	if account, isOpen := a[address.String()]; isOpen {
		return account
	}
	return nil
}

func (a accounts) NewAccountWithAddress(_ context.Context, address sdk.AccAddress) sdk.AccountI {
	return authtypes.NewBaseAccountWithAddress(address)
}

func (a accounts) SetAccount(_ context.Context, account sdk.AccountI) {
	a[account.GetAddress().String()] = account
}
