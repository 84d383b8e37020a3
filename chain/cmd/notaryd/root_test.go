package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stateset.example/chain/cmd/notaryd/cluster"
)

func run(t *testing.T, arguments ...string) string {
	t.Helper()
	var output bytes.Buffer
	root := newRoot()
	root.SetOut(&output)
	root.SetArgs(arguments)
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	return output.String()
}

func TestClusterInitTellsWhatItMade(t *testing.T) {
	dir := t.TempDir()
	network := strings.Repeat("a1", 32)
	var made cluster.Made
	output := run(t, "cluster", "init", "--dir", dir, "--members", "4", "--network", network, "--json")
	if err := json.Unmarshal([]byte(output), &made); err != nil {
		t.Fatalf("%s: %s", err, output)
	}
	if made.Network != network || len(made.Members) != 4 {
		t.Errorf("made %+v", made)
	}
	genesis := filepath.Join(dir, "m3", "config", "genesis.json")
	content, err := os.ReadFile(genesis)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(content)
	if told := strings.TrimSpace(run(t, "genesis", "hash", genesis)); told != hex.EncodeToString(hash[:]) || told != made.GenesisHash {
		t.Errorf("hash %s, told at first %s", told, made.GenesisHash)
	}
}
