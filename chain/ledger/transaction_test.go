package ledger

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/canonical/vectortest"
)

type refusedTransaction struct {
	Name    string
	Encoded vectortest.Hex
	Code    string
}

type transactionFile struct {
	Network vectortest.Hash
	Groups  []struct {
		Number     int
		Name       string
		Limits     struct{ Min, Max, BytesMax int }
		Components []struct {
			Component, Nonce vectortest.Hex
			Leaf             vectortest.Hash
		}
		TreeRoot, GroupRoot vectortest.Hash
	}
	RootOfGroups, ID vectortest.Hash
	Encoded          vectortest.Hex
	Signed           struct{ Encoded vectortest.Hex }
	Signatures       []struct {
		Name      string
		ID        vectortest.Hash
		Signature map[string]any
		Valid     bool
	}
	RefusedBytes, RefusedContents []refusedTransaction
}

func loadTransaction(t testing.TB) (file transactionFile) {
	t.Helper()
	vectortest.Load(t, "transaction.json", &file)
	return file
}

func codeOf(err error) string {
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	if err != nil {
		return "uncoded: " + err.Error()
	}
	return ""
}

func TestTransaction(t *testing.T) {
	file := loadTransaction(t)
	transaction, err := DecodeTransaction(file.Encoded)
	if err != nil {
		t.Fatal(err)
	}
	roots := transaction.groupRoots()
	for number, group := range file.Groups {
		limits := Group(number).Limits()
		want := GroupLimits{group.Name, group.Limits.Min, group.Limits.Max, group.Limits.BytesMax}
		if limits != want || group.Number != number || len(group.Components) == 0 {
			t.Errorf("%s: not group %d with components, or other limits", group.Name, number)
		}
		of := transaction.Group(Group(number))
		for i, component := range group.Components {
			if leaf := of.Components[i].Leaf(); leaf != canonical.Hash(component.Leaf) {
				t.Errorf("%s %d: leaf %x", group.Name, i, leaf)
			}
		}
		if root := of.treeRoot(); root != canonical.Hash(group.TreeRoot) {
			t.Errorf("%s: tree root %x", group.Name, root)
		}
		if roots[number] != canonical.Hash(group.GroupRoot) {
			t.Errorf("%s: group root %x", group.Name, roots[number])
		}
	}
	if root := canonical.MerkleRoot(roots[:]); root != canonical.Hash(file.RootOfGroups) {
		t.Errorf("root of groups %x", root)
	}
	if id := transaction.ID(); id != canonical.Hash(file.ID) {
		t.Errorf("id %x", id)
	}
	if !bytes.Equal(transaction.Append(nil), file.Encoded) {
		t.Error("encoded otherwise")
	}
}

// What is written from the typed contents is what stood there.
func TestContents(t *testing.T) {
	file := loadTransaction(t)
	transaction, err := DecodeTransaction(file.Encoded)
	if err != nil {
		t.Fatal(err)
	}
	for number := range Group(GroupCount) {
		written := writtenContents(transaction.Contents(), number)
		if len(written) == 0 {
			continue // of no concern to a notary
		}
		for i, component := range transaction.Group(number).Components {
			if !bytes.Equal(written[i], component.Content) {
				t.Errorf("%v %d: written as %x", number, i, written[i])
			}
		}
	}
}

func writtenContents(c *Contents, number Group) (written [][]byte) {
	switch number {
	case GroupMeta:
		written = append(written, c.Meta.Append(nil))
	case GroupInputs:
		written = writtenRefs(c.Inputs)
	case GroupReferences:
		written = writtenRefs(c.References)
	case GroupHeaders:
		for i := range c.Headers {
			written = append(written, c.Headers[i].Append(nil))
		}
	case GroupTimeWindow:
		written = append(written, c.TimeWindow.Append(nil))
	case GroupParameters:
		written = append(written, AppendParametersReference(nil, c.Parameters))
	case GroupUniqueKeys:
		for _, key := range c.UniqueKeys {
			written = append(written, key.Append(nil))
		}
	}
	return written
}

func writtenRefs(refs []StateRef) (written [][]byte) {
	for _, ref := range refs {
		written = append(written, ref.Append(nil))
	}
	return written
}

