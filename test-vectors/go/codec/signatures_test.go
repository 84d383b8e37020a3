package codec

import (
	"bytes"
	"reflect"
	"testing"
)

type signatureRow struct {
	Name      string
	Signature map[string]any
	Bytes     Hex
	Payload   map[string]any
}

type signaturesFile struct {
	Message string
	Keys    []struct {
		Kind        string
		Key, Secret Hex
	}
	Payloads []struct {
		Name    string
		Payload map[string]any
		Bytes   Hex
		Message Hex
	}
	Signed, Accepted, Refused []signatureRow
	Trees                     []struct {
		Name             string
		Tree             any
		Bytes            Hex
		IsSatisfiedByAll bool
		Code             string
	}
}

func loadSignatures() (signaturesFile, Schemas) {
	var file signaturesFile
	Load("signatures.json", &file)
	return file, LoadSchemas(nil)
}

func TestPayloads(t *testing.T) {
	file, schemas := loadSignatures()
	for _, row := range file.Payloads {
		encoded, err := Encode(schemas.Of("signaturePayload"), row.Payload)
		if err != nil || !bytes.Equal(encoded, row.Bytes) {
			t.Errorf("%s: encoded as %x (%v)", row.Name, encoded, err)
		}
		message, err := SignedMessage(schemas, row.Payload)
		if err != nil || !bytes.Equal(message, row.Message) {
			t.Errorf("%s: message %x (%v)", row.Name, message, err)
		}
	}
}

// Every key signs every payload, in this order; signing again must give the same bytes.
func TestSigned(t *testing.T) {
	file, schemas := loadSignatures()
	rows := file.Signed
	if len(rows) != len(file.Keys)*len(file.Payloads) {
		t.Fatalf("%d signatures", len(rows))
	}
	for _, key := range file.Keys {
		if public := PublicKeyOf(key.Kind, key.Secret); !bytes.Equal(public, key.Key) {
			t.Errorf("%s: key %x", key.Kind, public)
		}
		for _, payload := range file.Payloads {
			row := rows[0]
			rows = rows[1:]
			message, _ := SignedMessage(schemas, row.Payload)
			signature, err := Sign(key.Kind, key.Secret, message)
			want := map[string]any{
				"kind": key.Kind, "key": key.Key.String(), "signature": Hex(signature).String(),
			}
			if err != nil || !reflect.DeepEqual(row.Signature, want) {
				t.Errorf("%s: signed %v (%v)", row.Name, want, err)
			}
			if !reflect.DeepEqual(row.Payload, payload.Payload) {
				t.Errorf("%s: another payload", row.Name)
			}
		}
	}
}

func TestAccepted(t *testing.T) {
	file, schemas := loadSignatures()
	for _, row := range append(file.Signed, file.Accepted...) {
		if !VerifySignature(schemas, row.Signature, row.Payload) {
			t.Errorf("%s: refused", row.Name)
		}
		encoded, err := Encode(schemas.Of("signature"), row.Signature)
		if err != nil || !bytes.Equal(encoded, row.Bytes) {
			t.Errorf("%s: encoded as %x (%v)", row.Name, encoded, err)
		}
	}
}

func TestRefused(t *testing.T) {
	file, schemas := loadSignatures()
	for _, row := range file.Refused {
		if _, err := Encode(schemas.Of("signature"), row.Signature); err != nil {
			t.Errorf("%s: %v", row.Name, err)
		}
		if VerifySignature(schemas, row.Signature, row.Payload) {
			t.Errorf("%s: accepted", row.Name)
		}
	}
}

func TestKeyTrees(t *testing.T) {
	file, schemas := loadSignatures()
	schema := schemas.Of("keyTree")
	for _, row := range file.Trees {
		decoded, err := Decode(schema, row.Bytes)
		if err != nil || !reflect.DeepEqual(decoded, row.Tree) {
			t.Errorf("%s: decoded as %v (%v)", row.Name, decoded, err)
			continue
		}
		if err := CheckTree(schema, decoded, 0); CodeOf(err) != row.Code {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
		all := func(string) bool { return true }
		if IsTreeSatisfied(decoded, all) != row.IsSatisfiedByAll {
			t.Errorf("%s: satisfied by all: %v", row.Name, !row.IsSatisfiedByAll)
		}
	}
}
