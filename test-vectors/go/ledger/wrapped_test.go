package ledger

import (
	"bytes"
	"testing"

	"stateset.example/testvectors/codec"
)

type wrappedFile struct {
	Suite      string
	Recipients []struct{ Seed, Secret, PublicKey codec.Hex }
	Wrapped    []struct {
		Recipient                int
		KeyID                    string
		Leaf, Key, Seed, Wrapped codec.Hex
	}
	Refused []struct {
		Name          string
		Recipient     int
		KeyID         string
		Leaf, Wrapped codec.Hex
		Code          string
	}
}

func TestWrappedKeys(t *testing.T) {
	var file wrappedFile
	codec.Load("wrapped.json", &file)
	for i, row := range file.Recipients {
		key := encryptionKey(row.Seed)
		if !bytes.Equal(key.Bytes(), row.Secret) || !bytes.Equal(key.PublicKey().Bytes(), row.PublicKey) {
			t.Errorf("recipient %d: another key", i)
		}
	}
	for i, row := range file.Wrapped {
		recipient := encryptionKey(file.Recipients[row.Recipient].Seed)
		if wrapped := wrap(row.Key, row.Leaf, row.KeyID, recipient.PublicKey(), row.Seed); !bytes.Equal(wrapped, row.Wrapped) {
			t.Errorf("%d: wrapped as %x", i, wrapped)
		}
		if key, err := unwrap(row.Wrapped, row.Leaf, row.KeyID, recipient); !bytes.Equal(key, row.Key) {
			t.Errorf("%d: unwrapped as %x (%v)", i, key, err)
		}
	}
	for _, row := range file.Refused {
		recipient := encryptionKey(file.Recipients[row.Recipient].Seed)
		if _, err := unwrap(row.Wrapped, row.Leaf, row.KeyID, recipient); codec.CodeOf(err) != row.Code {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
	}
}
