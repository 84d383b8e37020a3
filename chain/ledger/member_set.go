package ledger

import "stateset.example/chain/canonical"

const membersMax = 64

// MemberSet is the workers that sign a cluster's receipts during one epoch, in the order of the
// members' indices, and how many of them it takes.
type MemberSet struct {
	Cluster canonical.Hash
	Epoch   uint64
	Quorum  uint8
	Members []PublicKey
}

// DecodeMemberSet reads a member set.
func DecodeMemberSet(bytes []byte) (MemberSet, error) {
	return decoded(bytes, CodeMalformed, readMemberSet)
}

// Hash is what stands in block headers.
func (s *MemberSet) Hash() canonical.Hash { return canonical.TagMemberSet.Hash(s.Append(nil)) }

// Payload is what the members of the set before sign, so that this one follows.
func (s *MemberSet) Payload(network canonical.Hash) Payload {
	return Payload{Purpose: PurposeMemberSet, Network: network, Hash: s.Hash()}
}

// CountSigners counts the different members with a valid signature; those of others, and composite
// ones, do no harm.
func (s *MemberSet) CountSigners(signatures []Signature, payload *Payload) int {
	var signed [membersMax]bool
	count := 0
	for i := range signatures {
		if signatures[i].Composite != nil {
			continue
		}
		member := s.indexOf(&signatures[i].Simple.Key)
		if member >= 0 && member < membersMax && !signed[member] && signatures[i].IsValid(payload) {
			signed[member] = true
			count++
		}
	}
	return count
}

func (s *MemberSet) indexOf(key *PublicKey) int {
	for i := range s.Members {
		if s.Members[i] == *key {
			return i
		}
	}
	return -1
}

func readMemberSet(r *canonical.Reader) (s MemberSet) {
	r.Record(4)
	r.Field("epoch")
	s.Epoch = r.Uint(0, canonical.UintMax)
	r.Field("quorum")
	s.Quorum = uint8(r.Uint(1, membersMax))
	r.Field("cluster")
	s.Cluster = r.Hash()
	r.Field("members")
	s.Members = make([]PublicKey, r.List(1, membersMax))
	for i := range s.Members {
		s.Members[i] = readPublicKey(r)
	}
	r.Leave()
	r.Leave()
	return s
}

// Append adds the set's encoding.
func (s *MemberSet) Append(to []byte) []byte {
	to = canonical.AppendUintField(canonical.AppendRecord(to, 4), "epoch", s.Epoch)
	to = canonical.AppendUintField(to, "quorum", uint64(s.Quorum))
	to = canonical.AppendBytesField(to, "cluster", s.Cluster[:])
	to = canonical.AppendList(canonical.AppendText(to, "members"), len(s.Members))
	for i := range s.Members {
		to = s.Members[i].append(to)
	}
	return to
}
