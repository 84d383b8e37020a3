package app

import (
	"cosmossdk.io/x/tx/signing"

	"github.com/cosmos/gogoproto/proto"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/std"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
)

// Encoding is how messages and transactions are written.
type Encoding struct {
	cdc      codec.Codec
	amino    *codec.LegacyAmino
	registry codectypes.InterfaceRegistry
	txConfig client.TxConfig
}

func (e Encoding) Codec() codec.Codec                              { return e.cdc }
func (e Encoding) Amino() *codec.LegacyAmino                       { return e.amino }
func (e Encoding) InterfaceRegistry() codectypes.InterfaceRegistry { return e.registry }
func (e Encoding) TxConfig() client.TxConfig                       { return e.txConfig }

func newEncoding() Encoding {
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: signing.Options{
			AddressCodec:          address.NewBech32Codec(AddressPrefix),
			ValidatorAddressCodec: address.NewBech32Codec(AddressPrefix + "valoper"),
		},
	})
	if err != nil {
		panic(err)
	}
	cdc, amino := codec.NewProtoCodec(registry), codec.NewLegacyAmino()
	std.RegisterLegacyAminoCodec(amino)
	std.RegisterInterfaces(registry)
	return Encoding{cdc, amino, registry, authtx.NewTxConfig(cdc, authtx.DefaultSignModes)}
}
