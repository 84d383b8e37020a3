package ledger

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"stateset.example/testvectors/codec"
)

const transactionBytesMax = 24 << 20

// DecodeTransaction reads a transaction in any form, and checks what its form alone tells.
func DecodeTransaction(schemas codec.Schemas, bytes []byte) (object, error) {
	if len(bytes) > transactionBytesMax {
		return nil, fault("tx/too-large", "%d bytes", len(bytes))
	}
	decoded, err := codec.Decode(schemas.Of("transaction"), bytes)
	if err != nil {
		return nil, fault("tx/malformed", "%v", err)
	}
	transaction := decoded.(object)
	for number, group := range Groups {
		if err := checkGroup(schemas, group, groupAt(transaction, number)); err != nil {
			return nil, err
		}
	}
	return transaction, nil
}

func checkGroup(schemas codec.Schemas, limits Group, group object) error {
	if count := groupSize(group); count < limits.CountMin || count > limits.Count {
		return fault("tx/component-count", "%d of %s", count, limits.Name)
	}
	for _, form := range formsOf(group) {
		if form["kind"] != "open" {
			continue
		}
		if _, err := decodeComponent(schemas, limits, codec.Bytes(form["component"])); err != nil {
			return err
		}
	}
	return nil
}

func decodeComponent(schemas codec.Schemas, group Group, component []byte) (any, error) {
	if len(component) > group.Bytes {
		return nil, fault("tx/component-malformed", "%d bytes", len(component))
	}
	decoded, err := codec.Decode(schemas.Of("component-"+group.Name), component)
	if err != nil {
		return nil, fault("tx/component-malformed", "%s: %v", group.Name, err)
	}
	return decoded, nil
}

// TransactionID is the tree over the twelve group roots under the tag transaction.
func TransactionID(transaction object) []byte {
	return codec.TaggedHash("transaction", codec.MerkleRoot(groupRoots(transaction)))
}

func groupRoots(transaction object) (roots [][]byte) {
	for number := range Groups {
		group := groupAt(transaction, number)
		roots = append(roots, groupRoot(number, groupSize(group), treeRoot(group)))
	}
	return roots
}

// groupRoot is H(group ‖ number as one byte ‖ count as four ‖ tree root).
func groupRoot(number, count int, root []byte) []byte {
	place := binary.BigEndian.AppendUint32([]byte{byte(number)}, uint32(count))
	return codec.TaggedHash("group", place, root)
}

func treeRoot(group object) []byte {
	if group["kind"] == "closed" {
		return codec.Bytes(group["root"])
	}
	return codec.MerkleRoot(leavesOf(group))
}

func leavesOf(group object) (leaves [][]byte) {
	for _, form := range formsOf(group) {
		leaves = append(leaves, leafOf(form))
	}
	return leaves
}

func groupSize(group object) int {
	if group["kind"] == "closed" {
		return codec.Int(group["count"])
	}
	return len(formsOf(group))
}

// formsOf are the components of a listed group.
func formsOf(group object) (forms []object) {
	listed, _ := group["components"].([]any)
	for _, form := range listed {
		forms = append(forms, form.(object))
	}
	return forms
}

func groupAt(transaction object, number int) object {
	return transaction["groups"].([]any)[number].(object)
}

// TearOff closes the groups that are not shown and hashes the components that are hidden.
func TearOff(transaction object, shown func(group string) bool, hidden func(group string, index int) bool) object {
	groups := []any{}
	for number, of := range Groups {
		group := groupAt(transaction, number)
		if !shown(of.Name) {
			group = closed(group)
		} else if group["kind"] == "listed" {
			components := []any{}
			for index, form := range formsOf(group) {
				if hidden(of.Name, index) {
					form = hashedForm(form)
				}
				components = append(components, form)
			}
			group = object{"kind": "listed", "components": components}
		}
		groups = append(groups, group)
	}
	return object{"groups": groups}
}

func closed(group object) object {
	count := json.Number(strconv.Itoa(groupSize(group)))
	return object{"kind": "closed", "count": count, "root": hex.EncodeToString(treeRoot(group))}
}
