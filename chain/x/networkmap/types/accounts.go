package types

import sdk "github.com/cosmos/cosmos-sdk/types"

const (
	// RegistrarsMax keeps those few who may admit identities.
	RegistrarsMax = 16
	// NoticeBlocksMax is years, at a block a second.
	NoticeBlocksMax = 100_000_000
	// FlagDistanceMax bounds how far ahead parameters are announced.
	FlagDistanceMax = 1_000_000_000
)

// ParseRegistrars wants distinct accounts; an authority account need not be among them.
func ParseRegistrars(registrars []string) ([]sdk.AccAddress, error) {
	if len(registrars) > RegistrarsMax {
		return nil, ErrOutOfBounds.Wrapf("at most %d registrars", RegistrarsMax)
	}
	seen, parsed := map[string]bool{}, []sdk.AccAddress{}
	for _, registrar := range registrars {
		account, err := sdk.AccAddressFromBech32(registrar)
		if err != nil || seen[string(account)] {
			return nil, ErrBadRegistrars.Wrapf("%q", registrar)
		}
		seen[string(account)] = true
		parsed = append(parsed, account)
	}
	return parsed, nil
}

// CheckNotice wants a number of blocks within which parameters can still be announced.
func CheckNotice(blocks int64) error {
	if blocks < 1 || blocks > NoticeBlocksMax {
		return ErrOutOfBounds.Wrapf("notice is of 1 to %d blocks", NoticeBlocksMax)
	}
	return nil
}
