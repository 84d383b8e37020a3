package ledger

import (
	"bytes"
	"testing"

	"stateset.example/testvectors/codec"
)

type receiptFile struct {
	Network    string
	ID         codec.Hex
	MemberSets []struct{ Bytes, Hash codec.Hex }
	Blocks     []struct {
		Header object
		IDs    []codec.Hex
		Hash   codec.Hex
	}
	Changes []struct {
		Name    string
		Changes []codec.Hex
		Trusted int
	}
	Receipts []struct {
		Name                 string
		ID                   codec.Hex
		Receipt              codec.Hex
		MemberSets           []codec.Hex
		StoredBeforeRotation bool
		Code                 string
	}
}

func loadReceipts() (receiptFile, codec.Schemas) {
	var file receiptFile
	codec.Load("receipt.json", &file)
	return file, codec.LoadSchemas(nil)
}

func decodeAll(t *testing.T, schema *codec.Schema, encoded ...codec.Hex) (values []object) {
	for _, each := range encoded {
		value, err := codec.Decode(schema, each)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, value.(object))
	}
	return values
}

func TestBlocks(t *testing.T) {
	file, schemas := loadReceipts()
	whole, _ := loadTransaction()
	if !bytes.Equal(file.ID, whole.ID) || file.Network != whole.Network {
		t.Error("of another transaction")
	}
	for _, row := range file.MemberSets {
		set := decodeAll(t, schemas.Of("memberSet"), row.Bytes)[0]
		if hash := hashMemberSet(schemas, set); !bytes.Equal(hash, row.Hash) {
			t.Errorf("member set %v: %x", set["epoch"], hash)
		}
	}
	history := [][]byte{}
	for i, row := range file.Blocks {
		leaves := [][]byte{}
		for _, id := range row.IDs {
			leaves = append(leaves, codec.TaggedHash("block", id))
		}
		root := codec.MerkleRoot(leaves)
		if row.Header["blockRoot"] != codec.Hex(root).String() {
			t.Errorf("block %d: root %x", i+1, root)
		}
		if before := codec.MerkleRoot(history); row.Header["historyRoot"] != codec.Hex(before).String() {
			t.Errorf("block %d: history %x", i+1, before)
		}
		if hash := hashOf(schemas, "receipt", "blockHeader", row.Header); !bytes.Equal(hash, row.Hash) {
			t.Errorf("block %d: hash %x", i+1, hash)
		}
		history = append(history, row.Hash)
	}
}

func TestMemberSetChanges(t *testing.T) {
	file, schemas := loadReceipts()
	genesis := decodeAll(t, schemas.Of("memberSet"), file.MemberSets[0].Bytes)[0]
	for _, row := range file.Changes {
		changes := decodeAll(t, schemas.Of("memberSetChange"), row.Changes...)
		if sets := FollowMemberSets(schemas, file.Network, genesis, changes); len(sets) != row.Trusted {
			t.Errorf("%s: %d sets are trusted, not %d", row.Name, len(sets), row.Trusted)
		}
	}
}

func TestReceipts(t *testing.T) {
	file, schemas := loadReceipts()
	for _, row := range file.Receipts {
		receipt := decodeAll(t, schemas.Of("receipt"), row.Receipt)[0]
		trust := Trust{
			Network:              file.Network,
			MemberSets:           decodeAll(t, schemas.Of("memberSet"), row.MemberSets...),
			StoredBeforeRotation: row.StoredBeforeRotation,
		}
		if err := VerifyReceipt(schemas, receipt, row.ID, trust); codec.CodeOf(err) != row.Code {
			t.Errorf("%s: %v, not %q", row.Name, err, row.Code)
		}
	}
}
