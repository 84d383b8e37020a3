package main

import (
	"bytes"
	"crypto/sha256"
	"slices"

	storetypes "cosmossdk.io/store/types"
	ics23 "github.com/cosmos/ics23/go"
)

const (
	proofMismatch = "light-client/proof-mismatch"
	unsound       = "light-client/proof-unsound"
	notAbsent     = "light-client/not-absent"
)

// forgery makes a claim that must be refused.
type forgery struct {
	name    string
	refused string
	make    func(s *state) (claim, error)
}

var forgeries = slices.Concat(wrongClaims, forgedOps, forgedAbsences)

// present and absent are what most forgeries begin with.
var (
	present = question{"", "notary", notaryKey(5, 3), versions}
	absent  = question{"", "notary", notaryKey(5, 30), versions}
)

// altered changes a sound claim.
func altered(q question, apply func(c *claim)) func(s *state) (claim, error) {
	return func(s *state) (claim, error) {
		c, _, err := s.ask(q)
		if err == nil {
			apply(&c)
		}
		return c, err
	}
}

// alteredProof changes the proof within the store of a sound claim.
func alteredProof(q question, apply func(proof *ics23.CommitmentProof)) func(s *state) (claim, error) {
	return altered(q, func(c *claim) { rewrite(c, 0, apply) })
}

// alteredExist does so where a key is proven.
func alteredExist(apply func(proof *ics23.ExistenceProof)) func(s *state) (claim, error) {
	return alteredProof(present, func(proof *ics23.CommitmentProof) { apply(proof.GetExist()) })
}

// alteredStores changes the proof of the store's root.
func alteredStores(apply func(proof *ics23.ExistenceProof)) func(s *state) (claim, error) {
	return altered(present, func(c *claim) {
		rewrite(c, 1, func(proof *ics23.CommitmentProof) { apply(proof.GetExist()) })
	})
}

func rewrite(c *claim, op int, apply func(proof *ics23.CommitmentProof)) {
	var proof ics23.CommitmentProof
	if err := proof.Unmarshal(c.proof.Ops[op].Data); err != nil {
		panic(err)
	}
	apply(&proof)
	data, err := proof.Marshal()
	if err != nil {
		panic(err)
	}
	c.proof.Ops[op].Data = data
}

// wrongClaims have sound proofs, of something else.
var wrongClaims = []forgery{
	{"another value", proofMismatch, altered(present, func(c *claim) { c.value = digest("x", 0) })},
	{"another key", proofMismatch, altered(present, func(c *claim) { c.key = notaryKey(5, 4) })},
	{"another store", proofMismatch, altered(present, func(c *claim) { c.store = "members" })},
	{"another app hash", proofMismatch, altered(present, func(c *claim) { c.appHash = digest("x", 0) })},
	{"the app hash of another version", proofMismatch, func(s *state) (claim, error) {
		c, _, err := s.ask(present)
		c.appHash = s.appHash(versions - 1)
		return c, err
	}},
	{"absence claimed of what is there", proofMismatch, altered(present, func(c *claim) { c.value = nil })},
	{"a value claimed of what is absent", proofMismatch, altered(absent, func(c *claim) { c.value = []byte{1} })},
	{"the proof of another key under this one's name", proofMismatch, func(s *state) (claim, error) {
		other, _, err := s.ask(question{"", "notary", notaryKey(5, 4), versions})
		other.key = present.key
		other.proof.Ops[0].Key = present.key
		return other, err
	}},
	{"the proof of another store under this one's name", proofMismatch, func(s *state) (claim, error) {
		other, _, err := s.ask(question{"", "pair", []byte("a"), versions})
		other.store = "single"
		other.proof.Ops[1].Key = []byte("single")
		return other, err
	}},
	{"a proof for another store's root", proofMismatch, func(s *state) (claim, error) {
		c, _, err := s.ask(present)
		other, _, _ := s.ask(question{"", "pair", []byte("a"), versions})
		c.proof.Ops[1].Data = other.proof.Ops[1].Data
		return c, err
	}},
	{"no steps", malformed, altered(present, func(c *claim) { c.proof.Ops = nil })},
	{"the store's step alone", malformed, altered(present, func(c *claim) { c.proof.Ops = c.proof.Ops[:1] })},
	{"the stores' step alone", malformed, altered(present, func(c *claim) { c.proof.Ops = c.proof.Ops[1:] })},
	{"the steps in reverse", malformed, altered(present, func(c *claim) { slices.Reverse(c.proof.Ops) })},
	{"a step of an unknown type", malformed, altered(present, func(c *claim) { c.proof.Ops[0].Type = "ics23:other" })},
	{"the store's step by another tree's rules", malformed, altered(present, func(c *claim) {
		c.proof.Ops[0].Type = storetypes.ProofOpSimpleMerkleCommitment
	})},
	{"a tree written into a store as a value", malformed, nested},
}

