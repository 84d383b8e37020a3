// Package vectortest brings the test vectors that TypeScript wrote to tests of this module.
package vectortest

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Load reads a file of ../test-vectors, seen from the module.
func Load(t testing.TB, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(moduleRoot(t), "..", "test-vectors", file))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func moduleRoot(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		above := filepath.Dir(folder)
		if above == folder {
			t.Fatal("the test runs outside of a module")
		}
		folder = above
	}
}

// Hex is bytes that JSON holds as hexadecimal text.
type Hex []byte

func (h Hex) String() string { return hex.EncodeToString(h) }

// UnmarshalJSON takes hexadecimal text.
func (h *Hex) UnmarshalJSON(text []byte) error {
	var digits string
	if err := json.Unmarshal(text, &digits); err != nil {
		return err
	}
	var err error
	*h, err = hex.DecodeString(digits)
	return err
}

// Hash is Hex of 32 bytes.
type Hash [32]byte

// UnmarshalJSON takes hexadecimal text of 32 bytes.
func (h *Hash) UnmarshalJSON(text []byte) error {
	var content Hex
	if err := content.UnmarshalJSON(text); err != nil {
		return err
	}
	if len(content) != len(h) {
		return hex.InvalidByteError(byte(len(content)))
	}
	copy(h[:], content)
	return nil
}
