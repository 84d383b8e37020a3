package app_test

import (
	"context"
	"time"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"

	"stateset.example/chain/app"
)

const (
	signMode = signing.SignMode_SIGN_MODE_DIRECT
	gasLimit = 1_000_000
)

// txSigner is an account that signs a transaction, and the place in its order.
type txSigner struct {
	key               *ed25519.PrivKey
	account, sequence uint64
	// fee is what the first pays for all.
	fee int64
}

// makeTx is a transaction that all of them sign. With a deadline it is in no order, as workers have
// many in flight.
func makeTx(config client.TxConfig, deadline time.Time, signers []txSigner, messages ...sdk.Msg) []byte {
	builder := config.NewTxBuilder()
	check(builder.SetMsgs(messages...))
	builder.SetGasLimit(gasLimit)
	builder.SetFeeAmount(sdk.NewCoins(sdk.NewInt64Coin(app.FeeDenom, signers[0].fee)))
	if !deadline.IsZero() {
		builder.SetUnordered(true)
		builder.SetTimeoutTimestamp(deadline)
	}
	signatures := make([]signing.SignatureV2, len(signers))
	for i, signer := range signers {
		signatures[i] = signing.SignatureV2{
			PubKey: signer.key.PubKey(), Data: &signing.SingleSignatureData{SignMode: signMode},
		}
		if deadline.IsZero() {
			signatures[i].Sequence = signer.sequence
		}
	}
	// What is signed says who signs, so all stand there before the first signs.
	check(builder.SetSignatures(signatures...))
	for i, signer := range signers {
		signed := must(authsigning.GetSignBytesAdapter(context.Background(), config.SignModeHandler(), signMode,
			authsigning.SignerData{
				Address: sdk.AccAddress(signer.key.PubKey().Address()).String(), ChainID: chainID,
				PubKey: signer.key.PubKey(), AccountNumber: signer.account, Sequence: signatures[i].Sequence,
			}, builder.GetTx()))
		signatures[i].Data = &signing.SingleSignatureData{
			SignMode: signMode, Signature: must(signer.key.Sign(signed)),
		}
	}
	check(builder.SetSignatures(signatures...))
	return must(config.TxEncoder()(builder.GetTx()))
}
