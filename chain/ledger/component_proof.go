package ledger

import "stateset.example/chain/canonical"

const componentPathMax = 16

// ComponentProof is one component with its paths to the transaction id: what a spender shows of the
// header of the state it spends, and all that a notary learns of the creating transaction.
type ComponentProof struct {
	Group           Group
	Index           uint16
	Count           uint32
	Nonce           []byte
	Component       []byte
	Path, GroupPath []canonical.Hash
}

// Leads tells whether the proof shows its component to be the one at that place of the transaction.
func (p *ComponentProof) Leads(transaction canonical.Hash, group Group, index uint16) bool {
	if p.Group != group || p.Index != index {
		return false
	}
	leaf := canonical.TagComponent.Hash(p.Nonce, p.Component)
	root, ok := canonical.RootFromPath(leaf, uint64(p.Index), uint64(p.Count), p.Path)
	if !ok {
		return false
	}
	root = groupRoot(group, int(p.Count), root)
	root, ok = canonical.RootFromPath(root, uint64(group), GroupCount, p.GroupPath)
	return ok && idOf(root) == transaction
}

// Header is the component of a proof of a header.
func (p *ComponentProof) Header() (Header, error) {
	return decoded(p.Component, CodeComponentMalformed, readHeader)
}

// ProveComponent shows that a component, which is open, is part of the transaction.
func (t *Transaction) ProveComponent(number Group, index int) (ComponentProof, bool) {
	group := &t.groups[number]
	if index < 0 || index >= len(group.Components) || group.Components[index].Form != Open {
		return ComponentProof{}, false
	}
	roots := t.groupRoots()
	return ComponentProof{
		Group: number, Index: uint16(index), Count: uint32(group.Size()),
		Nonce:     group.Components[index].Nonce,
		Component: group.Components[index].Content,
		Path:      canonical.MerklePath(group.appendLeaves(nil), index),
		GroupPath: canonical.MerklePath(roots[:], int(number)),
	}, true
}

// ReadComponentProof reads a proof as requests hold it.
func ReadComponentProof(r *canonical.Reader) (p ComponentProof) {
	r.Record(7)
	r.Field("path")
	p.Path = readPath(r, componentPathMax)
	r.Field("count")
	p.Count = uint32(r.Uint(1, 0x10000))
	r.Field("group")
	p.Group = Group(r.Uint(0, GroupCount-1))
	r.Field("index")
	p.Index = uint16(r.Uint(0, 0xffff))
	r.Field("nonce")
	p.Nonce = r.Bytes(canonical.HashBytes, canonical.HashBytes)
	r.Field("component")
	p.Component = r.Bytes(1, outputBytesMax)
	r.Field("groupPath")
	p.GroupPath = readPath(r, componentPathMax)
	r.Leave()
	return p
}

// Append adds the proof's encoding.
func (p *ComponentProof) Append(to []byte) []byte {
	to = appendPath(canonical.AppendText(canonical.AppendRecord(to, 7), "path"), p.Path)
	to = canonical.AppendUintField(to, "count", uint64(p.Count))
	to = canonical.AppendUintField(to, "group", uint64(p.Group))
	to = canonical.AppendUintField(to, "index", uint64(p.Index))
	to = canonical.AppendBytesField(to, "nonce", p.Nonce)
	to = canonical.AppendBytesField(to, "component", p.Component)
	return appendPath(canonical.AppendText(to, "groupPath"), p.GroupPath)
}

func readPath(r *canonical.Reader, max int) (path []canonical.Hash) {
	if count := r.List(0, max); count > 0 {
		path = make([]canonical.Hash, count)
	}
	for i := range path {
		path[i] = r.Hash()
	}
	r.Leave()
	return path
}

func appendPath(to []byte, path []canonical.Hash) []byte {
	to = canonical.AppendList(to, len(path))
	for i := range path {
		to = canonical.AppendBytes(to, path[i][:])
	}
	return to
}
