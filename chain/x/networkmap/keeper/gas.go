package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/ledger"
	"stateset.example/chain/x/networkmap/types"
)

// What signatures cost, beside the bytes that a transaction pays for: as much as the account keys of
// the SDK, with room for hashing.
const (
	gasPerSignature   = 3_000
	gasPerCertificate = 5_000
)

// checkSignature lets a message through that the key has signed.
func checkSignature(ctx context.Context, encoded []byte, statement ledger.Payload, by []byte) error {
	signature, err := types.ParseSignature(encoded)
	if err != nil {
		return err
	}
	key, err := types.ParseKey(by)
	if err != nil {
		return err
	}
	consume(ctx, gasPerSignature*uint64(len(signature.Keys())), "signatures of an identity")
	return signature.Check(statement, key)
}

func consume(ctx context.Context, gas uint64, what string) {
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gas, what)
}
