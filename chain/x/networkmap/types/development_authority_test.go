package types

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"stateset.example/chain/canonical/vectortest"
)

// What the TypeScript authority issues is what the map takes.
func TestCertificateOfTheDevelopmentAuthority(t *testing.T) {
	var made struct {
		Genesis      vectortest.Hex  `json:"genesis"`
		Network      vectortest.Hash `json:"network"`
		Registration vectortest.Hex  `json:"registration"`
		ID           vectortest.Hash `json:"id"`
		Certificate  vectortest.Hex  `json:"certificate"`
	}
	text, err := os.ReadFile("testdata/development-authority.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &made); err != nil {
		t.Fatal(err)
	}
	root, err := RootCertificate(made.Genesis, made.Network)
	if err != nil {
		t.Fatal(err)
	}
	registration, err := ParseRegistration(made.Registration, made.Network)
	if err != nil || registration.ID != made.ID {
		t.Fatalf("%v, %v", registration, err)
	}
	for _, chain := range [][][]byte{{made.Certificate}, {made.Certificate, root}} {
		if _, err := ParseCertificates(chain, root, registration); err != nil {
			t.Fatal(err)
		}
	}
	for i := range made.Certificate {
		changed := append([]byte{}, made.Certificate...)
		changed[i] ^= 1
		if _, err := ParseCertificates([][]byte{changed}, root, registration); !errors.Is(err, ErrBadCertificate) {
			t.Fatalf("with byte %d changed: %v", i, err)
		}
	}
	for end := range made.Genesis {
		if _, err := RootCertificate(made.Genesis[:end], made.Network); err == nil {
			t.Fatalf("the first %d bytes of the genesis were taken", end)
		}
	}
	if _, err := RootCertificate(made.Genesis, [32]byte{}); !errors.Is(err, ErrWrongNetwork) {
		t.Fatal(err)
	}
}
