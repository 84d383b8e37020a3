package keeper

import (
	"context"
	"encoding/binary"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/networkmap/types"
)

// BeginBlock puts announced parameters in force from their flag height on, before anything else of
// the block is looked at.
func (k Keeper) BeginBlock(ctx context.Context) error {
	place, flagHeight, found, err := k.announced(ctx)
	if err != nil || !found || sdk.UnwrapSDKContext(ctx).BlockHeight() < flagHeight {
		return err
	}
	version, err := k.version(ctx, place)
	if err != nil {
		return err
	}
	if err := k.supersede(ctx); err != nil {
		return err
	}
	version.Approval = types.APPROVAL_IN_FORCE
	if err := k.setMessage(ctx, types.ParametersKey(place), &version); err != nil {
		return err
	}
	if err := k.setCurrent(ctx, place, version.Hash); err != nil {
		return err
	}
	if err := k.remove(ctx, types.AnnouncedKey); err != nil {
		return err
	}
	return k.tellNext(ctx, types.EventMapChanged{
		What: types.CHANGE_PARAMETERS_IN_FORCE, Parameters: version.Hash,
	})
}

// supersede makes the parameters in force, if there are any, the previous ones.
func (k Keeper) supersede(ctx context.Context) error {
	place, hash, err := k.current(ctx)
	if err != nil || hash == nil {
		return err
	}
	version, err := k.version(ctx, place)
	if err != nil {
		return err
	}
	version.Approval = types.APPROVAL_SUPERSEDED
	if err := k.setMessage(ctx, types.ParametersKey(place), &version); err != nil {
		return err
	}
	return k.set(ctx, types.PreviousKey, hash)
}

// announce makes a version known, or known again if it was withdrawn.
func (k Keeper) announce(ctx context.Context, version types.Parameters) error {
	place, found, err := k.placeOf(ctx, version.Hash)
	if err != nil {
		return err
	}
	if !found {
		if place, err = k.append(ctx, version.Hash); err != nil {
			return err
		}
	}
	version.Approval = types.APPROVAL_ANNOUNCED
	if err := k.setMessage(ctx, types.ParametersKey(place), &version); err != nil {
		return err
	}
	return k.setAnnounced(ctx, place, version.FlagHeight)
}

// withdraw takes back what is announced.
func (k Keeper) withdraw(ctx context.Context, hash []byte) error {
	place, version, err := k.announcedVersion(ctx, hash)
	if err != nil {
		return err
	}
	version.Approval = types.APPROVAL_WITHDRAWN
	if err := k.setMessage(ctx, types.ParametersKey(place), &version); err != nil {
		return err
	}
	return k.remove(ctx, types.AnnouncedKey)
}

// announcedVersion is the version of a hash, if it is the one announced.
func (k Keeper) announcedVersion(ctx context.Context, hash []byte) (place uint64, version types.Parameters, err error) {
	if _, err = types.ParseHash(hash); err != nil {
		return
	}
	place, found, err := k.placeOf(ctx, hash)
	if err != nil {
		return
	}
	if !found {
		err = types.ErrUnknownParameters.Wrapf("%x", hash)
		return
	}
	version, err = k.version(ctx, place)
	if err == nil && version.Approval != types.APPROVAL_ANNOUNCED {
		err = types.ErrNotAnnounced.Wrapf("%x: %s", hash, version.Approval)
	}
	return
}

// nextEpoch is that of the parameters which may be announced.
func (k Keeper) nextEpoch(ctx context.Context) (uint64, error) {
	place, hash, err := k.current(ctx)
	if err != nil || hash == nil {
		return 0, err
	}
	version, err := k.version(ctx, place)
	return version.Epoch + 1, err
}

// append gives a version its place.
func (k Keeper) append(ctx context.Context, hash []byte) (place uint64, err error) {
	if place, err = k.getUint(ctx, types.ParametersCountKey); err != nil {
		return 0, err
	}
	if place >= types.ParametersMax {
		return 0, types.ErrOutOfBounds.Wrapf("at most %d versions of parameters", types.ParametersMax)
	}
	if err := k.setUint(ctx, types.ParametersHashKey(hash), place); err != nil {
		return 0, err
	}
	return place, k.setUint(ctx, types.ParametersCountKey, place+1)
}

func (k Keeper) version(ctx context.Context, place uint64) (version types.Parameters, err error) {
	found, err := k.getMessage(ctx, types.ParametersKey(place), &version)
	if err == nil && !found {
		err = types.ErrUnknownParameters.Wrapf("place %d", place)
	}
	return version, err
}

func (k Keeper) placeOf(ctx context.Context, hash []byte) (place uint64, found bool, err error) {
	value, err := k.get(ctx, types.ParametersHashKey(hash))
	if err != nil || len(value) != 8 {
		return 0, false, err
	}
	return binary.BigEndian.Uint64(value), true, nil
}

// current is the place and hash of the parameters in force; the hash is nil where there are none.
func (k Keeper) current(ctx context.Context) (place uint64, hash []byte, err error) {
	value, err := k.get(ctx, types.CurrentKey)
	if err != nil || len(value) < 8 {
		return 0, nil, err
	}
	return binary.BigEndian.Uint64(value), value[8:], nil
}

func (k Keeper) setCurrent(ctx context.Context, place uint64, hash []byte) error {
	return k.set(ctx, types.CurrentKey, append(binary.BigEndian.AppendUint64(nil, place), hash...))
}

func (k Keeper) announced(ctx context.Context) (place uint64, flagHeight int64, found bool, err error) {
	value, err := k.get(ctx, types.AnnouncedKey)
	if err != nil || len(value) != 16 {
		return 0, 0, false, err
	}
	return binary.BigEndian.Uint64(value), int64(binary.BigEndian.Uint64(value[8:])), true, nil
}

func (k Keeper) setAnnounced(ctx context.Context, place uint64, flagHeight int64) error {
	value := binary.BigEndian.AppendUint64(nil, place)
	return k.set(ctx, types.AnnouncedKey, binary.BigEndian.AppendUint64(value, uint64(flagHeight)))
}
