package main

import (
	ics23 "github.com/cosmos/ics23/go"
)

// neighbours are the parts of a forged proof of absence, each a sound proof.
type neighbours struct {
	left, right *question
}

func key(version, index int64) *question {
	return &question{"", "notary", notaryKey(version, index), versions}
}

// forgedAbsences claim that keys are absent which are there, or might be.
var forgedAbsences = []forgery{
	{"no neighbours", notAbsent, claimAbsent(key(5, 3), neighbours{})},
	{"neighbours with the key itself between", notAbsent,
		claimAbsent(key(5, 3), neighbours{key(5, 2), key(5, 4)})},
	{"neighbours with many keys between", notAbsent,
		claimAbsent(key(5, 3), neighbours{key(1, 0), key(9, 11)})},
	{"cousins with keys between", notAbsent, claimAbsent(key(5, 3), neighbours{key(4, 11), key(6, 0)})},
	{"a left neighbour that is not the last", notAbsent, claimAbsent(key(5, 3), neighbours{left: key(5, 2)})},
	{"a right neighbour that is not the first", notAbsent, claimAbsent(key(5, 3), neighbours{right: key(5, 4)})},
	{"the last key as left neighbour of one before it", notAbsent,
		claimAbsent(key(5, 3), neighbours{left: key(9, 11)})},
	{"the first key as right neighbour of one behind it", notAbsent,
		claimAbsent(key(5, 3), neighbours{right: key(1, 0)})},
	{"neighbours swapped", notAbsent, claimAbsent(key(5, 3), neighbours{key(5, 4), key(5, 2)})},
	{"the key as its own left neighbour", notAbsent, claimAbsent(key(5, 3), neighbours{key(5, 3), key(5, 4)})},
	{"the key as its own right neighbour", notAbsent, claimAbsent(key(5, 3), neighbours{key(5, 2), key(5, 3)})},
	{"the key as both neighbours", notAbsent, claimAbsent(key(5, 3), neighbours{key(5, 3), key(5, 3)})},
	{"the same neighbour twice", notAbsent, claimAbsent(key(5, 3), neighbours{key(5, 2), key(5, 2)})},
	{"neighbours of different versions", notAbsent, claimAbsent(
		&question{"", "notary", notaryKey(5, 30), versions},
		neighbours{&question{"", "notary", notaryKey(5, 11), 5}, key(6, 0)})},
	{"neighbours of different stores", notAbsent, claimAbsent(
		&question{"", "pair", []byte("b"), versions},
		neighbours{&question{"", "pair", []byte("a"), versions}, &question{"", "single", []byte("only"), versions}})},
	{"a neighbour with another value", notAbsent, alteredProof(absent, func(p *ics23.CommitmentProof) {
		p.GetNonexist().Right.Value = []byte{1}
	})},
	{"both neighbours with another value", notAbsent, alteredProof(absent, func(p *ics23.CommitmentProof) {
		p.GetNonexist().Left.Value, p.GetNonexist().Right.Value = []byte{1}, []byte{1}
	})},
	{"a left neighbour without its path", notAbsent, alteredProof(absent, func(p *ics23.CommitmentProof) {
		p.GetNonexist().Left.Path = nil
	})},
	{"neighbours without their paths", notAbsent, alteredProof(absent, func(p *ics23.CommitmentProof) {
		p.GetNonexist().Left.Path, p.GetNonexist().Right.Path = nil, nil
	})},
	{"the left neighbour alone", notAbsent, alteredProof(absent, func(p *ics23.CommitmentProof) {
		p.GetNonexist().Right = nil
	})},
	{"the right neighbour alone", notAbsent, alteredProof(absent, func(p *ics23.CommitmentProof) {
		p.GetNonexist().Left = nil
	})},
	{"another key that is absent as well", proofMismatch, altered(absent, func(c *claim) {
		c.key = notaryKey(5, 3)
	})},
	{"a key that is there, by the absence of another", proofMismatch, altered(absent, func(c *claim) {
		c.key = notaryKey(5, 3)
		c.proof.Ops[0].Key = c.key
	})},
	{"absence in another store", proofMismatch, altered(absent, func(c *claim) { c.store = "members" })},
	{"absence in another version", proofMismatch, altered(absent, func(c *claim) { c.appHash = digest("x", 0) })},
}

// claimAbsent says of a key that is there that it is not, by sound proofs of others.
func claimAbsent(of *question, by neighbours) func(s *state) (claim, error) {
	return func(s *state) (claim, error) {
		c, _, err := s.ask(*of)
		if err != nil {
			return c, err
		}
		c.value = nil
		proof := &ics23.NonExistenceProof{Key: c.key}
		if proof.Left, err = s.exist(by.left); err != nil {
			return c, err
		}
		if proof.Right, err = s.exist(by.right); err != nil {
			return c, err
		}
		rewrite(&c, 0, func(whole *ics23.CommitmentProof) {
			whole.Proof = &ics23.CommitmentProof_Nonexist{Nonexist: proof}
		})
		return c, nil
	}
}

func (s *state) exist(q *question) (*ics23.ExistenceProof, error) {
	if q == nil {
		return nil, nil
	}
	c, _, err := s.ask(*q)
	if err != nil {
		return nil, err
	}
	var proof ics23.CommitmentProof
	err = proof.Unmarshal(c.proof.Ops[0].Data)
	return proof.GetExist(), err
}