// forgedOps change what a proof says of its tree's nodes.
var forgedOps = []forgery{
	{"a leaf's prefix that reaches into the key", unsound, reachingPrefix},
	{"a value posing as a leaf", unsound, leafInValue},
	{"a leaf with height 1", unsound, alteredExist(func(p *ics23.ExistenceProof) { p.Leaf.Prefix[0] = 2 })},
	{"a leaf with more in its head", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		p.Leaf.Prefix = append(p.Leaf.Prefix, 2)
	})},
	{"a leaf of which less is hashed", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		p.Leaf.PrehashValue = ics23.HashOp_NO_HASH
	})},
	{"a leaf whose key is hashed", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		p.Leaf.PrehashKey = ics23.HashOp_SHA256
	})},
	{"a leaf without lengths", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		p.Leaf.Length = ics23.LengthOp_NO_PREFIX
	})},
	{"a leaf under another hash", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		p.Leaf.Hash = ics23.HashOp_SHA512
	})},
	{"no leaf", unsound, alteredExist(func(p *ics23.ExistenceProof) { p.Leaf = nil })},
	{"a node under another hash", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		p.Path[1].Hash = ics23.HashOp_SHA512
	})},
	{"a node without a hash", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		p.Path[1].Hash = ics23.HashOp_NO_HASH
	})},
	{"a node that begins as a leaf", unsound, alteredExist(func(p *ics23.ExistenceProof) { p.Path[0].Prefix[0] = 0 })},
	{"a node of negative height", unsound, alteredExist(func(p *ics23.ExistenceProof) { p.Path[0].Prefix[0] = 3 })},
	{"a node lower than its place", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		p.Path[len(p.Path)-1].Prefix[0] = 2
	})},
	{"a node with a child too little", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		op := p.Path[1]
		op.Prefix, op.Suffix = op.Prefix[:4], op.Suffix[:0]
	})},
	{"a node cut short", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		p.Path[0].Prefix = p.Path[0].Prefix[:2]
	})},
	{"a suffix cut short", unsound, alteredExist(func(p *ics23.ExistenceProof) {
		for _, op := range p.Path {
			op.Suffix = op.Suffix[:max(0, len(op.Suffix)-1)]
		}
	})},
	{"a path with a step missing", proofMismatch, alteredExist(func(p *ics23.ExistenceProof) {
		p.Path = p.Path[:len(p.Path)-1]
	})},
	{"a path without end", malformed, alteredExist(func(p *ics23.ExistenceProof) {
		for len(p.Path) <= 128 {
			p.Path = append(p.Path, p.Path[len(p.Path)-1])
		}
	})},
	{"a sibling changed", proofMismatch, alteredExist(func(p *ics23.ExistenceProof) {
		for _, op := range p.Path {
			if len(op.Suffix) > 0 {
				op.Suffix[20] ^= 1
				return
			}
		}
	})},
	{"a batch", malformed, alteredProof(present, func(p *ics23.CommitmentProof) {
		p.Proof = &ics23.CommitmentProof_Batch{Batch: &ics23.BatchProof{}}
	})},
	{"the stores' leaf under another prefix", unsound, alteredStores(func(p *ics23.ExistenceProof) {
		p.Leaf.Prefix = []byte{1}
	})},
	{"a stores' node that begins as a leaf", unsound, alteredStores(func(p *ics23.ExistenceProof) {
		p.Path[0].Prefix[0] = 0
	})},
	{"a stores' node with too long a prefix", unsound, alteredStores(func(p *ics23.ExistenceProof) {
		p.Path[0].Prefix = bytes.Repeat([]byte{1}, 34)
	})},
	{"a stores' node with an odd suffix", unsound, alteredStores(func(p *ics23.ExistenceProof) {
		p.Path[0].Suffix = append(p.Path[0].Suffix, 0)
	})},
	{"another store's root", proofMismatch, alteredStores(func(p *ics23.ExistenceProof) {
		p.Value = digest("x", 0)
	})},
}

