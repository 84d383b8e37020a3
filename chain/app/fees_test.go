package app_test

import (
	"strings"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/viper"

	"cosmossdk.io/log"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"stateset.example/chain/app"
	networkmaptypes "stateset.example/chain/x/networkmap/types"
)

// newPricedChain is a chain whose member wants a fee of whoever is no member's.
func newPricedChain(t *testing.T) *chain {
	t.Helper()
	c := newChain(t, 4)
	c.app = app.New(log.NewNopLogger(), dbm.NewMemDB(), nil, true, viper.New(),
		baseapp.SetChainID(chainID), baseapp.SetMinGasPrices("0.001"+app.FeeDenom))
	c.init(c.genesis.AppState, 1)
	c.next()
	return c
}

func (c *chain) onArrival(tx []byte) *abci.ResponseCheckTx {
	return must(c.app.CheckTx(&abci.RequestCheckTx{Tx: tx}))
}

// Whoever was once paid to has an account. Without a fee it could fill every block.
func TestStrangersPayForTheirPlace(t *testing.T) {
	c := newPricedChain(t)
	key := ed25519.GenPrivKeyFromSecret([]byte("stranger"))
	stranger := sdk.AccAddress(key.PubKey().Address()).String()
	member := c.made.Members[0].Operator
	payment := pay(c, member, stranger)
	payment.Amount = sdk.NewCoins(sdk.NewInt64Coin(app.FeeDenom, 1_000_000))
	c.accept(c.operatorTx(0, payment))

	account := c.app.Accounts.GetAccount(c.context(), sdk.MustAccAddressFromBech32(stranger))
	by := []txSigner{{key: key, account: account.GetAccountNumber()}}
	if answer := c.onArrival(makeTx(c.app.TxConfig(), time.Time{}, by, pay(c, stranger, member))); answer.Code != sdkerrors.ErrInsufficientFee.ABCICode() {
		t.Errorf("without a fee: %d %s", answer.Code, answer.Log)
	}
	by[0].fee = gasLimit/1000 - 1
	if answer := c.onArrival(makeTx(c.app.TxConfig(), time.Time{}, by, pay(c, stranger, member))); !strings.Contains(answer.Log, "insufficient fee") {
		t.Errorf("with too small a fee: %d %s", answer.Code, answer.Log)
	}
	by[0].fee = gasLimit / 1000
	if answer := c.onArrival(makeTx(c.app.TxConfig(), time.Time{}, by, pay(c, stranger, member))); answer.Code != 0 {
		t.Errorf("with a fee: %s", answer.Log)
	}
}

func TestMembersAndRegistrarsPayNothing(t *testing.T) {
	c := newPricedChain(t)
	first := c.made.Members[0]
	for name, tx := range map[string][]byte{
		"an operator": c.operatorTx(1, pay(c, c.made.Members[1].Operator, first.Operator)),
		"a worker":    c.workerTx(2, &networkmaptypes.MsgSetStatus{Registrar: c.made.Members[2].Worker}),
	} {
		if answer := c.onArrival(tx); answer.Code != 0 {
			t.Errorf("%s: %s", name, answer.Log)
		}
	}
	key := ed25519.GenPrivKeyFromSecret([]byte("registrar"))
	registrar := sdk.AccAddress(key.PubKey().Address())
	c.accept(c.operatorTx(0, pay(c, first.Operator, registrar.String())))
	account := c.app.Accounts.GetAccount(c.context(), registrar)
	by := []txSigner{{key: key, account: account.GetAccountNumber()}}
	message := &networkmaptypes.MsgSetStatus{Registrar: registrar.String()}
	if answer := c.onArrival(makeTx(c.app.TxConfig(), time.Time{}, by, message)); answer.Code == 0 {
		t.Error("a stranger pays nothing")
	}
	c.mustGovern(&networkmaptypes.MsgSetRegistrars{Authority: govAuthority(), Registrars: []string{registrar.String()}})
	if answer := c.onArrival(makeTx(c.app.TxConfig(), time.Time{}, by, message)); answer.Code != 0 {
		t.Errorf("a registrar: %s", answer.Log)
	}
}
