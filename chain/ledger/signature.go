package ledger

import "stateset.example/chain/canonical"

const (
	signatureBytes         = 64
	componentSignaturesMax = 32
)

// Payload is what is signed: never a bare hash, but what it is a hash of, on which network. A
// signature made for one purpose never counts for another.
type Payload struct {
	Purpose Purpose
	Network canonical.Hash
	// PlatformVersion is that of the software that signs.
	PlatformVersion uint32
	Hash            canonical.Hash
}

// Purpose is what a signature is made for.
type Purpose string

// The purposes that a notary meets.
const (
	PurposeTransaction Purpose = "transaction"
	PurposeBatch       Purpose = "transaction-batch"
	PurposeReceipt     Purpose = "receipt"
	PurposeMemberSet   Purpose = "member-set"
	PurposeAbsence     Purpose = "absence"
	PurposeNetworkMap  Purpose = "network-map"
)

// Append adds the payload's encoding.
func (p *Payload) Append(to []byte) []byte {
	to = canonical.AppendBytesField(canonical.AppendRecord(to, 4), "hash", p.Hash[:])
	to = canonical.AppendTextField(to, "purpose", string(p.Purpose))
	to = canonical.AppendRecord(canonical.AppendText(to, "metadata"), 1)
	to = canonical.AppendUintField(to, "platformVersion", uint64(p.PlatformVersion))
	return canonical.AppendBytesField(to, "networkId", p.Network[:])
}

// Message is the 32 bytes that keys sign.
func (p *Payload) Message() canonical.Hash {
	var short [192]byte
	return canonical.TagSignature.Hash(p.Append(short[:0]))
}

// SimpleSignature is the signature of one key.
type SimpleSignature struct {
	Key   PublicKey
	Bytes []byte
}

// Signature is one of a single key, or of a threshold key by some of its keys.
type Signature struct {
	Simple SimpleSignature
	// Composite is set where it is one of a threshold key.
	Composite *Composite
}

// Composite is the signature of a threshold key.
type Composite struct {
	Tree       KeyTree
	Signatures []SimpleSignature
}

// DecodeSignature reads a signature of either kind.
func DecodeSignature(bytes []byte) (Signature, error) {
	return decoded(bytes, CodeMalformed, readSignature)
}

// IsValid says nothing about whose key it is. Malformed keys and signatures are not valid.
func (s *Signature) IsValid(payload *Payload) bool {
	message := payload.Message()
	if s.Composite == nil {
		return s.Simple.isValid(message[:])
	}
	if s.Composite.Tree.Fault() != nil || !s.Composite.speaks() {
		return false
	}
	for i := range s.Composite.Signatures {
		if !s.Composite.Signatures[i].isValid(message[:]) {
			return false
		}
	}
	return true
}

// Keys are the single keys that a valid signature speaks for.
func (s *Signature) appendKeys(to []PublicKey) []PublicKey {
	for _, simple := range s.simples() {
		to = append(to, simple.Key)
	}
	return to
}

func (s *Signature) simples() []SimpleSignature {
	if s.Composite != nil {
		return s.Composite.Signatures
	}
	return []SimpleSignature{s.Simple}
}

// speaks tells whether the signatures, if they are valid, are those of enough of the tree's keys,
// written the one way there is, in the order of keys, none twice and none from outside.
func (c *Composite) speaks() bool {
	signed := make(KeySet, len(c.Signatures))
	for i := range c.Signatures {
		signed[i] = c.Signatures[i].Key
		if i > 0 && signed[i-1].Compare(&signed[i]) >= 0 || !c.Tree.Has(&signed[i]) {
			return false
		}
	}
	return c.Tree.IsSatisfied(signed)
}

func (s *SimpleSignature) isValid(message []byte) bool {
	switch s.Key.scheme {
	case Ed25519:
		return verifyEd25519(s.Key.Bytes(), message, s.Bytes)
	case P256:
		return verifyP256(s.Key.Bytes(), message, s.Bytes)
	}
	return false
}

func readSignature(r *canonical.Reader) (s Signature) {
	r.Union()
	switch {
	case s.Simple.readVariant(r):
	case r.Variant("composite", 2):
		s.Composite = &Composite{}
		r.Field("tree")
		s.Composite.Tree = readKeyTree(r)
		r.Field("signatures")
		s.Composite.Signatures = make([]SimpleSignature, r.List(1, componentSignaturesMax))
		for i := range s.Composite.Signatures {
			s.Composite.Signatures[i] = readSimpleSignature(r)
		}
		r.Leave()
	default:
		r.NoVariant()
	}
	r.LeaveVariant()
	return s
}

func readSimpleSignature(r *canonical.Reader) (s SimpleSignature) {
	r.Union()
	if !s.readVariant(r) {
		r.NoVariant()
	}
	r.LeaveVariant()
	return s
}

func (s *SimpleSignature) readVariant(r *canonical.Reader) bool {
	if !s.Key.readVariant(r, 2) {
		return false
	}
	r.Field("signature")
	s.Bytes = r.Bytes(signatureBytes, signatureBytes)
	return true
}

// Append adds the signature's encoding.
func (s *Signature) Append(to []byte) []byte {
	if s.Composite == nil {
		return s.Simple.append(to)
	}
	to = canonical.AppendText(canonical.AppendVariant(to, "composite", 2), "tree")
	to = canonical.AppendText(s.Composite.Tree.Append(to), "signatures")
	to = canonical.AppendList(to, len(s.Composite.Signatures))
	for i := range s.Composite.Signatures {
		to = s.Composite.Signatures[i].append(to)
	}
	return to
}

func (s *SimpleSignature) append(to []byte) []byte {
	to = canonical.AppendVariant(to, s.Key.name(), 2)
	to = canonical.AppendBytesField(to, "key", s.Key.Bytes())
	return canonical.AppendBytesField(to, "signature", s.Bytes)
}
