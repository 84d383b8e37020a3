package app

import sdk "github.com/cosmos/cosmos-sdk/types"

const (
	// AddressPrefix begins every account.
	AddressPrefix = "stateset"
	// FeeDenom is what fees and deposits are paid in.
	FeeDenom = "ustate"
)

// The SDK keeps prefixes and the denomination of default genesis states in globals, which must be
// set before any address is written or read.
func init() {
	config := sdk.GetConfig()
	config.SetBech32PrefixForAccount(AddressPrefix, AddressPrefix+"pub")
	config.SetBech32PrefixForValidator(AddressPrefix+"valoper", AddressPrefix+"valoperpub")
	config.SetBech32PrefixForConsensusNode(AddressPrefix+"valcons", AddressPrefix+"valconspub")
	sdk.DefaultBondDenom = FeeDenom
}
