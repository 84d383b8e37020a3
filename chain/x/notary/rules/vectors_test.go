package rules

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/canonical/vectortest"
	"stateset.example/chain/ledger"
)

// A row of notary.json: a request with all that a verdict rests on, and the verdict of the rules in
// TypeScript.
type vectorRow struct {
	Name     string
	Shown    vectortest.Hex
	Standing struct {
		Network, Notary vectortest.Hash
		Parameters      []vectortest.Hash
	}
	View   vectorFacts
	Expect struct {
		Kind       string
		ID, Leaf   vectortest.Hash
		Consumed   []vectortest.Hash
		UniqueKeys []vectortest.Hex
		Stage      string
		Fault      vectortest.Hex
		Code       Code
	}
}

type vectorFacts struct {
	BlockTime uint64
	Created   []*uint64
	Consumed  []*struct {
		By vectortest.Hash
		At uint64
	}
	UniqueKeys []struct {
		Encoded vectortest.Hex
		By      vectortest.Hash
		At      uint64
	}
	Identities []struct {
		ID  vectortest.Hash
		Key vectortest.Hex
	}
}

// vectorView answers from a row; what the row does not say is an error.
type vectorView struct {
	facts vectorFacts
	keys  map[canonical.Hash]ledger.KeyTree
}

func newVectorView(t testing.TB, facts vectorFacts) *vectorView {
	view := &vectorView{facts, map[canonical.Hash]ledger.KeyTree{}}
	for _, identity := range facts.Identities {
		key, err := ledger.DecodeKeyTree(identity.Key)
		if err != nil {
			t.Fatal(err)
		}
		view.keys[canonical.Hash(identity.ID)] = key
	}
	return view
}

var errNotInRow = errors.New("the row does not say")

func (v *vectorView) BlockTime() uint64 { return v.facts.BlockTime }

func (v *vectorView) CreatedAt(state int) (uint64, bool, error) {
	if state >= len(v.facts.Created) {
		return 0, false, errNotInRow
	}
	if at := v.facts.Created[state]; at != nil {
		return *at, true, nil
	}
	return 0, false, nil
}

func (v *vectorView) Consumed(state int) (Taken, bool, error) {
	if state >= len(v.facts.Consumed) {
		return Taken{}, false, errNotInRow
	}
	if by := v.facts.Consumed[state]; by != nil {
		return Taken{By: canonical.Hash(by.By), At: by.At}, true, nil
	}
	return Taken{}, false, nil
}

func (v *vectorView) UniqueKey(encoded []byte) (Taken, bool, error) {
	for _, key := range v.facts.UniqueKeys {
		if bytes.Equal(key.Encoded, encoded) {
			return Taken{By: canonical.Hash(key.By), At: key.At}, true, nil
		}
	}
	return Taken{}, false, nil
}

func (v *vectorView) IdentityKey(identity canonical.Hash) (*ledger.KeyTree, bool, error) {
	key, found := v.keys[identity]
	return &key, found, nil
}

// verdictOf is the whole way of a request.
func verdictOf(t testing.TB, row *vectorRow) (checked *Checked, stage string, fault *Fault) {
	t.Helper()
	opened, fault := Open(row.Shown, false)
	if fault != nil {
		return nil, "open", fault
	}
	if !bytes.Equal(opened.request.Append(nil), row.Shown) {
		t.Errorf("%s: the request is written otherwise", row.Name)
	}
	standing := Standing{Network: canonical.Hash(row.Standing.Network), Notary: canonical.Hash(row.Standing.Notary)}
	standing.Parameters = canonical.Hash(row.Standing.Parameters[0])
	if len(row.Standing.Parameters) > 1 {
		standing.Previous, standing.HasPrevious = canonical.Hash(row.Standing.Parameters[1]), true
	}
	checked, fault = Check(opened, standing)
	if fault != nil {
		return nil, "check", fault
	}
	fault, err := Judge(checked, newVectorView(t, row.View))
	if err != nil {
		t.Fatalf("%s: %v", row.Name, err)
	}
	return checked, "judge", fault
}

func loadRows(t testing.TB) []vectorRow {
	t.Helper()
	var file struct{ Rows []vectorRow }
	vectortest.Load(t, "notary.json", &file)
	return file.Rows
}

func TestNotaryVectors(t *testing.T) {
	rows := loadRows(t)
	codes := map[Code]bool{}
	for _, row := range rows {
		codes[row.Expect.Code] = true
		checked, stage, fault := verdictOf(t, &row)
		switch {
		case row.Expect.Kind == "refused":
			checkFault(t, &row, stage, fault)
		case fault != nil:
			t.Errorf("%s: %s %s: %+v", row.Name, stage, fault.Code, fault)
		default:
			checkIncluded(t, &row, checked)
		}
	}
	if len(codes) < 15 || len(rows) < 200 {
		t.Errorf("only %d rows with %d codes", len(rows), len(codes))
	}
}

func checkFault(t *testing.T, row *vectorRow, stage string, fault *Fault) {
	t.Helper()
	want := row.Expect
	if fault == nil || fault.Code != want.Code || stage != want.Stage {
		t.Errorf("%s: %s %+v, not %s %s", row.Name, stage, fault, want.Stage, want.Code)
		return
	}
	if !bytes.Equal(withoutFreeWords(fault.Encode()), withoutFreeWords(want.Fault)) {
		t.Errorf("%s: %x (%+v), not %s", row.Name, fault.Encode(), fault, want.Fault)
	}
}

// withoutFreeWords leaves out what is free: the words that say what is malformed, which stand last.
func withoutFreeWords(fault []byte) []byte {
	reason := canonical.AppendText(nil, "reason")
	at := bytes.Index(fault, reason)
	if at < 0 {
		return fault
	}
	r := canonical.NewReader(fault[at+len(reason):])
	text := string(r.Text(0, reasonBytesMax))
	isFree := bytes.Contains(fault[:at], []byte(Malformed)) || strings.HasPrefix(text, ledger.CodeComponentMalformed)
	if r.End() != nil || !isFree {
		return fault
	}
	return fault[:at]
}

func checkIncluded(t *testing.T, row *vectorRow, checked *Checked) {
	t.Helper()
	want := row.Expect
	if checked.ID != canonical.Hash(want.ID) || checked.Leaf != canonical.Hash(want.Leaf) {
		t.Errorf("%s: id %x, leaf %x", row.Name, checked.ID, checked.Leaf)
	}
	if len(checked.Inputs) != len(want.Consumed) || len(checked.UniqueKeys) != len(want.UniqueKeys) {
		t.Fatalf("%s: %d inputs, %d unique keys", row.Name, len(checked.Inputs), len(checked.UniqueKeys))
	}
	for i, consumed := range want.Consumed {
		if checked.Inputs[i].Consumed != canonical.Hash(consumed) {
			t.Errorf("%s: input %d consumes %x", row.Name, i, checked.Inputs[i].Consumed)
		}
	}
	for i, encoded := range want.UniqueKeys {
		if !bytes.Equal(checked.UniqueKeys[i].Encoded, encoded) {
			t.Errorf("%s: unique key %d: %x", row.Name, i, checked.UniqueKeys[i].Encoded)
		}
	}
}
