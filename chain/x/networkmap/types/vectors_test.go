package types

import (
	"bytes"
	"errors"
	"testing"

	"stateset.example/chain/canonical/vectortest"
)

type hashVectors struct {
	Identities []struct {
		Registration struct {
			Network vectortest.Hash `json:"network"`
			Name    string          `json:"name"`
			LEI     string          `json:"lei"`
		} `json:"registration"`
		Bytes vectortest.Hex  `json:"bytes"`
		ID    vectortest.Hash `json:"id"`
	} `json:"identities"`
	Parameters []struct {
		Value struct {
			Network vectortest.Hash `json:"network"`
			Epoch   uint64          `json:"epoch"`
		} `json:"value"`
		Bytes vectortest.Hex  `json:"bytes"`
		Hash  vectortest.Hash `json:"hash"`
	} `json:"parameters"`
}

func TestRegistrationsOfTypeScript(t *testing.T) {
	var vectors hashVectors
	vectortest.Load(t, "hashes.json", &vectors)
	for _, row := range vectors.Identities {
		read, err := ParseRegistration(row.Bytes, row.Registration.Network)
		if err != nil {
			t.Fatal(err)
		}
		if read.ID != row.ID || read.Name != row.Registration.Name || read.LEI != row.Registration.LEI ||
			!bytes.Equal(read.Append(nil), row.Bytes) {
			t.Fatalf("%v instead of %v", read, row)
		}
		if _, err := ParseRegistration(row.Bytes, [32]byte{}); !errors.Is(err, ErrWrongNetwork) {
			t.Fatal(err)
		}
		for end := range row.Bytes {
			if _, err := ParseRegistration(row.Bytes[:end], row.Registration.Network); !errors.Is(err, ErrMalformed) {
				t.Fatalf("the first %d bytes: %v", end, err)
			}
		}
	}
	if len(vectors.Identities) == 0 {
		t.Fatal("no vectors")
	}
}

func TestParametersOfTypeScript(t *testing.T) {
	var vectors hashVectors
	vectortest.Load(t, "hashes.json", &vectors)
	for _, row := range vectors.Parameters {
		read, err := ParseNetworkParameters(row.Bytes, row.Value.Network)
		if err != nil {
			t.Fatal(err)
		}
		if read.Hash != row.Hash || read.Epoch != row.Value.Epoch || read.Network != row.Value.Network {
			t.Fatalf("%v instead of %v", read, row)
		}
		for end := range row.Bytes {
			if _, err := ParseNetworkParameters(row.Bytes[:end], row.Value.Network); !errors.Is(err, ErrBadParameters) {
				t.Fatalf("the first %d bytes: %v", end, err)
			}
		}
	}
	if len(vectors.Parameters) == 0 {
		t.Fatal("no vectors")
	}
}
