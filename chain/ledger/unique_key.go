package ledger

import "stateset.example/chain/canonical"

const uniqueKindBytesMax = 64

// UniqueKey is a claim that nobody made before: of its owner, and a value that hides what it is of.
type UniqueKey struct {
	Kind         string
	Owner, Value canonical.Hash
}

func readUniqueKey(r *canonical.Reader) (k UniqueKey) {
	r.Record(3)
	r.Field("kind")
	k.Kind = string(r.Text(1, uniqueKindBytesMax))
	r.Field("owner")
	k.Owner = r.Hash()
	r.Field("value")
	k.Value = r.Hash()
	r.Leave()
	return k
}

// Append adds the component's encoding, by which a notary remembers the key.
func (k UniqueKey) Append(to []byte) []byte {
	to = canonical.AppendTextField(canonical.AppendRecord(to, 3), "kind", k.Kind)
	to = canonical.AppendBytesField(to, "owner", k.Owner[:])
	return canonical.AppendBytesField(to, "value", k.Value[:])
}
