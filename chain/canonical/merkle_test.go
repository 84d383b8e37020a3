package canonical

import (
	"encoding/binary"
	"slices"
	"testing"

	"stateset.example/chain/canonical/vectortest"
)

type merkleFile struct {
	Trees []struct {
		Size  int
		Root  vectortest.Hash
		Paths []struct {
			Index int
			Path  []vectortest.Hash
		}
	}
	WrongPaths []struct {
		Name        string
		Leaf        vectortest.Hash
		Index, Size int64 // an index of -1 is refused as the largest there is
		Path        []vectortest.Hash
		LeadsTo     *vectortest.Hash
	}
}

func leavesOf(size int) []Hash {
	leaves := make([]Hash, size)
	for i := range leaves {
		leaves[i] = TagComponent.Hash(binary.BigEndian.AppendUint32(nil, uint32(i)))
	}
	return leaves
}

func plain(path []vectortest.Hash) (hashes []Hash) {
	for _, sibling := range path {
		hashes = append(hashes, Hash(sibling))
	}
	return hashes
}

func TestMerkleTrees(t *testing.T) {
	var file merkleFile
	vectortest.Load(t, "merkle.json", &file)
	for _, tree := range file.Trees {
		leaves := leavesOf(tree.Size)
		if root := MerkleRoot(leaves); root != Hash(tree.Root) {
			t.Errorf("%d leaves: root %x", tree.Size, root)
		}
		for _, row := range tree.Paths {
			if path := MerklePath(leaves, row.Index); !slices.Equal(path, plain(row.Path)) {
				t.Errorf("%d leaves: path of %d is %x", tree.Size, row.Index, path)
			}
			root, ok := RootFromPath(leaves[row.Index], uint64(row.Index), uint64(tree.Size), plain(row.Path))
			if !ok || root != Hash(tree.Root) {
				t.Errorf("%d leaves: path of %d leads to %x", tree.Size, row.Index, root)
			}
		}
	}
}

func TestWrongPaths(t *testing.T) {
	var file merkleFile
	vectortest.Load(t, "merkle.json", &file)
	right := MerkleRoot(leavesOf(7))
	for _, row := range file.WrongPaths {
		root, ok := RootFromPath(Hash(row.Leaf), uint64(row.Index), uint64(row.Size), plain(row.Path))
		if ok != (row.LeadsTo != nil) || ok && (root == right || root != Hash(*row.LeadsTo)) {
			t.Errorf("%s: leads to %x (%v)", row.Name, root, ok)
		}
	}
}

func TestFrontier(t *testing.T) {
	leaves := leavesOf(70)
	var frontier Frontier
	for i := range leaves {
		if root := frontier.Root(); root != MerkleRoot(leaves[:i]) {
			t.Errorf("%d leaves: root %x", i, root)
		}
		again, err := NewFrontier(frontier.Size(), frontier.Roots())
		if err != nil {
			t.Fatal(err)
		}
		again.Append(leaves[i])
		frontier = again
	}
	if _, err := NewFrontier(3, leaves[:1]); err == nil {
		t.Error("one root for three leaves")
	}
}
