package ledger

import (
	"bytes"
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/canonical/vectortest"
)

type signatureRow struct {
	Name      string
	Signature map[string]any
	Bytes     vectortest.Hex
	Payload   map[string]any
}

type signaturesFile struct {
	Payloads []struct {
		Name    string
		Payload map[string]any
		Bytes   vectortest.Hex
		Message vectortest.Hash
	}
	Signed, Accepted, Refused []signatureRow
	Trees                     []struct {
		Name             string
		Tree             map[string]any
		Bytes            vectortest.Hex
		IsSatisfiedByAll bool
		Code             string
	}
}

func loadSignatures(t testing.TB) (file signaturesFile) {
	t.Helper()
	vectortest.Load(t, "signatures.json", &file)
	return file
}

func TestPayloads(t *testing.T) {
	for _, row := range loadSignatures(t).Payloads {
		payload := payloadOf(t, row.Payload)
		if encoded := payload.Append(nil); !bytes.Equal(encoded, row.Bytes) {
			t.Errorf("%s: encoded as %x", row.Name, encoded)
		}
		if message := payload.Message(); message != canonical.Hash(row.Message) {
			t.Errorf("%s: message %x", row.Name, message)
		}
	}
}

func TestAcceptedSignatures(t *testing.T) {
	file := loadSignatures(t)
	for _, row := range append(file.Signed, file.Accepted...) {
		signature, err := DecodeSignature(row.Bytes)
		if err != nil || !bytes.Equal(signature.Append(nil), row.Bytes) {
			t.Errorf("%s: decoded otherwise (%v)", row.Name, err)
		}
		built := signatureOf(t, row.Signature)
		if !bytes.Equal(built.Append(nil), row.Bytes) {
			t.Errorf("%s: encoded otherwise", row.Name)
		}
		payload := payloadOf(t, row.Payload)
		if !signature.IsValid(&payload) {
			t.Errorf("%s: refused", row.Name)
		}
	}
}

func TestRefusedSignatures(t *testing.T) {
	for _, row := range loadSignatures(t).Refused {
		built := signatureOf(t, row.Signature)
		signature, err := DecodeSignature(built.Append(nil))
		if err != nil {
			t.Errorf("%s: %v", row.Name, err)
		}
		payload := payloadOf(t, row.Payload)
		if signature.IsValid(&payload) || built.IsValid(&payload) {
			t.Errorf("%s: accepted", row.Name)
		}
	}
}

func TestKeyTrees(t *testing.T) {
	for _, row := range loadSignatures(t).Trees {
		tree, err := DecodeKeyTree(row.Bytes)
		if codeOf(err) != row.Code || !bytes.Equal(tree.Append(nil), row.Bytes) {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
		built := treeOf(t, row.Tree)
		if !bytes.Equal(built.Append(nil), row.Bytes) {
			t.Errorf("%s: encoded otherwise", row.Name)
		}
		if tree.IsSatisfied(allKeysOf(&tree)) != row.IsSatisfiedByAll {
			t.Errorf("%s: satisfied by all: %v", row.Name, !row.IsSatisfiedByAll)
		}
		if tree.IsSatisfied(nil) {
			t.Errorf("%s: satisfied by none", row.Name)
		}
	}
}

func allKeysOf(tree *KeyTree) KeySet {
	if tree.isKey() {
		return KeySet{tree.Key}
	}
	keys := KeySet{}
	for i := range tree.Threshold.Children {
		keys = append(keys, allKeysOf(&tree.Threshold.Children[i].Node)...)
	}
	return NewKeySet(keys)
}

func TestTooManyKeys(t *testing.T) {
	children := []Child[KeyTree]{}
	for i := range 9 { // of 32 keys each
		inner := []Child[KeyTree]{}
		for j := range 32 {
			key, _ := NewPublicKey(Ed25519, append(make([]byte, 30), byte(i), byte(j)))
			node := SingleKey(key)
			inner = append(inner, Child[KeyTree]{Weight: 1, Node: node, encoding: node.Append(nil)})
		}
		node := KeyTree{Threshold: Threshold[KeyTree]{Needed: 1, Children: inner}}
		children = append(children, Child[KeyTree]{Weight: 1, Node: node, encoding: node.Append(nil)})
	}
	tree := KeyTree{Threshold: Threshold[KeyTree]{Needed: 1, Children: children}}
	if _, err := DecodeKeyTree(tree.Append(nil)); codeOf(err) != CodeTooManyKeys {
		t.Errorf("288 keys: %v", err)
	}
	tree.Threshold.Children = children[:8]
	if _, err := DecodeKeyTree(tree.Append(nil)); err != nil {
		t.Errorf("256 keys: %v", err)
	}
}
