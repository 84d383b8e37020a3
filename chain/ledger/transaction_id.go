package ledger

import (
	"encoding/binary"

	"stateset.example/chain/canonical"
)

// ID is the tree over the twelve group roots, under the tag of transaction ids. All forms of a
// transaction have the same.
func (t *Transaction) ID() canonical.Hash {
	roots := t.groupRoots()
	return idOf(canonical.MerkleRoot(roots[:]))
}

func idOf(root canonical.Hash) canonical.Hash { return canonical.TagTransaction.Hash(root[:]) }

func (t *Transaction) groupRoots() (roots [GroupCount]canonical.Hash) {
	for number := range t.groups {
		group := &t.groups[number]
		roots[number] = groupRoot(Group(number), group.Size(), group.treeRoot())
	}
	return roots
}

// groupRoot is H(group ‖ number as one byte ‖ count as four ‖ tree root).
func groupRoot(number Group, count int, root canonical.Hash) canonical.Hash {
	var place [5]byte
	place[0] = byte(number)
	binary.BigEndian.PutUint32(place[1:], uint32(count))
	return canonical.TagGroup.Hash(place[:], root[:])
}

func (g *ComponentGroup) treeRoot() canonical.Hash {
	if !g.IsListed {
		return g.Root
	}
	var few [4]canonical.Hash // enough for most groups, without memory of their own
	return canonical.MerkleRoot(g.appendLeaves(few[:0]))
}

func (g *ComponentGroup) appendLeaves(to []canonical.Hash) []canonical.Hash {
	for i := range g.Components {
		to = append(to, g.Components[i].Leaf())
	}
	return to
}
