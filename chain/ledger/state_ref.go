package ledger

import (
	"encoding/hex"
	"strconv"

	"stateset.example/chain/canonical"
)

// StateRef is an output of an earlier transaction.
type StateRef struct {
	TxID  canonical.Hash
	Index uint16
}

// String is <transaction id>:<index>, as people and error messages write it.
func (s StateRef) String() string {
	return hex.EncodeToString(s.TxID[:]) + ":" + strconv.Itoa(int(s.Index))
}

// Consumed is what a store keeps of a consumed reference, so that it cannot be read as a graph of
// transactions: H(consumed ‖ transaction id ‖ index), the index as two bytes, big-endian.
func (s StateRef) Consumed() canonical.Hash {
	index := [2]byte{byte(s.Index >> 8), byte(s.Index)}
	return canonical.TagConsumed.Hash(s.TxID[:], index[:])
}

func readStateRef(r *canonical.Reader) (s StateRef) {
	r.Record(2)
	r.Field("txId")
	s.TxID = r.Hash()
	r.Field("index")
	s.Index = uint16(r.Uint(0, 0xffff))
	r.Leave()
	return s
}

// Append adds the component's encoding.
func (s StateRef) Append(to []byte) []byte {
	to = canonical.AppendBytesField(canonical.AppendRecord(to, 2), "txId", s.TxID[:])
	return canonical.AppendUintField(to, "index", uint64(s.Index))
}
