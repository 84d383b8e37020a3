package canonical

import (
	"fmt"
	"math/bits"
)

// Frontier is what it takes of a tree to go on adding leaves: the roots of its complete subtrees,
// the largest first, one for each bit of the number of leaves.
type Frontier struct {
	size  uint64
	roots []Hash
}

// NewFrontier takes up a tree again; without leaves it has no roots.
func NewFrontier(size uint64, roots []Hash) (Frontier, error) {
	if len(roots) != bits.OnesCount64(size) {
		return Frontier{}, fmt.Errorf("%d roots are not those of %d leaves", len(roots), size)
	}
	return Frontier{size: size, roots: append([]Hash(nil), roots...)}, nil
}

// Size is the number of leaves.
func (f *Frontier) Size() uint64 { return f.size }

// Roots are those of the complete subtrees, the largest first.
func (f *Frontier) Roots() []Hash { return append([]Hash(nil), f.roots...) }

// Append adds a leaf: as in adding one to a binary number, subtrees of equal size join.
func (f *Frontier) Append(leaf Hash) {
	f.roots = append(f.roots, leaf)
	for size := f.size; size%2 == 1; size /= 2 {
		last := len(f.roots) - 1
		f.roots[last-1] = nodeHash(f.roots[last-1], f.roots[last])
		f.roots = f.roots[:last]
	}
	f.size++
}

// Root is that of MerkleRoot over all leaves.
func (f *Frontier) Root() Hash {
	if len(f.roots) == 0 {
		return TagEmpty.Hash()
	}
	last := len(f.roots) - 1
	root := f.roots[last]
	for i := last - 1; i >= 0; i-- {
		root = nodeHash(f.roots[i], root)
	}
	return root
}
