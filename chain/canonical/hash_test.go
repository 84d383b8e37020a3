package canonical

import (
	"testing"

	"stateset.example/chain/canonical/vectortest"
)

func TestTaggedHashes(t *testing.T) {
	var file struct {
		Tagged []struct {
			Tag   string
			Parts []vectortest.Hex
			Hash  vectortest.Hash
		}
	}
	vectortest.Load(t, "hashes.json", &file)
	for _, row := range file.Tagged {
		parts := [][]byte{}
		for _, part := range row.Parts {
			parts = append(parts, part)
		}
		if hash := NewTag(row.Tag).Hash(parts...); hash != Hash(row.Hash) {
			t.Errorf("%s over %d parts: %x", row.Tag, len(parts), hash)
		}
	}
	if len(file.Tagged) < 50 {
		t.Errorf("only %d rows", len(file.Tagged))
	}
}

func TestHashesOfNodesTakeNoMemory(t *testing.T) {
	left, right := TagEmpty.Hash(), TagBlock.Hash()
	if allocs := testing.AllocsPerRun(100, func() { left = nodeHash(left, right) }); allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
}
