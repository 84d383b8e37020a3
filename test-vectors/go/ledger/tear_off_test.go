package ledger

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"stateset.example/testvectors/codec"
)

type tearOffFile struct {
	Of       string
	ID       codec.Hex
	TearOffs []struct {
		Name    string
		Groups  []string
		Hidden  [][2]any
		Encoded codec.Hex
	}
	Proofs []struct {
		Name     string
		Expected struct {
			Transaction codec.Hex
			Group       string
			Index       int
		}
		Proof codec.Hex
		Shown bool
		Code  string
	}
}

func loadTearOffs(t *testing.T) (tearOffFile, codec.Schemas, object) {
	var file tearOffFile
	codec.Load("tear-off.json", &file)
	whole, schemas := loadTransaction()
	transaction := built(t, whole, schemas)
	if !bytes.Equal(file.ID, TransactionID(transaction)) {
		t.Error("of another transaction")
	}
	return file, schemas, transaction
}

func TestTearOffs(t *testing.T) {
	file, schemas, whole := loadTearOffs(t)
	for _, row := range file.TearOffs {
		shown := func(group string) bool { return slices.Contains(row.Groups, group) }
		hidden := func(group string, index int) bool {
			return slices.ContainsFunc(row.Hidden, func(place [2]any) bool {
				return place[0] == group && codec.Int(place[1]) == index
			})
		}
		torn := TearOff(whole, shown, hidden)
		encoded, err := codec.Encode(schemas.Of("transaction"), torn)
		if err != nil || !bytes.Equal(encoded, row.Encoded) {
			t.Errorf("%s: encoded as %x (%v)", row.Name, encoded, err)
		}
		decoded, err := DecodeTransaction(schemas, row.Encoded)
		if err != nil || !bytes.Equal(TransactionID(decoded), file.ID) {
			t.Errorf("%s: another id (%v)", row.Name, err)
		}
	}
}

func TestProofs(t *testing.T) {
	file, schemas, whole := loadTearOffs(t)
	for _, row := range file.Proofs {
		decoded, err := codec.Decode(schemas.Of("componentProof"), row.Proof)
		if err != nil {
			t.Errorf("%s: %v", row.Name, err)
			continue
		}
		want := row.Expected
		shown, err := IsComponentShown(schemas, decoded.(object), want.Transaction, want.Group, want.Index)
		if shown != row.Shown || codec.CodeOf(err) != row.Code {
			t.Errorf("%s: shown: %v (%v)", row.Name, shown, err)
		}
		if row.Shown && !reflect.DeepEqual(decoded, any(ProveComponent(whole, want.Group, want.Index))) {
			t.Errorf("%s: another proof", row.Name)
		}
	}
}
