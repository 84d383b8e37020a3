package canonical

import "math/bits"

// MerkleRoot is the tree of RFC 6962 §2.1 over leaves that are hashes already under a tag of their
// own; nodes carry the tag node.
func MerkleRoot(leaves []Hash) Hash {
	switch len(leaves) {
	case 0:
		return TagEmpty.Hash()
	case 1:
		return leaves[0]
	}
	split := splitOf(len(leaves))
	return nodeHash(MerkleRoot(leaves[:split]), MerkleRoot(leaves[split:]))
}

// MerklePath is the audit path of RFC 6962 §2.1.1, from the leaf up; it is nil for no such leaf.
func MerklePath(leaves []Hash, index int) []Hash {
	if index < 0 || index >= len(leaves) || len(leaves) == 1 {
		return nil
	}
	split := splitOf(len(leaves))
	if index < split {
		return append(MerklePath(leaves[:split], index), MerkleRoot(leaves[split:]))
	}
	return append(MerklePath(leaves[split:], index-split), MerkleRoot(leaves[:split]))
}

// RootFromPath is the root that a leaf and its path lead to; not ok where the path cannot be one of
// a leaf at index in a tree of size leaves.
func RootFromPath(leaf Hash, index, size uint64, path []Hash) (root Hash, ok bool) {
	if index >= size {
		return Hash{}, false
	}
	root = leaf
	for ; size > 1; index, size = index/2, size/2+size%2 {
		if isLastAndOdd := index == size-1 && size%2 == 1; isLastAndOdd {
			continue
		}
		if len(path) == 0 {
			return Hash{}, false
		}
		if index%2 == 1 {
			root = nodeHash(path[0], root)
		} else {
			root = nodeHash(root, path[0])
		}
		path = path[1:]
	}
	return root, len(path) == 0
}

// splitOf is the largest power of two below size, which is 2 or more.
func splitOf(size int) int { return 1 << (bits.Len(uint(size-1)) - 1) }

func nodeHash(left, right Hash) Hash { return TagNode.Hash(left[:], right[:]) }