func TestRefusedTransactions(t *testing.T) {
	file := loadTransaction(t)
	for _, row := range file.RefusedBytes {
		if _, err := DecodeTransaction(row.Encoded); codeOf(err) != row.Code {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
	}
	for _, row := range file.RefusedContents {
		transaction, err := DecodeTransaction(row.Encoded)
		if err != nil || !bytes.Equal(transaction.Append(nil), row.Encoded) {
			t.Errorf("%s: %v, though its form is good", row.Name, err)
		}
	}
}

func TestSignedTransaction(t *testing.T) {
	file := loadTransaction(t)
	signed, err := DecodeSignedTransaction(file.Signed.Encoded)
	if err != nil || !bytes.Equal(signed.Append(nil), file.Signed.Encoded) {
		t.Fatalf("decoded otherwise (%v)", err)
	}
	id := signed.Transaction.ID()
	keys, fault := signed.KeysThatSigned(canonical.Hash(file.Network), id)
	if fault != nil || len(keys) != 2 || keys[0].Scheme() != Ed25519 || keys[1].Scheme() != P256 {
		t.Errorf("signed by %v (%v)", keys, fault)
	}
	if _, fault := signed.KeysThatSigned(id, id); fault == nil || fault.IsTooMany || fault.Index != 0 {
		t.Errorf("on another network: %v", fault)
	}
	signed.Signatures = slices.Repeat(signed.Signatures, 128)
	if _, fault := signed.KeysThatSigned(canonical.Hash(file.Network), id); fault != nil {
		t.Errorf("256 signatures: %v", fault)
	}
	signed.Signatures = append(signed.Signatures, signed.Signatures[0])
	if _, fault := signed.KeysThatSigned(canonical.Hash(file.Network), id); fault == nil || !fault.IsTooMany || fault.Found != 257 {
		t.Errorf("257 signatures: %v", fault)
	}
}

func TestTransactionSignatures(t *testing.T) {
	file := loadTransaction(t)
	for _, row := range file.Signatures {
		signature := transactionSignatureOf(t, row.Signature)
		if signature.IsValid(canonical.Hash(file.Network), canonical.Hash(row.ID)) != row.Valid {
			t.Errorf("%s: valid: %v", row.Name, !row.Valid)
		}
	}
}

func TestComponentsBeyondTheirLimit(t *testing.T) {
	file := loadTransaction(t)
	limit := GroupHeaders.Limits().BytesMax
	large := identity(1)
	for len(large.append(nil)) < limit {
		large = threshold(1, large, large, large, large, large, large)
	}
	header := Header{Authority: large}
	for name, row := range map[string]struct {
		component Component
		code      string
	}{
		"an open header":            {Component{Nonce: make([]byte, 32), Content: header.Append(nil)}, CodeComponentMalformed},
		"a sealed one":              {sealed(limit + 1), CodeComponentMalformed},
		"a sealed one at the limit": {sealed(limit), ""},
	} {
		transaction, err := DecodeTransaction(file.Encoded)
		if err != nil {
			t.Fatal(err)
		}
		groups := transaction.groups
		groups[GroupHeaders].Components = []Component{row.component}
		if _, err := TransactionOf(groups); codeOf(err) != row.code {
			t.Errorf("%s: %v, not %q", name, err, row.code)
		}
	}
}

func sealed(size int) Component {
	seal := &Seal{KeyID: []byte("key"), Algorithm: []byte("aes-256-gcm")}
	content := make([]byte, sealingOverheadBytes+size)
	return Component{Form: Sealed, StatedLeaf: make([]byte, 32), Seal: seal, Content: content}
}

func TestSignaturesBeyondAMegabyte(t *testing.T) {
	transaction := bytes.Repeat([]byte{0}, 1)
	key, _ := NewPublicKey(Ed25519, make([]byte, 32))
	wide := SingleKey(key)
	for range 3 { // 32 · 32 · 32 keys, none of them to be looked at
		children := make([]Child[KeyTree], thresholdChildrenMax)
		for i := range children {
			children[i] = Child[KeyTree]{Weight: 1, Node: wide}
		}
		wide = KeyTree{Threshold: Threshold[KeyTree]{Needed: 1, Children: children}}
	}
	simple := SimpleSignature{Key: key, Bytes: make([]byte, 64)}
	signature := TransactionSignature{By: Signature{Composite: &Composite{Tree: wide, Signatures: []SimpleSignature{simple}}}}
	signed := canonical.AppendList(canonical.AppendText(canonical.AppendRecord(nil, 2), "signatures"), 1)
	signed = canonical.AppendBytesField(signature.append(signed), "transaction", transaction)
	if _, err := DecodeSignedTransaction(signed); codeOf(err) != CodeTooLarge {
		t.Errorf("%d bytes: %v", len(signed), err)
	}
}
