package keeper

import (
	"bytes"
	"context"

	"stateset.example/chain/x/networkmap/types"
)

// UpdateAddress takes an address that the identity's current key has signed, whoever brings it.
func (s msgServer) UpdateAddress(ctx context.Context, msg *types.MsgUpdateAddress) (*types.MsgUpdateAddressResponse, error) {
	if err := msg.Address.Check(); err != nil {
		return nil, err
	}
	before, err := s.activeIdentity(ctx, msg.Id)
	if err != nil {
		return nil, err
	}
	if known := before.Address; known != nil {
		if known.IsSame(&msg.Address) {
			return nil, types.ErrNoChange.Wrap("address")
		}
		if msg.Address.Epoch <= known.Epoch {
			return nil, types.ErrWrongEpoch.Wrapf("an address of epoch %d is known", known.Epoch)
		}
	}
	network, err := s.network(ctx)
	if err != nil {
		return nil, err
	}
	statement := types.AddressStatement(network, msg.Id, &msg.Address)
	if err := checkSignature(ctx, msg.Signature, statement, before.Key); err != nil {
		return nil, err
	}
	after := before
	after.Address = &msg.Address
	event := types.EventMapChanged{What: types.CHANGE_ADDRESS}
	return &types.MsgUpdateAddressResponse{}, s.replace(ctx, before, after, event)
}

// RotateKey takes a key that the current one has named its successor, and that has signed as well,
// so that nobody is left with a key that nobody holds.
func (s msgServer) RotateKey(ctx context.Context, msg *types.MsgRotateKey) (*types.MsgRotateKeyResponse, error) {
	if _, err := types.ParseKey(msg.Key); err != nil {
		return nil, err
	}
	before, err := s.activeIdentity(ctx, msg.Id)
	if err != nil {
		return nil, err
	}
	if msg.KeyEpoch != before.KeyEpoch+1 {
		return nil, types.ErrWrongEpoch.Wrapf("the current key is of epoch %d", before.KeyEpoch)
	}
	if bytes.Equal(msg.Key, before.Key) {
		return nil, types.ErrNoChange.Wrap("key")
	}
	network, err := s.network(ctx)
	if err != nil {
		return nil, err
	}
	statement := types.KeyStatement(network, msg.Id, msg.Key, msg.KeyEpoch)
	if err := checkSignature(ctx, msg.CurrentSignature, statement, before.Key); err != nil {
		return nil, err
	}
	if err := checkSignature(ctx, msg.NewSignature, statement, msg.Key); err != nil {
		return nil, err
	}
	after := before
	after.Key, after.KeyEpoch = msg.Key, msg.KeyEpoch
	event := types.EventMapChanged{What: types.CHANGE_KEY}
	return &types.MsgRotateKeyResponse{}, s.replace(ctx, before, after, event)
}
