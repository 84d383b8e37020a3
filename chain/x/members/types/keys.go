package types

import "encoding/binary"

const (
	ModuleName = "members"
	StoreKey   = ModuleName
)

// What the module keeps, each kind under a prefix of its own.
var (
	NetworkKey   = []byte{0x01}
	ClusterKey   = []byte{0x02}
	MemberPrefix = []byte{0x03}
	NextIndexKey = []byte{0x04}
	SetPrefix    = []byte{0x05}
	EpochKey     = []byte{0x06}
	PendingKey   = []byte{0x07}
	// PowerPrefix leads the consensus keys that consensus was told to give power.
	PowerPrefix = []byte{0x08}
)

func MemberKey(index uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{MemberPrefix[0]}, index)
}

func SetKey(epoch uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{SetPrefix[0]}, epoch)
}

func PowerKey(consensusKey []byte) []byte {
	return append([]byte{PowerPrefix[0]}, consensusKey...)
}
