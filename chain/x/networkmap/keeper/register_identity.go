package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/networkmap/types"
)

// RegisterIdentity admits a legal entity, whom the registrar has identified.
func (s msgServer) RegisterIdentity(ctx context.Context, msg *types.MsgRegisterIdentity) (*types.MsgRegisterIdentityResponse, error) {
	if err := s.assertRegistrar(ctx, msg.Registrar); err != nil {
		return nil, err
	}
	network, err := s.network(ctx)
	if err != nil {
		return nil, err
	}
	registration, err := types.ParseRegistration(msg.Registration, network)
	if err != nil {
		return nil, err
	}
	if err := types.CheckRoles(msg.Roles); err != nil {
		return nil, err
	}
	if err := checkFirstAddress(msg.Address); err != nil {
		return nil, err
	}
	if err := s.checkCertificates(ctx, msg.Certificates, registration); err != nil {
		return nil, err
	}
	identity := types.Identity{
		Id: registration.ID[:], Registration: msg.Registration,
		Name: registration.Name, Lei: registration.LEI, Key: registration.Key.Append(nil),
		Certificates: msg.Certificates, Roles: msg.Roles, Status: types.STATUS_ACTIVE, Address: msg.Address,
	}
	return &types.MsgRegisterIdentityResponse{Id: identity.Id}, s.add(ctx, identity)
}

// checkFirstAddress leaves all later epochs to the identity.
func checkFirstAddress(address *types.Address) error {
	if address == nil {
		return nil
	}
	if err := address.Check(); err != nil {
		return err
	}
	if address.Epoch != 1 {
		return types.ErrWrongEpoch.Wrap("a first address is of epoch 1")
	}
	return nil
}

// checkCertificates judges time by the block, never by a clock.
func (s msgServer) checkCertificates(ctx context.Context, certificates [][]byte, registration *types.Registration) error {
	consume(ctx, gasPerCertificate*uint64(len(certificates)), "certificates of an identity")
	root, err := s.rootCertificate(ctx)
	if err != nil {
		return err
	}
	chain, err := types.ParseCertificates(certificates, root, registration)
	if err != nil {
		return err
	}
	return chain.CheckTime(sdk.UnwrapSDKContext(ctx).BlockTime())
}

// rootCertificate is what certificates lead to, or nothing if the chain was not told.
func (k Keeper) rootCertificate(ctx context.Context) ([]byte, error) {
	genesis, err := k.get(ctx, types.NetworkGenesisKey)
	if err != nil || genesis == nil {
		return nil, err
	}
	network, err := k.network(ctx)
	if err != nil {
		return nil, err
	}
	return types.RootCertificate(genesis, network)
}
