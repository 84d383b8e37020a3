package ledger

import "stateset.example/chain/canonical"

const (
	signaturesMax = 128
	// signatureKeysMax is of single keys, those inside composite signatures counted: each costs a
	// verification.
	signatureKeysMax   = 256
	signaturesBytesMax = 1 << 20
	signedBytesMax     = transactionBytesMax + signaturesBytesMax
)

// SignedTransaction is a transaction with the signatures gathered so far.
type SignedTransaction struct {
	Transaction *Transaction
	Signatures  []TransactionSignature
}

// DecodeSignedTransaction reads a transaction, in any form, with its signatures.
func DecodeSignedTransaction(bytes []byte) (*SignedTransaction, error) {
	if len(bytes) > signedBytesMax {
		return nil, tooLarge(len(bytes), signedBytesMax)
	}
	s := &SignedTransaction{}
	r := canonical.NewReader(bytes)
	transaction := s.read(&r)
	if err := r.End(); err != nil {
		return nil, refuse(CodeMalformed, "%v", err)
	}
	if size := len(bytes) - len(transaction); size > signaturesBytesMax {
		return nil, tooLarge(size, signaturesBytesMax)
	}
	var err error
	s.Transaction, err = DecodeTransaction(transaction)
	return s, err
}

func (s *SignedTransaction) read(r *canonical.Reader) (transaction []byte) {
	r.Record(2)
	r.Field("signatures")
	if count := r.List(0, signaturesMax); count > 0 {
		s.Signatures = make([]TransactionSignature, count)
	}
	for i := range s.Signatures {
		if s.Signatures[i] = readTransactionSignature(r); r.Failed() {
			break
		}
	}
	r.Leave()
	r.Field("transaction")
	transaction = r.Bytes(1, transactionBytesMax)
	r.Leave()
	return transaction
}

// Append adds the encoding of both.
func (s *SignedTransaction) Append(to []byte) []byte {
	to = canonical.AppendText(canonical.AppendRecord(to, 2), "signatures")
	to = canonical.AppendList(to, len(s.Signatures))
	for i := range s.Signatures {
		to = s.Signatures[i].append(to)
	}
	return canonical.AppendBytesField(to, "transaction", s.Transaction.Append(nil))
}

// CountKeys is how many single keys signed, by scheme: what their verification costs.
func (s *SignedTransaction) CountKeys() (ed25519, p256 int) {
	for i := range s.Signatures {
		for _, simple := range s.Signatures[i].By.simples() {
			if simple.Key.scheme == Ed25519 {
				ed25519++
			} else {
				p256++
			}
		}
	}
	return ed25519, p256
}

// SignatureFault is why signatures are refused: there are too many, or one is not valid. An invalid
// signature is never passed over, since it would become part of the record.
type SignatureFault struct {
	IsTooMany  bool
	Found, Max uint64
	// Index is of the signature that is not valid.
	Index int
}

// KeysThatSigned are the keys with a valid signature, unless there is a fault.
func (s *SignedTransaction) KeysThatSigned(network, id canonical.Hash) (KeySet, *SignatureFault) {
	ed25519, p256 := s.CountKeys()
	count := ed25519 + p256
	if count > signatureKeysMax {
		return nil, &SignatureFault{IsTooMany: true, Found: uint64(count), Max: signatureKeysMax}
	}
	keys := make([]PublicKey, 0, count)
	for i := range s.Signatures {
		if !s.Signatures[i].IsValid(network, id) {
			return nil, &SignatureFault{Index: i}
		}
		keys = s.Signatures[i].By.appendKeys(keys)
	}
	return NewKeySet(keys), nil
}
