package keeper

import (
	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
	"stateset.example/chain/x/notary/types"
)

// blockTree is the Merkle tree over a sealed block's ids, level by level from the leaves up. A node
// without a sibling stands in the next level as it is.
type blockTree struct{ levels [][][32]byte }

func newBlockTree(ids []byte) *blockTree {
	level := make([][32]byte, len(ids)/32)
	for i := range level {
		level[i] = ledger.BlockLeaf([32]byte(ids[32*i:]))
	}
	tree := &blockTree{levels: [][][32]byte{level}}
	for len(level) > 1 {
		level = levelAbove(level)
		tree.levels = append(tree.levels, level)
	}
	return tree
}

func levelAbove(level [][32]byte) [][32]byte {
	above := make([][32]byte, 0, (len(level)+1)/2)
	for i := 0; i < len(level); i += 2 {
		above = append(above, canonical.MerkleRoot(level[i:min(i+2, len(level))]))
	}
	return above
}

// place is where the tree has the id of that index, with its path.
func (t *blockTree) place(at indexed) types.Place {
	size := len(t.levels[0])
	var path []byte
	for height, level := range t.levels {
		if sibling := int(at.index)>>height ^ 1; sibling < len(level) {
			path = append(path, level[sibling][:]...)
		}
	}
	return types.Place{Height: at.height, Index: at.index, Size_: uint32(size), Path: path}
}
