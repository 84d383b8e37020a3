package codec

import (
	"bytes"
	"encoding/binary"
	"testing"
)

type merkleFile struct {
	Leaf  string
	Trees []struct {
		Size  int
		Root  Hex
		Paths []struct {
			Index int
			Path  []Hex
		}
	}
	WrongPaths []struct {
		Name        string
		Leaf        Hex
		Index, Size int
		Path        []Hex
		LeadsTo     Hex
	}
}

func leavesOf(size int) [][]byte {
	leaves := make([][]byte, size)
	for i := range leaves {
		leaves[i] = TaggedHash("component", binary.BigEndian.AppendUint32(nil, uint32(i)))
	}
	return leaves
}

func TestMerkleTrees(t *testing.T) {
	var file merkleFile
	Load("merkle.json", &file)
	for _, tree := range file.Trees {
		leaves := leavesOf(tree.Size)
		if root := MerkleRoot(leaves); !bytes.Equal(root, tree.Root) {
			t.Errorf("%d leaves: root %x", tree.Size, root)
		}
		if tree.Size < 10 && len(tree.Paths) != tree.Size {
			t.Errorf("%d leaves: %d paths", tree.Size, len(tree.Paths))
		}
		for _, row := range tree.Paths {
			if path := MerklePath(leaves, row.Index); !equalPaths(path, row.Path) {
				t.Errorf("%d leaves: path of %d is %x", tree.Size, row.Index, path)
			}
			root := RootFromPath(leaves[row.Index], row.Index, tree.Size, plain(row.Path))
			if !bytes.Equal(root, tree.Root) {
				t.Errorf("%d leaves: path of %d leads to %x", tree.Size, row.Index, root)
			}
		}
	}
}

func TestWrongPaths(t *testing.T) {
	var file merkleFile
	Load("merkle.json", &file)
	right := MerkleRoot(leavesOf(7))
	for _, row := range file.WrongPaths {
		root := RootFromPath(row.Leaf, row.Index, row.Size, plain(row.Path))
		if bytes.Equal(root, right) || !bytes.Equal(root, row.LeadsTo) {
			t.Errorf("%s: leads to %x", row.Name, root)
		}
	}
}

func plain(path []Hex) [][]byte {
	bytes := make([][]byte, len(path))
	for i, sibling := range path {
		bytes[i] = sibling
	}
	return bytes
}

func equalPaths(a [][]byte, b []Hex) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
