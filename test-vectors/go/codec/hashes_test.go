package codec

import (
	"bytes"
	"testing"
)

type hashedValue struct {
	Value any
	Bytes Hex
	Hash  Hex
}

type hashesFile struct {
	Prefix string
	Tagged []struct {
		Tag   string
		Parts []Hex
		Hash  Hex
	}
	Identities []struct {
		Registration any
		Bytes        Hex
		ID           Hex
	}
	Commitments []struct{ Identity, Blinding, Hash Hex }
	UniqueKeys  []struct {
		Claim any
		Bytes Hex
		Value Hex
	}
	Parameters, Bundles []hashedValue
}

func TestTaggedHashes(t *testing.T) {
	var file hashesFile
	Load("hashes.json", &file)
	seen := map[string]bool{}
	for _, row := range file.Tagged {
		parts := [][]byte{}
		for _, part := range row.Parts {
			parts = append(parts, part)
		}
		if hash := TaggedHash(row.Tag, parts...); !bytes.Equal(hash, row.Hash) {
			t.Errorf("%s over %d parts: %x", row.Tag, len(parts), hash)
		}
		seen[row.Tag] = true
	}
	if len(seen) < 17 {
		t.Errorf("only %d tags", len(seen))
	}
}

func TestHashedValues(t *testing.T) {
	var file hashesFile
	Load("hashes.json", &file)
	schemas := LoadSchemas(nil)
	check := func(tag, schema string, row hashedValue) {
		encoded, err := Encode(schemas.Of(schema), row.Value)
		if err != nil || !bytes.Equal(encoded, row.Bytes) {
			t.Errorf("%s: encoded as %x (%v)", schema, encoded, err)
		}
		if hash := TaggedHash(tag, encoded); !bytes.Equal(hash, row.Hash) {
			t.Errorf("%s: %x", tag, hash)
		}
	}
	for _, row := range file.Identities {
		check("identity", "registration", hashedValue{row.Registration, row.Bytes, row.ID})
	}
	for _, row := range file.UniqueKeys {
		check("unique-key", "uniqueKeyClaim", hashedValue{row.Claim, row.Bytes, row.Value})
	}
	for _, row := range file.Parameters {
		check("parameters", "parameters", row)
	}
	for _, row := range file.Bundles {
		check("attachment", "bundle", row)
	}
	for _, row := range file.Commitments {
		if hash := TaggedHash("commitment", row.Identity, row.Blinding); !bytes.Equal(hash, row.Hash) {
			t.Errorf("commitment: %x", hash)
		}
	}
}
