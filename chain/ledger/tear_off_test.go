package ledger

import (
	"bytes"
	"slices"
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/canonical/vectortest"
)

type tearOffFile struct {
	ID       vectortest.Hash
	TearOffs []struct {
		Name    string
		Groups  []string
		Hidden  [][2]any
		Encoded vectortest.Hex
	}
	Proofs []struct {
		Name     string
		Expected struct {
			Transaction vectortest.Hash
			Group       string
			Index       uint16
		}
		Proof vectortest.Hex
		Shown bool
		Code  string
	}
}

func loadTearOffs(t testing.TB) (file tearOffFile) {
	t.Helper()
	vectortest.Load(t, "tear-off.json", &file)
	return file
}

func groupOf(name string) Group {
	return Group(slices.IndexFunc(groupLimits[:], func(limits GroupLimits) bool { return limits.Name == name }))
}

func TestTearOffs(t *testing.T) {
	file := loadTearOffs(t)
	whole, err := DecodeTransaction(loadTransaction(t).Encoded)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range file.TearOffs {
		decoded, err := DecodeTransaction(row.Encoded)
		if err != nil || decoded.ID() != canonical.Hash(file.ID) {
			t.Errorf("%s: another id (%v)", row.Name, err)
			continue
		}
		if len(row.Hidden) > 0 {
			continue // hashing single components is not a notary's
		}
		torn := whole.TearOff(func(group Group) bool { return slices.Contains(row.Groups, group.String()) })
		if !bytes.Equal(torn.Append(nil), row.Encoded) {
			t.Errorf("%s: torn off otherwise", row.Name)
		}
	}
}

func TestForANotary(t *testing.T) {
	for _, row := range loadTearOffs(t).TearOffs {
		if row.Name != "for a non-validating notary" {
			continue
		}
		decoded, err := DecodeTransaction(row.Encoded)
		if err != nil {
			t.Fatal(err)
		}
		for number := range Group(GroupCount) {
			if decoded.Group(number).IsOpen() != number.IsNotarys() {
				t.Errorf("%v is open: %v", number, !number.IsNotarys())
			}
		}
		return
	}
	t.Error("there is no such row")
}

func TestProofs(t *testing.T) {
	file := loadTearOffs(t)
	whole, err := DecodeTransaction(loadTransaction(t).Encoded)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range file.Proofs {
		proof, err := decoded(row.Proof, CodeMalformed, ReadComponentProof)
		if err != nil || !bytes.Equal(proof.Append(nil), row.Proof) {
			t.Errorf("%s: decoded otherwise (%v)", row.Name, err)
			continue
		}
		group, want := groupOf(row.Expected.Group), row.Expected
		leads := proof.Leads(canonical.Hash(want.Transaction), group, want.Index)
		code := ""
		if leads && group == GroupHeaders {
			_, err := proof.Header()
			code = codeOf(err)
		}
		if leads != (row.Shown || row.Code != "") || code != row.Code {
			t.Errorf("%s: leads: %v, code %q", row.Name, leads, code)
		}
		if made, ok := whole.ProveComponent(group, int(want.Index)); row.Shown &&
			(!ok || !bytes.Equal(made.Append(nil), row.Proof)) {
			t.Errorf("%s: another proof", row.Name)
		}
	}
}
