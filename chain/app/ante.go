package app

import (
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	ibcante "github.com/cosmos/ibc-go/v10/modules/core/ante"

	notarykeeper "stateset.example/chain/x/notary/keeper"
)

// anteHandler is what every transaction passes before its messages are carried out: form, size,
// fee, and the signatures of its signers, which Ed25519 keys may make.
func (a *App) anteHandler() sdk.AnteHandler {
	return sdk.ChainAnteDecorators(
		ante.NewSetUpContextDecorator(), // the gas meter, so it is the outermost
		ante.NewExtensionOptionsDecorator(nil),
		ante.NewValidateBasicDecorator(),
		ante.NewTxTimeoutHeightDecorator(),
		ante.NewValidateMemoDecorator(a.Accounts),
		ante.NewConsumeGasForTxSizeDecorator(a.Accounts),
		ante.NewDeductFeeDecorator(a.Accounts, a.Bank, nil, a.checkFee),
		ante.NewSetPubKeyDecorator(a.Accounts), // before anything that reads keys
		ante.NewValidateSigCountDecorator(a.Accounts),
		ante.NewSigGasConsumeDecorator(a.Accounts, ante.DefaultSigVerificationGasConsumer),
		ante.NewSigVerificationDecorator(a.Accounts, a.txConfig.SignModeHandler()),
		ante.NewIncrementSequenceDecorator(a.Accounts),
		notarykeeper.NewAdmission(a.Notary),
		ibcante.NewRedundantRelayDecorator(a.IBC),
	)
}
