package ledger

import (
	"bytes"
	"testing"

	"stateset.example/testvectors/codec"
)

type sealedFile struct {
	Algorithm, Of string
	ID            codec.Hex
	KeyID         string
	Key           codec.Hex
	Transactions  []struct {
		Name    string
		Encoded codec.Hex
	}
	Opened []struct {
		Group                              string
		Index                              int
		Nonce, Component, Leaf, Ciphertext codec.Hex
	}
	Refused []struct {
		Name       string
		Key, Leaf  codec.Hex
		Algorithm  string
		Ciphertext codec.Hex
		Code       string
	}
}

func TestSealedComponents(t *testing.T) {
	var file sealedFile
	codec.Load("sealed.json", &file)
	whole, schemas := loadTransaction()
	transaction := built(t, whole, schemas)
	for _, row := range file.Opened {
		form := formsOf(groupAt(transaction, numberOf(row.Group)))[row.Index]
		if form["nonce"] != row.Nonce.String() || form["component"] != row.Component.String() {
			t.Errorf("%s %d: another component", row.Group, row.Index)
		}
		if !bytes.Equal(leafOf(form), row.Leaf) {
			t.Errorf("%s %d: another leaf", row.Group, row.Index)
		}
		if ciphertext := seal(file.Key, row.Leaf, row.Nonce, row.Component); !bytes.Equal(ciphertext, row.Ciphertext) {
			t.Errorf("%s %d: sealed as %x", row.Group, row.Index, ciphertext)
		}
		nonce, component, err := open(file.Key, row.Leaf, "aes-256-gcm", row.Ciphertext)
		if err != nil || !bytes.Equal(nonce, row.Nonce) || !bytes.Equal(component, row.Component) {
			t.Errorf("%s %d: opened as %x, %x (%v)", row.Group, row.Index, nonce, component, err)
		}
	}
	for _, row := range file.Refused {
		_, _, err := open(row.Key, row.Leaf, row.Algorithm, row.Ciphertext)
		if codec.CodeOf(err) != row.Code {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
	}
}

// Every component of these transactions is in one of its three forms, and the id is the same.
func TestForms(t *testing.T) {
	var file sealedFile
	codec.Load("sealed.json", &file)
	whole, schemas := loadTransaction()
	transaction := built(t, whole, schemas)
	for _, row := range file.Transactions {
		decoded, err := DecodeTransaction(schemas, row.Encoded)
		if err != nil || !bytes.Equal(TransactionID(decoded), file.ID) {
			t.Errorf("%s: another id (%v)", row.Name, err)
			continue
		}
		for number, group := range Groups {
			originals := formsOf(groupAt(transaction, number))
			for i, form := range formsOf(groupAt(decoded, number)) {
				if !isFormOf(form, originals[i], file) {
					t.Errorf("%s: %s %d is something else", row.Name, group.Name, i)
				}
			}
		}
	}
}

func isFormOf(form, original object, file sealedFile) bool {
	nonce, component := codec.Bytes(original["nonce"]), codec.Bytes(original["component"])
	want := map[any]object{
		"open":   original,
		"sealed": sealedForm(file.Key, nonce, component, file.KeyID),
		"hashed": hashedForm(original),
	}[form["kind"]]
	if len(want) != len(form) {
		return false
	}
	for name, value := range want {
		if form[name] != value {
			return false
		}
	}
	return true
}
