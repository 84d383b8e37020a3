package keeper

import (
	"context"
	"encoding/binary"

	"cosmossdk.io/core/store"
)

// makingBlock is what is notarised so far of the block that is being made. It lies in the transient
// store, so that what a failed transaction did is undone with it, and nothing outlives the block.
type makingBlock struct {
	store store.KVStore
	size  uint32
}

const (
	makingSize  byte = 0x00
	makingID    byte = 0x01
	makingQuota byte = 0x02
)

func (k Keeper) makingBlock(ctx context.Context) (*makingBlock, error) {
	making := &makingBlock{store: k.block.OpenTransientStore(ctx)}
	size, err := making.number([]byte{makingSize})
	making.size = size
	return making, err
}

// append adds an id, and tells its index in the block.
func (m *makingBlock) append(id [32]byte) (uint32, error) {
	index := m.size
	if err := m.store.Set(binary.BigEndian.AppendUint32([]byte{makingID}, index), id[:]); err != nil {
		return 0, err
	}
	m.size++
	return index, m.setNumber([]byte{makingSize}, m.size)
}

// ids are those notarised so far, in the order of their indices.
func (m *makingBlock) ids() ([][32]byte, error) {
	ids := make([][32]byte, m.size)
	for index := range ids {
		id, err := m.store.Get(binary.BigEndian.AppendUint32([]byte{makingID}, uint32(index)))
		if err != nil {
			return nil, err
		}
		ids[index] = [32]byte(id)
	}
	return ids, nil
}

// count notes a notarised request of the requester.
func (m *makingBlock) count(requester []byte) error {
	key := append([]byte{makingQuota}, requester...)
	asked, err := m.number(key)
	if err != nil {
		return err
	}
	return m.setNumber(key, asked+1)
}

func (m *makingBlock) countOf(requester []byte) (uint32, error) {
	return m.number(append([]byte{makingQuota}, requester...))
}

func (m *makingBlock) number(key []byte) (uint32, error) {
	value, err := m.store.Get(key)
	if err != nil || value == nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(value), nil
}

func (m *makingBlock) setNumber(key []byte, number uint32) error {
	return m.store.Set(key, binary.BigEndian.AppendUint32(nil, number))
}
