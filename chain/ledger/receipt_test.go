package ledger

import (
	"bytes"
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/canonical/vectortest"
)

type receiptFile struct {
	Network    vectortest.Hash
	MemberSets []struct {
		Bytes vectortest.Hex
		Hash  vectortest.Hash
	}
	Blocks []struct {
		Header map[string]any
		IDs    []vectortest.Hash
		Hash   vectortest.Hash
	}
	Changes []struct {
		Name    string
		Changes []vectortest.Hex
		Trusted int
	}
}

func TestBlocks(t *testing.T) {
	var file receiptFile
	vectortest.Load(t, "receipt.json", &file)
	var history canonical.Frontier
	for i, row := range file.Blocks {
		leaves := []canonical.Hash{}
		for _, id := range row.IDs {
			leaves = append(leaves, BlockLeaf(canonical.Hash(id)))
		}
		hashOf := func(field string) canonical.Hash { return canonical.Hash(bytesOf(t, row.Header[field])) }
		header := BlockHeader{
			Cluster: hashOf("cluster"), Height: numberOf(t, row.Header["height"]),
			BlockTime: numberOf(t, row.Header["blockTime"]), MemberEpoch: numberOf(t, row.Header["memberEpoch"]),
			MemberSetHash: hashOf("memberSetHash"),
			BlockRoot:     canonical.MerkleRoot(leaves), HistoryRoot: history.Root(),
		}
		if header.Hash() != canonical.Hash(row.Hash) {
			t.Errorf("block %d: hash %x of %+v", i+1, header.Hash(), header)
		}
		if again, err := DecodeBlockHeader(header.Append(nil)); err != nil || again != header {
			t.Errorf("block %d: decoded as %+v (%v)", i+1, again, err)
		}
		history.Append(header.Hash())
	}
}

func TestMemberSets(t *testing.T) {
	var file receiptFile
	vectortest.Load(t, "receipt.json", &file)
	for i, row := range file.MemberSets {
		set, err := DecodeMemberSet(row.Bytes)
		if err != nil || !bytes.Equal(set.Append(nil), row.Bytes) || set.Hash() != canonical.Hash(row.Hash) {
			t.Errorf("member set %d: %x (%v)", i, set.Hash(), err)
		}
	}
	for _, row := range file.Changes {
		trusted, err := DecodeMemberSet(file.MemberSets[0].Bytes)
		if err != nil {
			t.Fatal(err)
		}
		count := 1
		for _, change := range row.Changes {
			next, signatures := changeOf(t, change)
			payload := next.Payload(canonical.Hash(file.Network))
			follows := next.Cluster == trusted.Cluster && next.Epoch == trusted.Epoch+1
			if !follows || trusted.CountSigners(signatures, &payload) < int(trusted.Quorum) {
				break
			}
			trusted = next
			count++
		}
		if count != row.Trusted {
			t.Errorf("%s: %d sets are trusted, not %d", row.Name, count, row.Trusted)
		}
	}
}

func changeOf(t *testing.T, encoded []byte) (next MemberSet, signatures []Signature) {
	t.Helper()
	r := canonical.NewReader(encoded)
	r.Record(2)
	r.Field("next")
	next = readMemberSet(&r)
	r.Field("signatures")
	for range r.List(1, membersMax) {
		signatures = append(signatures, readSignature(&r))
	}
	r.Leave()
	r.Leave()
	if err := r.End(); err != nil {
		t.Fatal(err)
	}
	return next, signatures
}

func TestIdentities(t *testing.T) {
	var file struct {
		Identities []struct {
			Bytes vectortest.Hex
			ID    vectortest.Hash
		}
		Commitments []struct{ Identity, Blinding, Hash vectortest.Hash }
	}
	vectortest.Load(t, "hashes.json", &file)
	for i, row := range file.Identities {
		registration, err := DecodeRegistration(row.Bytes)
		if err != nil || !bytes.Equal(registration.Append(nil), row.Bytes) {
			t.Errorf("registration %d: decoded otherwise (%v)", i, err)
		}
		if id := registration.IdentityID(); id != canonical.Hash(row.ID) {
			t.Errorf("registration %d: %x", i, id)
		}
	}
	for i, row := range file.Commitments {
		opening := Opening{Identity: canonical.Hash(row.Identity), Blinding: canonical.Hash(row.Blinding)}
		if hash := opening.Commitment(); hash != canonical.Hash(row.Hash) {
			t.Errorf("commitment %d: %x", i, hash)
		}
	}
}
