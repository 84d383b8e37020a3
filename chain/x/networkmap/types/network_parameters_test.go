package types_test

import (
	"bytes"
	"errors"
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

func TestNetworkParametersRefuse(t *testing.T) {
	network := canonical.Hash{5}
	good := maptest.Parameters(network, 1, 1)
	if _, err := types.ParseNetworkParameters(good, network); err != nil {
		t.Fatal(err)
	}
	text := func(s string) []byte { return canonical.AppendText(nil, s) }
	field := func(name string, value uint64) []byte { return canonical.AppendUintField(nil, name, value) }
	owner := canonical.AppendText(canonical.AppendText(nil, "contract"), "invoice")
	for name, row := range map[string]struct{ from, to []byte }{
		"another field of the VM":     {text("gas"), text("gos")},
		"another field":               {text("epoch"), text("epoca")},
		"a negative epoch":            {field("epoch", 1), append(text("epoch"), 0x20)},
		"a long integer":              {field("epoch", 1), append(text("epoch"), 0x18, 1)},
		"a limit beyond 32 bits":      {field("callDepth", 1<<20), field("callDepth", 1<<32)},
		"an epoch beyond 53 bits":     {field("epoch", 1), field("epoch", 1<<53)},
		"an engine of 31 bytes":       {canonical.AppendBytesField(nil, "engine", make([]byte, 32)), canonical.AppendBytesField(nil, "engine", make([]byte, 31))},
		"a salt of 33 bytes":          {canonical.AppendBytesField(nil, "uniqueKeySalt", make([]byte, 32)), canonical.AppendBytesField(nil, "uniqueKeySalt", make([]byte, 33))},
		"a contract without a name":   {owner, append(text("contract"), 0x60)},
		"a key of an unknown scheme":  {text("ed25519"), text("ed25518")},
		"a count that is none":        {append(text("bundles"), 0x81), append(text("bundles"), 0x82)},
		"a list that never ends":      {append(text("bundles"), 0x81), append(text("bundles"), 0x9f)},
		"an owner's key of no bytes":  {canonical.AppendBytesField(nil, "key", maptest.NewSigner("author").Public()), canonical.AppendBytesField(nil, "key", nil)},
		"an owner's tree of no order": {maptest.NewSigner("author").Key(), unreachable()},
	} {
		t.Run(name, func(t *testing.T) {
			if !bytes.Contains(good, row.from) {
				t.Fatalf("%x is not in the parameters", row.from)
			}
			broken := bytes.Replace(good, row.from, row.to, 1)
			if _, err := types.ParseNetworkParameters(broken, network); !errors.Is(err, types.ErrBadParameters) {
				t.Fatal(err)
			}
		})
	}
}

// unreachable is a threshold that its two keys do not reach.
func unreachable() []byte {
	tree := maptest.TwoOf(maptest.NewSigner("a"), maptest.NewSigner("b"))
	return append(tree[:len(tree)-1:len(tree)-1], 3)
}

func FuzzNetworkParameters(f *testing.F) {
	network := canonical.Hash{5}
	f.Add(maptest.Parameters(network, 1, 1))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, encoded []byte) {
		read, err := types.ParseNetworkParameters(encoded, network)
		if err == nil && (read.Network != network || read.Hash != canonical.TagParameters.Hash(encoded)) {
			t.Fatalf("%x: %v", encoded, read)
		}
	})
}
