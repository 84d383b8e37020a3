package keeper

import (
	"context"
	"slices"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/networkmap/types"
)

// Registrars are the accounts that may admit identities, in the order of their bytes.
func (k Keeper) Registrars(ctx context.Context) (registrars []string, err error) {
	err = k.each(ctx, types.RegistrarPrefix, nil, func(key, _ []byte) (bool, error) {
		registrars = append(registrars, sdk.AccAddress(key[1:]).String())
		return true, nil
	})
	return registrars, err
}

// IsRegistrar tells whether the account is one of them.
func (k Keeper) IsRegistrar(ctx context.Context, account sdk.AccAddress) (bool, error) {
	return k.has(ctx, types.RegistrarKey(account))
}

// setRegistrars makes these all there are.
func (k Keeper) setRegistrars(ctx context.Context, accounts []sdk.AccAddress) error {
	before, err := k.Registrars(ctx)
	if err != nil {
		return err
	}
	for _, registrar := range before {
		account, err := sdk.AccAddressFromBech32(registrar)
		if err != nil {
			return err
		}
		if err := k.remove(ctx, types.RegistrarKey(account)); err != nil {
			return err
		}
	}
	for _, account := range accounts {
		if err := k.set(ctx, types.RegistrarKey(account), []byte{1}); err != nil {
			return err
		}
	}
	after, err := k.Registrars(ctx)
	if err == nil && slices.Equal(before, after) {
		err = types.ErrNoChange.Wrap("registrars")
	}
	return err
}

// assertAuthority lets only proposals that passed through.
func (k Keeper) assertAuthority(account string) error {
	if account != k.authority {
		return types.ErrNotAuthority.Wrap(account)
	}
	return nil
}

// assertRegistrar lets registrars, and proposals that passed, through.
func (k Keeper) assertRegistrar(ctx context.Context, registrar string) error {
	if registrar == k.authority {
		return nil
	}
	account, err := sdk.AccAddressFromBech32(registrar)
	if err != nil {
		return types.ErrNotRegistrar.Wrap(registrar)
	}
	isThere, err := k.IsRegistrar(ctx, account)
	if err == nil && !isThere {
		err = types.ErrNotRegistrar.Wrap(registrar)
	}
	return err
}