// reachingPrefix takes the first bytes of a key for the leaf's own, so that the rest is the key.
func reachingPrefix(s *state) (claim, error) {
	c, _, err := s.ask(question{"", "members", wrappingKey, versions})
	if err != nil {
		return c, err
	}
	c.key = wrappingKey[2:]
	c.proof.Ops[0].Key = c.key
	rewrite(&c, 0, func(proof *ics23.CommitmentProof) {
		exist := proof.GetExist()
		exist.Key = c.key
		exist.Leaf.Prefix = append(exist.Leaf.Prefix, byte(len(wrappingKey)), wrappingKey[0])
	})
	return c, nil
}

// fakeLeaf is what an IAVL leaf hashes, written into a store as a value: its hash is in the tree,
// between the length of the value's hash and nothing.
func fakeLeaf() []byte {
	value := sha256.Sum256([]byte("forged"))
	return append([]byte{0, 2, 2, 6, 'f', 'o', 'r', 'g', 'e', 'd', 32}, value[:]...)
}

func leafInValue(s *state) (claim, error) {
	c, _, err := s.ask(question{"", "members", []byte("fake leaf"), versions})
	if err != nil {
		return c, err
	}
	c.key, c.value = []byte("forged"), []byte("forged")
	c.proof.Ops[0].Key = c.key
	rewrite(&c, 0, func(proof *ics23.CommitmentProof) {
		exist := proof.GetExist()
		prefix := append(bytes.Clone(exist.Leaf.Prefix), byte(len(exist.Key)))
		prefix = append(append(prefix, exist.Key...), 32)
		top := &ics23.InnerOp{Hash: ics23.HashOp_SHA256, Prefix: prefix}
		exist.Key, exist.Value = c.key, c.value
		exist.Leaf.Prefix = []byte{0, 2, 2}
		exist.Path = append([]*ics23.InnerOp{top}, exist.Path...)
	})
	return c, nil
}

// fakeRoot is the root of a tree of one leaf, of the forger's making.
func fakeRoot() []byte {
	root := sha256.Sum256(fakeLeaf())
	return root[:]
}

// nested puts a proof in the forger's tree before the one that its root is in the store.
func nested(s *state) (claim, error) {
	c, _, err := s.ask(question{"", "members", []byte("fake root"), versions})
	if err != nil {
		return c, err
	}
	c.key, c.value = []byte("forged"), []byte("forged")
	proof := &ics23.CommitmentProof{Proof: &ics23.CommitmentProof_Exist{Exist: &ics23.ExistenceProof{
		Key:   c.key,
		Value: c.value,
		Leaf: &ics23.LeafOp{
			Hash:         ics23.HashOp_SHA256,
			PrehashValue: ics23.HashOp_SHA256,
			Length:       ics23.LengthOp_VAR_PROTO,
			Prefix:       []byte{0, 2, 2},
		},
	}}}
	c.proof.Ops = slices.Insert(c.proof.Ops, 0, storetypes.NewIavlCommitmentOp(c.key, proof).ProofOp())
	return c, nil
}
