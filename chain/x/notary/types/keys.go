// Package types holds what the notary module shows to others: messages, records, keys and errors.
package types

import "encoding/binary"

const (
	// ModuleName names the module and its account.
	ModuleName = "notary"
	// StoreKey names its store; proofs of what is consumed name it too.
	StoreKey = ModuleName
	// TransientStoreKey names what is forgotten at the end of each block.
	TransientStoreKey = "transient_" + ModuleName
)

// The first byte of each key says what is kept under it. Keys that many records share begin with a
// time or a height, so that new records are neighbours in the tree: random keys would make every
// write touch another part of it, and the cost of a request would grow with all that ever was.
const (
	prefixNotarised byte = 0x01
	prefixConsumed  byte = 0x02
	prefixUniqueKey byte = 0x03
	prefixBlock     byte = 0x04
	prefixBlockIDs  byte = 0x05
	prefixTip       byte = 0x06
	prefixParams    byte = 0x07
)

// TipKey is where the newest sealed block's place is kept.
func TipKey() []byte { return []byte{prefixTip} }

// ParamsKey is where the parameters are kept.
func ParamsKey() []byte { return []byte{prefixParams} }

// NotarisedKey is the place of a notarised id: after the end of its transaction's window, which is
// the largest number where it has none.
func NotarisedKey(windowEnd uint64, id [32]byte) []byte {
	return append(ordered(prefixNotarised, windowEnd), id[:]...)
}

// ConsumedKey is the place of a consumed reference: after the height at which it was created comes
// its tagged hash, so that the store cannot be read as a graph of transactions.
func ConsumedKey(createdHeight uint64, consumed [32]byte) []byte {
	return append(ordered(prefixConsumed, createdHeight), consumed[:]...)
}

// UniqueKeyKey is the place of a taken unique key, by the hash of its canonical bytes.
func UniqueKeyKey(hash [32]byte) []byte { return append([]byte{prefixUniqueKey}, hash[:]...) }

// BlockKey is the place of a sealed block.
func BlockKey(height uint64) []byte { return ordered(prefixBlock, height) }

// BlockIDsKey is the place of the ids that a sealed block notarised.
func BlockIDsKey(height uint64) []byte { return ordered(prefixBlockIDs, height) }

func ordered(prefix byte, number uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{prefix}, number)
}
