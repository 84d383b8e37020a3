package main

import (
	"bytes"
	"os"
	"testing"
)

// TestVectorsAreWhatTheCodeMakes also holds every row against the verdict of the chain's own code.
func TestVectorsAreWhatTheCodeMakes(t *testing.T) {
	made, err := vectorsText()
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("../../" + vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.ReplaceAll(committed, []byte("\r\n"), []byte("\n")), made) {
		t.Fatal("test-vectors/light-client.json differs from what the code now makes; " +
			"if that was meant, run `go run ./internal/lightvectors` and then `npm run generate:vectors`")
	}
}
