package ledger

import (
	"bytes"
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/canonical/vectortest"
)

// FuzzSignedTransaction holds that what is accepted is what would be written, and that all that a
// notary asks of it has an answer.
func FuzzSignedTransaction(f *testing.F) {
	f.Add([]byte(loadTransaction(f).Signed.Encoded))
	f.Fuzz(func(t *testing.T, given []byte) {
		signed, err := DecodeSignedTransaction(given)
		if err != nil {
			return
		}
		if !bytes.Equal(signed.Append(nil), given) {
			t.Error("written otherwise")
		}
		signed.KeysThatSigned(canonical.Hash{}, signed.Transaction.ID())
	})
}

func FuzzTransaction(f *testing.F) {
	file := loadTransaction(f)
	for _, row := range append(file.RefusedBytes, file.RefusedContents...) {
		f.Add([]byte(row.Encoded))
	}
	for _, row := range loadTearOffs(f).TearOffs {
		f.Add([]byte(row.Encoded))
	}
	f.Fuzz(func(t *testing.T, given []byte) {
		transaction, err := DecodeTransaction(given)
		if err != nil {
			return
		}
		if !bytes.Equal(transaction.Append(nil), given) {
			t.Error("written otherwise")
		}
		torn := transaction.TearOff(Group.IsNotarys)
		again, err := DecodeTransaction(torn.Append(nil))
		if err != nil || again.ID() != transaction.ID() {
			t.Errorf("torn off, it has another id (%v)", err)
		}
		for number := range Group(GroupCount) {
			if transaction.Group(number).IsOpen() {
				checkWritten(t, transaction, number)
			}
		}
	})
}

func checkWritten(t *testing.T, transaction *Transaction, number Group) {
	t.Helper()
	components := transaction.Group(number).Components
	for i, written := range writtenContents(transaction.Contents(), number) {
		if i < len(components) && !bytes.Equal(written, components[i].Content) {
			t.Errorf("%v %d is written otherwise", number, i)
		}
	}
	for i := range components {
		proof, ok := transaction.ProveComponent(number, i)
		if !ok || !proof.Leads(transaction.ID(), number, uint16(i)) {
			t.Errorf("%v %d: the proof does not lead to the id", number, i)
		}
	}
}

func FuzzSignature(f *testing.F) {
	file := loadSignatures(f)
	for _, row := range append(file.Signed, file.Accepted...) {
		f.Add([]byte(row.Bytes))
	}
	for _, row := range file.Refused {
		signature := signatureOf(f, row.Signature)
		f.Add(signature.Append(nil))
	}
	payload := payloadOf(f, file.Payloads[0].Payload)
	f.Fuzz(func(t *testing.T, given []byte) {
		signature, err := DecodeSignature(given)
		if err != nil {
			return
		}
		if !bytes.Equal(signature.Append(nil), given) {
			t.Error("written otherwise")
		}
		signature.IsValid(&payload)
	})
}

func FuzzSmallDocuments(f *testing.F) {
	var receipts receiptFile
	vectortest.Load(f, "receipt.json", &receipts)
	for _, row := range receipts.MemberSets {
		f.Add([]byte(row.Bytes))
	}
	for _, row := range loadSignatures(f).Trees {
		f.Add([]byte(row.Bytes))
	}
	for _, row := range loadTearOffs(f).Proofs {
		f.Add([]byte(row.Proof))
	}
	header := BlockHeader{Height: 1}
	f.Add(header.Append(nil))
	f.Fuzz(func(t *testing.T, given []byte) {
		same := func(written []byte, err error) {
			if err == nil && !bytes.Equal(written, given) {
				t.Errorf("written as %x", written)
			}
		}
		set, err := DecodeMemberSet(given)
		same(set.Append(nil), err)
		tree, err := DecodeKeyTree(given)
		same(tree.Append(nil), err)
		block, err := DecodeBlockHeader(given)
		same(block.Append(nil), err)
		registration, err := DecodeRegistration(given)
		same(registration.Append(nil), err)
		proof, err := decoded(given, CodeMalformed, ReadComponentProof)
		same(proof.Append(nil), err)
	})
}
