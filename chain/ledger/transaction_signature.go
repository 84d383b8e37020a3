package ledger

import "stateset.example/chain/canonical"

const (
	batchSizeMax = 1 << 20
	batchPathMax = 20
)

// TransactionSignature is one over the id itself, or over the root of a batch of ids with the path
// to this one.
type TransactionSignature struct {
	By              Signature
	PlatformVersion uint32
	Batch           *Batch
}

// Batch is the place of an id among those that were signed together.
type Batch struct {
	Index, Size uint32
	Path        []canonical.Hash
}

// IsValid tells whether the signature is one over the transaction.
func (s *TransactionSignature) IsValid(network, id canonical.Hash) bool {
	payload := Payload{Purpose: PurposeTransaction, Network: network, PlatformVersion: s.PlatformVersion, Hash: id}
	if s.Batch != nil {
		root, ok := canonical.RootFromPath(id, uint64(s.Batch.Index), uint64(s.Batch.Size), s.Batch.Path)
		if !ok {
			return false
		}
		payload.Purpose, payload.Hash = PurposeBatch, canonical.TagBatch.Hash(root[:])
	}
	return s.By.IsValid(&payload)
}

func readTransactionSignature(r *canonical.Reader) (s TransactionSignature) {
	hasBatch := r.RecordOf(2, 3) == 3
	r.Field("by")
	s.By = readSignature(r)
	if hasBatch {
		s.Batch = &Batch{}
		r.Field("batch")
		r.Record(3)
		r.Field("path")
		s.Batch.Path = readPath(r, batchPathMax)
		r.Field("size")
		s.Batch.Size = uint32(r.Uint(1, batchSizeMax))
		r.Field("index")
		s.Batch.Index = uint32(r.Uint(0, batchSizeMax-1))
		r.Leave()
	}
	r.Field("platformVersion")
	s.PlatformVersion = uint32(r.Uint(0, 1<<32-1))
	r.Leave()
	return s
}

func (s *TransactionSignature) append(to []byte) []byte {
	fields := 2
	if s.Batch != nil {
		fields++
	}
	to = s.By.Append(canonical.AppendText(canonical.AppendRecord(to, fields), "by"))
	if s.Batch != nil {
		to = canonical.AppendRecord(canonical.AppendText(to, "batch"), 3)
		to = appendPath(canonical.AppendText(to, "path"), s.Batch.Path)
		to = canonical.AppendUintField(to, "size", uint64(s.Batch.Size))
		to = canonical.AppendUintField(to, "index", uint64(s.Batch.Index))
	}
	return canonical.AppendUintField(to, "platformVersion", uint64(s.PlatformVersion))
}
