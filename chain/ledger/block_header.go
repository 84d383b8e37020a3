package ledger

import "stateset.example/chain/canonical"

// BlockHeader is what the members of a cluster sign of each block.
type BlockHeader struct {
	Cluster canonical.Hash
	// Height begins at 1.
	Height uint64
	// BlockTime is in milliseconds since 1970, never going back.
	BlockTime     uint64
	MemberEpoch   uint64
	MemberSetHash canonical.Hash
	// BlockRoot is of the tree over the ids that the block notarised; see BlockLeaf.
	BlockRoot canonical.Hash
	// HistoryRoot is of the tree over the hashes of the blocks before this one.
	HistoryRoot canonical.Hash
}

// BlockLeaf is the leaf of an id in the tree of its block.
func BlockLeaf(id canonical.Hash) canonical.Hash { return canonical.TagBlock.Hash(id[:]) }

// DecodeBlockHeader reads a header.
func DecodeBlockHeader(bytes []byte) (BlockHeader, error) {
	return decoded(bytes, CodeMalformed, readBlockHeader)
}

// Hash is what members sign, and the block's leaf in the tree of the history.
func (h *BlockHeader) Hash() canonical.Hash { return canonical.TagReceipt.Hash(h.Append(nil)) }

// Payload is what members sign of the block.
func (h *BlockHeader) Payload(network canonical.Hash) Payload {
	return Payload{Purpose: PurposeReceipt, Network: network, Hash: h.Hash()}
}

func readBlockHeader(r *canonical.Reader) (h BlockHeader) {
	r.Record(7)
	r.Field("height")
	h.Height = r.Uint(1, canonical.UintMax)
	r.Field("cluster")
	h.Cluster = r.Hash()
	r.Field("blockRoot")
	h.BlockRoot = r.Hash()
	r.Field("blockTime")
	h.BlockTime = r.Uint(0, canonical.UintMax)
	r.Field("historyRoot")
	h.HistoryRoot = r.Hash()
	r.Field("memberEpoch")
	h.MemberEpoch = r.Uint(0, canonical.UintMax)
	r.Field("memberSetHash")
	h.MemberSetHash = r.Hash()
	r.Leave()
	return h
}

// Append adds the header's encoding.
func (h *BlockHeader) Append(to []byte) []byte {
	to = canonical.AppendUintField(canonical.AppendRecord(to, 7), "height", h.Height)
	to = canonical.AppendBytesField(to, "cluster", h.Cluster[:])
	to = canonical.AppendBytesField(to, "blockRoot", h.BlockRoot[:])
	to = canonical.AppendUintField(to, "blockTime", h.BlockTime)
	to = canonical.AppendBytesField(to, "historyRoot", h.HistoryRoot[:])
	to = canonical.AppendUintField(to, "memberEpoch", h.MemberEpoch)
	return canonical.AppendBytesField(to, "memberSetHash", h.MemberSetHash[:])
}
