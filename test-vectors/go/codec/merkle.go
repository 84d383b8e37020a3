package codec

// MerkleRoot is the tree of RFC 6962 §2.1 over leaves that are hashes already.
func MerkleRoot(leaves [][]byte) []byte {
	switch len(leaves) {
	case 0:
		return TaggedHash("empty")
	case 1:
		return leaves[0]
	}
	split := largestPowerBelow(len(leaves))
	return TaggedHash("node", MerkleRoot(leaves[:split]), MerkleRoot(leaves[split:]))
}

// MerklePath is the audit path of RFC 6962 §2.1.1, from the leaf up.
func MerklePath(leaves [][]byte, index int) [][]byte {
	if len(leaves) == 1 {
		return nil
	}
	split := largestPowerBelow(len(leaves))
	if index < split {
		return append(MerklePath(leaves[:split], index), MerkleRoot(leaves[split:]))
	}
	return append(MerklePath(leaves[split:], index-split), MerkleRoot(leaves[:split]))
}

// RootFromPath is the root that a leaf at index of size leaves leads to, or nil where the path
// cannot be one of such a leaf.
func RootFromPath(leaf []byte, index, size int, path [][]byte) []byte {
	if index < 0 || index >= size {
		return nil
	}
	if size == 1 {
		if len(path) > 0 {
			return nil
		}
		return leaf
	}
	if len(path) == 0 {
		return nil
	}
	top, rest := path[len(path)-1], path[:len(path)-1]
	split := largestPowerBelow(size)
	if index < split {
		if below := RootFromPath(leaf, index, split, rest); below != nil {
			return TaggedHash("node", below, top)
		}
	} else if below := RootFromPath(leaf, index-split, size-split, rest); below != nil {
		return TaggedHash("node", top, below)
	}
	return nil
}

func largestPowerBelow(size int) int {
	split := 1
	for split*2 < size {
		split *= 2
	}
	return split
}
