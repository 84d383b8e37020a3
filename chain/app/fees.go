package app

import (
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
)

// checkFee lets members' transactions wait for a block whatever they pay, and others' only where they
// pay the member's minimum. Anybody has an account who was once paid to, from another chain too: if
// that were enough to fill blocks, nothing else would get in.
func (a *App) checkFee(ctx sdk.Context, tx sdk.Tx) (sdk.Coins, int64, error) {
	feeTx, ok := tx.(sdk.FeeTx)
	if !ok {
		return nil, 0, sdkerrors.ErrTxDecode.Wrap("the transaction has no fee")
	}
	fee := feeTx.GetFee()
	if !ctx.IsCheckTx() { // what a proposer let in is in
		return fee, 0, nil
	}
	isFree, err := a.paysNothing(ctx, feeTx.FeePayer())
	if err != nil || isFree {
		return fee, 0, err
	}
	if least := leastFee(ctx.MinGasPrices(), feeTx.GetGas()); len(least) > 0 && !fee.IsAnyGTE(least) {
		return nil, 0, sdkerrors.ErrInsufficientFee.Wrapf("%s, of at least %s", fee, least)
	}
	return fee, 0, nil
}

// paysNothing tells whether the account is one that the members answer for.
func (a *App) paysNothing(ctx sdk.Context, account sdk.AccAddress) (bool, error) {
	if _, isWorker, err := a.Members.ActiveWorker(ctx, account); err != nil || isWorker {
		return isWorker, err
	}
	if _, isOperator, err := a.Members.ActiveOperator(ctx, account); err != nil || isOperator {
		return isOperator, err
	}
	return a.NetworkMap.IsRegistrar(ctx, account)
}

func leastFee(prices sdk.DecCoins, gas uint64) sdk.Coins {
	var least sdk.Coins
	for _, price := range prices {
		amount := price.Amount.MulInt(math.NewIntFromUint64(gas)).Ceil().RoundInt()
		if amount.IsPositive() {
			least = append(least, sdk.NewCoin(price.Denom, amount))
		}
	}
	return least
}
