package ledger

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"stateset.example/testvectors/codec"
)

// ProveComponent shows that a component is part of the transaction, and nothing else of it.
func ProveComponent(transaction object, name string, index int) object {
	number := numberOf(name)
	group := groupAt(transaction, number)
	form := formsOf(group)[index]
	return object{
		"group":     json.Number(strconv.Itoa(number)),
		"index":     json.Number(strconv.Itoa(index)),
		"count":     json.Number(strconv.Itoa(groupSize(group))),
		"nonce":     form["nonce"],
		"component": form["component"],
		"path":      texts(codec.MerklePath(leavesOf(group), index)),
		"groupPath": texts(codec.MerklePath(groupRoots(transaction), number)),
	}
}

// IsComponentShown tells whether the proof shows the component at that place of the transaction; a
// component that it shows and that is malformed is an error.
func IsComponentShown(schemas codec.Schemas, proof object, id []byte, name string, index int) (bool, error) {
	number := numberOf(name)
	if codec.Int(proof["group"]) != number || codec.Int(proof["index"]) != index {
		return false, nil
	}
	component, count := codec.Bytes(proof["component"]), codec.Int(proof["count"])
	leaf := componentLeaf(codec.Bytes(proof["nonce"]), component)
	root := codec.RootFromPath(leaf, index, count, pathOf(proof["path"]))
	if root == nil {
		return false, nil
	}
	top := codec.RootFromPath(groupRoot(number, count, root), number, len(Groups), pathOf(proof["groupPath"]))
	if top == nil || !bytes.Equal(codec.TaggedHash("transaction", top), id) {
		return false, nil
	}
	_, err := decodeComponent(schemas, Groups[number], component)
	return err == nil, err
}

func pathOf(value any) (path [][]byte) {
	for _, sibling := range value.([]any) {
		path = append(path, codec.Bytes(sibling))
	}
	return path
}

func texts(path [][]byte) []any {
	siblings := []any{}
	for _, sibling := range path {
		siblings = append(siblings, hex.EncodeToString(sibling))
	}
	return siblings
}
