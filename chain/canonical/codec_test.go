package canonical

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"stateset.example/chain/canonical/vectortest"
)

// Each reads a value of one of the vectors' schemas and writes it again.
var schemas = map[string]func(r *Reader) []byte{
	"uint":         func(r *Reader) []byte { return AppendUint(nil, r.Uint(0, UintMax)) },
	"uint-10-1000": func(r *Reader) []byte { return AppendUint(nil, r.Uint(10, 1000)) },
	"text":         func(r *Reader) []byte { return AppendText(nil, string(r.Text(0, 300))) },
	"text-2-4":     func(r *Reader) []byte { return AppendText(nil, string(r.Text(2, 4))) },
	"bytes":        func(r *Reader) []byte { return AppendBytes(nil, r.Bytes(0, 300)) },
	"bytes-0-4":    func(r *Reader) []byte { return AppendBytes(nil, r.Bytes(0, 4)) },
	"hex":          func(r *Reader) []byte { return AppendBytes(nil, r.Bytes(0, 8)) },
	"hex-4":        func(r *Reader) []byte { return AppendBytes(nil, r.Bytes(4, 4)) },
	"list-1-3": func(r *Reader) []byte {
		count := r.List(1, 3)
		written := AppendList(nil, count)
		for range count {
			written = AppendUint(written, r.Uint(0, UintMax))
		}
		return written
	},
	"nest":   nest,
	"empty":  func(r *Reader) []byte { r.Record(0); return AppendRecord(nil, 0) },
	"order":  func(r *Reader) []byte { return uints(r, 6, 6, "Z", "a", "b", "a-", "aa", "ccc") },
	"gaps":   func(r *Reader) []byte { return uints(r, 2, 4, "a?", "b", "c?", "d") },
	"person": person,
	"shape":  shape,
}

func nest(r *Reader) []byte {
	written := AppendList(nil, r.List(0, 1))
	if len(written) > 0 && written[0] == 0x81 && !r.Failed() {
		written = append(written, nest(r)...)
	}
	r.Leave()
	return written
}

// uints reads a record of integers; names with a question mark are of optional ones.
func uints(r *Reader, min, max int, names ...string) []byte {
	count := r.RecordOf(min, max)
	written := AppendRecord(nil, count)
	read := 0
	for _, name := range names {
		name, isOptional := strings.CutSuffix(name, "?")
		if isOptional && !r.Has(name) {
			continue
		}
		if !isOptional {
			r.Field(name)
		}
		read++
		written = AppendUintField(written, name, r.Uint(0, UintMax))
	}
	if read != count {
		r.Fail(MisplacedField)
	}
	return written
}

func person(r *Reader) []byte {
	count := r.RecordOf(2, 3)
	written := AppendRecord(nil, count)
	r.Field("age")
	written = AppendUintField(written, "age", r.Uint(0, UintMax))
	r.Field("name")
	written = AppendTextField(written, "name", string(r.Text(0, 20)))
	if count == 3 {
		r.Field("note")
		written = AppendTextField(written, "note", string(r.Text(0, 20)))
	}
	return written
}

func shape(r *Reader) []byte {
	r.Union()
	switch {
	case r.Variant("point", 0):
		return AppendVariant(nil, "point", 0)
	case r.Variant("circle", 1):
		r.Field("radius")
		return AppendUintField(AppendVariant(nil, "circle", 1), "radius", r.Uint(0, UintMax))
	case r.passes("square"): // which has an optional field, and that a bool
		r.Fail("unread")
	default:
		r.NoVariant()
	}
	return nil
}

type codecFile struct {
	Values []struct {
		Name, Schema string
		Value        json.RawMessage
		Bytes        vectortest.Hex
	}
	RefusedBytes []struct {
		Name, Schema string
		Bytes        vectortest.Hex
		Code         Code
	}
}

func TestCodecValues(t *testing.T) {
	var file codecFile
	vectortest.Load(t, "codec.json", &file)
	read := 0
	for _, row := range file.Values {
		schema, ok := schemas[row.Schema]
		if !ok {
			continue
		}
		r := NewReader(row.Bytes)
		written := schema(&r)
		if r.code == "unread" {
			continue
		}
		read++
		if err := r.End(); err != nil || !bytes.Equal(written, row.Bytes) {
			t.Errorf("%s: written as %x (%v), not %s", row.Name, written, err, row.Bytes)
		}
	}
	if read < 40 {
		t.Errorf("only %d values", read)
	}
}

func TestCodecRefusedBytes(t *testing.T) {
	var file codecFile
	vectortest.Load(t, "codec.json", &file)
	read := 0
	for _, row := range file.RefusedBytes {
		schema, ok := schemas[row.Schema]
		if !ok {
			continue
		}
		r := NewReader(row.Bytes)
		schema(&r)
		if r.code == "unread" {
			continue
		}
		read++
		err, _ := r.End().(*Error)
		if err == nil || !sameCode(err.Code, row.Code) {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
	}
	if read < 60 {
		t.Errorf("only %d rows", read)
	}
}

// sameCode allows for one code where the codec has four, which counts of fields may come before.
func sameCode(found, want Code) bool {
	switch want {
	case "codec/unknown-field", "codec/missing-field", "codec/duplicate-field", "codec/unsorted-fields":
		return found == MisplacedField
	}
	return found == want || found == MisplacedField && want != ""
}

func TestUnicodeTable(t *testing.T) {
	var file struct {
		Unicode                      string
		Assigned                     []rune
		Decompositions, Compositions map[string]string
		Classes                      []string
	}
	vectortest.Load(t, "nfc.json", &file)
	table := unicode16()
	if fmt.Sprint(table.assigned) != fmt.Sprint(file.Assigned) || file.Unicode != "16.0" {
		t.Error("other characters are assigned")
	}
	for _, row := range table.decompositions {
		if file.Decompositions[hexOf(row.of)] != hexOf(row.parts...) {
			t.Errorf("%U is decomposed otherwise", row.of)
		}
	}
	for _, row := range table.compositions {
		if file.Compositions[hexOf(row.pair[0], row.pair[1])] != hexOf(row.of) {
			t.Errorf("%U is composed otherwise", row.pair)
		}
	}
	for i, row := range table.classes {
		if file.Classes[i] != fmt.Sprintf("%s %d", hexOf(row.of), row.class) {
			t.Errorf("%U is of another class", row.of)
		}
	}
	if len(table.decompositions) != len(file.Decompositions) ||
		len(table.compositions) != len(file.Compositions) || len(table.classes) != len(file.Classes) {
		t.Error("rows are missing")
	}
}

func hexOf(runes ...rune) string {
	words := []string{}
	for _, r := range runes {
		words = append(words, fmt.Sprintf("%04x", r))
	}
	return strings.Join(words, " ")
}

// FuzzReader holds that bytes which are accepted are those that would be written.
func FuzzReader(f *testing.F) {
	var file codecFile
	vectortest.Load(f, "codec.json", &file)
	for _, row := range file.Values {
		f.Add([]byte(row.Bytes))
	}
	for _, row := range file.RefusedBytes {
		f.Add([]byte(row.Bytes))
	}
	f.Fuzz(func(t *testing.T, given []byte) {
		for name, schema := range schemas {
			r := NewReader(given)
			written := schema(&r)
			if r.End() == nil && !bytes.Equal(written, given) {
				t.Errorf("%s: written as %x", name, written)
			}
		}
	})
}
