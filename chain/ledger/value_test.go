package ledger

import (
	"encoding/hex"
	"encoding/json"
	"testing"

	"stateset.example/chain/canonical"
)

// The vectors hold some values as JSON alone: these make them what the package has.

func bytesOf(t testing.TB, value any) []byte {
	t.Helper()
	content, err := hex.DecodeString(value.(string))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func numberOf(t testing.TB, value any) uint64 {
	t.Helper()
	number, err := value.(json.Number).Int64()
	if err != nil {
		t.Fatal(err)
	}
	return uint64(number)
}

func keyOf(t testing.TB, value map[string]any) PublicKey {
	t.Helper()
	scheme := Ed25519
	if value["kind"] == "p256" {
		scheme = P256
	}
	key, ok := NewPublicKey(scheme, bytesOf(t, value["key"]))
	if !ok {
		t.Fatalf("no key: %v", value)
	}
	return key
}

func simpleSignatureOf(t testing.TB, value map[string]any) SimpleSignature {
	t.Helper()
	return SimpleSignature{Key: keyOf(t, value), Bytes: bytesOf(t, value["signature"])}
}

// treeOf gives a tree as if it had been read.
func treeOf(t testing.TB, value map[string]any) (tree KeyTree) {
	t.Helper()
	if value["kind"] != "threshold" {
		return SingleKey(keyOf(t, value))
	}
	tree.Threshold.Needed = uint32(numberOf(t, value["threshold"]))
	for _, each := range value["children"].([]any) {
		child := each.(map[string]any)
		node := treeOf(t, child["node"].(map[string]any))
		tree.Threshold.Children = append(tree.Threshold.Children, Child[KeyTree]{
			Weight: uint32(numberOf(t, child["weight"])), Node: node, encoding: node.Append(nil),
		})
	}
	return tree
}

func signatureOf(t testing.TB, value map[string]any) (signature Signature) {
	t.Helper()
	if value["kind"] != "composite" {
		signature.Simple = simpleSignatureOf(t, value)
		return signature
	}
	signature.Composite = &Composite{Tree: treeOf(t, value["tree"].(map[string]any))}
	for _, each := range value["signatures"].([]any) {
		simple := simpleSignatureOf(t, each.(map[string]any))
		signature.Composite.Signatures = append(signature.Composite.Signatures, simple)
	}
	return signature
}

func transactionSignatureOf(t testing.TB, value map[string]any) (signature TransactionSignature) {
	t.Helper()
	signature.By = signatureOf(t, value["by"].(map[string]any))
	signature.PlatformVersion = uint32(numberOf(t, value["platformVersion"]))
	if batch, ok := value["batch"].(map[string]any); ok {
		signature.Batch = &Batch{Index: uint32(numberOf(t, batch["index"])), Size: uint32(numberOf(t, batch["size"]))}
		for _, sibling := range batch["path"].([]any) {
			signature.Batch.Path = append(signature.Batch.Path, canonical.Hash(bytesOf(t, sibling)))
		}
	}
	return signature
}

func payloadOf(t testing.TB, value map[string]any) Payload {
	t.Helper()
	metadata := value["metadata"].(map[string]any)
	return Payload{
		Purpose:         Purpose(value["purpose"].(string)),
		Network:         canonical.Hash(bytesOf(t, value["networkId"])),
		PlatformVersion: uint32(numberOf(t, metadata["platformVersion"])),
		Hash:            canonical.Hash(bytesOf(t, value["hash"])),
	}
}
