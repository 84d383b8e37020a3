package ledger

import (
	"bytes"
	"reflect"
	"testing"

	"stateset.example/testvectors/codec"
)

type refusedTransaction struct {
	Name    string
	Encoded codec.Hex
	Code    string
}

type transactionFile struct {
	Network string
	Groups  []struct {
		Number     int
		Name       string
		Limits     struct{ Min, Max, BytesMax int }
		Components []struct {
			Value                  any
			Component, Nonce, Leaf codec.Hex
		}
		TreeRoot, GroupRoot codec.Hex
	}
	RootOfGroups, ID, Encoded codec.Hex
	Signed                    struct {
		Signatures []any
		Encoded    codec.Hex
	}
	Signatures []struct {
		Name      string
		ID        codec.Hex
		Signature object
		Valid     bool
	}
	RefusedBytes, RefusedContents []refusedTransaction
}

func loadTransaction() (transactionFile, codec.Schemas) {
	var file transactionFile
	codec.Load("transaction.json", &file)
	return file, codec.LoadSchemas(nil)
}

// built puts the transaction together from values and nonces alone.
func built(t *testing.T, file transactionFile, schemas codec.Schemas) object {
	groups := []any{}
	for _, group := range file.Groups {
		components := []any{}
		for i, row := range group.Components {
			encoded, err := codec.Encode(schemas.Of("component-"+group.Name), row.Value)
			if err != nil || !bytes.Equal(encoded, row.Component) {
				t.Errorf("%s %d: encoded as %x (%v)", group.Name, i, encoded, err)
			}
			components = append(components, object{
				"kind": "open", "nonce": row.Nonce.String(), "component": codec.Hex(encoded).String(),
			})
		}
		groups = append(groups, object{"kind": "listed", "components": components})
	}
	return object{"groups": groups}
}

func TestTransaction(t *testing.T) {
	file, schemas := loadTransaction()
	transaction := built(t, file, schemas)
	roots := groupRoots(transaction)
	for number, group := range file.Groups {
		limits := Groups[number]
		found := Group{group.Name, group.Limits.Min, group.Limits.Max, group.Limits.BytesMax, limits.IsSet}
		if found != limits || group.Number != number || len(group.Components) == 0 {
			t.Errorf("%s: not group %d with components, or other limits", group.Name, number)
		}
		of := groupAt(transaction, number)
		for i, leaf := range leavesOf(of) {
			if !bytes.Equal(leaf, group.Components[i].Leaf) {
				t.Errorf("%s %d: leaf %x", group.Name, i, leaf)
			}
		}
		if root := treeRoot(of); !bytes.Equal(root, group.TreeRoot) {
			t.Errorf("%s: tree root %x", group.Name, root)
		}
		if !bytes.Equal(roots[number], group.GroupRoot) {
			t.Errorf("%s: group root %x", group.Name, roots[number])
		}
	}
	if root := codec.MerkleRoot(roots); !bytes.Equal(root, file.RootOfGroups) {
		t.Errorf("root of groups %x", root)
	}
	if id := TransactionID(transaction); !bytes.Equal(id, file.ID) {
		t.Errorf("id %x", id)
	}
	encoded, err := codec.Encode(schemas.Of("transaction"), transaction)
	if err != nil || !bytes.Equal(encoded, file.Encoded) {
		t.Errorf("encoded as %x (%v)", encoded, err)
	}
	decoded, err := DecodeTransaction(schemas, file.Encoded)
	if err != nil || !reflect.DeepEqual(decoded, transaction) {
		t.Errorf("decoded otherwise (%v)", err)
	}
	if err := CheckContents(schemas, decoded); err != nil {
		t.Error(err)
	}
}

func TestSignedTransaction(t *testing.T) {
	file, schemas := loadTransaction()
	value := object{"transaction": file.Encoded.String(), "signatures": file.Signed.Signatures}
	encoded, err := codec.Encode(schemas.Of("signedTransaction"), value)
	if err != nil || !bytes.Equal(encoded, file.Signed.Encoded) {
		t.Errorf("encoded as %x (%v)", encoded, err)
	}
	decoded, err := codec.Decode(schemas.Of("signedTransaction"), file.Signed.Encoded)
	if err != nil || !reflect.DeepEqual(decoded, any(value)) {
		t.Errorf("decoded as %v (%v)", decoded, err)
	}
	for i, signature := range file.Signed.Signatures {
		if !IsSignatureValid(schemas, signature.(object), file.Network, file.ID) {
			t.Errorf("signature %d is not valid", i)
		}
	}
}

func TestTransactionSignatures(t *testing.T) {
	file, schemas := loadTransaction()
	for _, row := range file.Signatures {
		if _, err := codec.Encode(schemas.Of("transactionSignature"), row.Signature); err != nil {
			t.Errorf("%s: %v", row.Name, err)
		}
		if IsSignatureValid(schemas, row.Signature, file.Network, row.ID) != row.Valid {
			t.Errorf("%s: valid: %v", row.Name, !row.Valid)
		}
	}
}

func TestRefusedTransactions(t *testing.T) {
	file, schemas := loadTransaction()
	for _, row := range file.RefusedBytes {
		if _, err := DecodeTransaction(schemas, row.Encoded); codec.CodeOf(err) != row.Code {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
	}
	for _, row := range file.RefusedContents {
		transaction, err := DecodeTransaction(schemas, row.Encoded)
		if err == nil {
			err = CheckContents(schemas, transaction)
		}
		if codec.CodeOf(err) != row.Code {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
	}
}
