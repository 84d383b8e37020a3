package keeper

import (
	"bytes"
	"context"
	"slices"

	"stateset.example/chain/x/networkmap/types"
)

// Identity is an entry of the map, whatever its status.
func (k Keeper) Identity(ctx context.Context, id []byte) (identity types.Identity, err error) {
	if _, err = types.ParseHash(id); err != nil {
		return identity, err
	}
	found, err := k.getMessage(ctx, types.IdentityKey(id), &identity)
	if err == nil && !found {
		err = types.ErrUnknownIdentity.Wrapf("%x", id)
	}
	return identity, err
}

// activeIdentity is an entry whose identity may speak for itself.
func (k Keeper) activeIdentity(ctx context.Context, id []byte) (types.Identity, error) {
	identity, err := k.Identity(ctx, id)
	if err == nil && !identity.IsActive() {
		err = types.ErrNotActive.Wrapf("%x", id)
	}
	return identity, err
}

// add makes a new entry.
func (k Keeper) add(ctx context.Context, identity types.Identity) error {
	isThere, err := k.has(ctx, types.IdentityKey(identity.Id))
	if err != nil {
		return err
	}
	if isThere {
		return types.ErrTaken.Wrapf("identity %x is registered", identity.Id)
	}
	event := types.EventMapChanged{What: types.CHANGE_REGISTERED}
	return k.replace(ctx, types.Identity{}, identity, event)
}

// replace makes one entry follow another, of the same identity, as one change of the map.
func (k Keeper) replace(ctx context.Context, before, after types.Identity, event types.EventMapChanged) (err error) {
	if after.Serial, err = k.nextSerial(ctx); err != nil {
		return err
	}
	if err := k.moveClaims(ctx, before, after); err != nil {
		return err
	}
	if err := k.put(ctx, before, after); err != nil {
		return err
	}
	event.Serial, event.Id = after.Serial, after.Id
	return k.tell(ctx, event)
}

// put writes an entry, its key if it counts, and when it changed.
func (k Keeper) put(ctx context.Context, before, after types.Identity) error {
	if before.Id != nil {
		if err := k.remove(ctx, types.ChangedIdentityKey(before.Serial, before.Id)); err != nil {
			return err
		}
	}
	if err := k.set(ctx, types.ChangedIdentityKey(after.Serial, after.Id), []byte{1}); err != nil {
		return err
	}
	key := types.ActiveKey(after.Id)
	switch {
	case after.IsActive():
		if err := k.set(ctx, key, after.Key); err != nil {
			return err
		}
	case before.IsActive():
		if err := k.remove(ctx, key); err != nil {
			return err
		}
	}
	return k.setMessage(ctx, types.IdentityKey(after.Id), &after)
}

// moveClaims takes what only one identity may have, and gives back what this one has no more.
func (k Keeper) moveClaims(ctx context.Context, before, after types.Identity) error {
	for _, claim := range after.Claims() {
		holder, err := k.get(ctx, claim)
		if err != nil {
			return err
		}
		if bytes.Equal(holder, after.Id) {
			continue
		}
		if holder != nil {
			return types.ErrTaken.Wrap("name, LEI or TLS key")
		}
		if err := k.set(ctx, claim, after.Id); err != nil {
			return err
		}
	}
	for _, claim := range before.Claims() {
		isKept := slices.ContainsFunc(after.Claims(), func(kept []byte) bool { return bytes.Equal(kept, claim) })
		if isKept {
			continue
		}
		if err := k.remove(ctx, claim); err != nil {
			return err
		}
	}
	return nil
}
