package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	"github.com/cometbft/cometbft/types"
)

type headerRow struct {
	Name       string          `json:"name"`
	Answer     json.RawMessage `json:"answer"`
	Validators string          `json:"validators"`
	Hash       string          `json:"hash"`
	Refused    string          `json:"refused,omitempty"`
}

// change makes a sound block another one; the commit stays as it is unless it is changed too.
type change struct {
	name    string
	refused string
	apply   func(c *chain, b *block)
}

// changes are all of them, by the name of the block that they change.
var changes = []struct {
	of   string
	rows []change
}{
	{"seven, all", slices.Concat(headerChanges, commitChanges, setChanges)},
	{"one of seven replaced", nextChanges},
	{"seven, one for nil, one absent", fifthChanges},
	{"ten of equal power", ninthChanges},
	{"two of the trio are known", trioChanges},
	{"seven, all", sixthChanges},
}

func headerRows(c *chain) ([]headerRow, error) {
	var rows []headerRow
	add := func(b block, refused string) error {
		set := c.sets[b.set]
		rows = append(rows, headerRow{
			Name:       b.name,
			Answer:     answer(coretypes.NewResultCommit(&b.header, &b.commit, true)),
			Validators: b.set,
			Hash:       hexText(b.header.Hash()),
			Refused:    refused,
		})
		return mustAgree(b.name, refused, judgeHeader(b.signed(), set))
	}
	for _, name := range c.order {
		if err := add(c.blocks[name], ""); err != nil {
			return nil, err
		}
	}
	for _, group := range changes {
		for _, each := range group.rows {
			b := c.copyOf(group.of)
			b.name = each.name
			each.apply(c, &b)
			c.blocks[b.name] = b
			if err := add(b, each.refused); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// judgeHeader is what CometBFT's nodes ask of a signed header whose validators they know.
func judgeHeader(signed *types.SignedHeader, set *types.ValidatorSet) error {
	if err := signed.ValidateBasic(chainID); err != nil {
		return err
	}
	if !bytes.Equal(signed.ValidatorsHash, set.Hash()) {
		return errors.New("other validators")
	}
	return types.VerifyCommit(chainID, set, signed.Commit.BlockID, signed.Height, signed.Commit)
}

// copyOf is a block that can be changed without changing the chain's.
func (c *chain) copyOf(name string) block {
	b := c.blocks[name]
	b.commit = types.Commit{
		Height:     b.commit.Height,
		Round:      b.commit.Round,
		BlockID:    b.commit.BlockID,
		Signatures: slices.Clone(b.commit.Signatures),
	}
	return b
}

const (
	mismatch     = "light-client/commit-mismatch"
	badSignature = "light-client/signature-invalid"
	noPower      = "light-client/power-missing"
	otherSet     = "light-client/validators-mismatch"
	malformed    = "light-client/malformed"
	wrongChain   = "light-client/wrong-chain"
)

// headerChanges change one field each: what was signed is another header.
var headerChanges = []change{
	{"another block protocol", malformed, func(_ *chain, b *block) { b.header.Version.Block++ }},
	{"another version of the application", mismatch, func(_ *chain, b *block) { b.header.Version.App++ }},
	{"another chain", wrongChain, func(_ *chain, b *block) { b.header.ChainID += "0" }},
	{"another height", mismatch, func(_ *chain, b *block) { b.header.Height++ }},
	{"another time", mismatch, func(_ *chain, b *block) { b.header.Time = b.header.Time.Add(1) }},
	{"another block before", mismatch, func(_ *chain, b *block) { b.header.LastBlockID.Hash = digest("x", 0) }},
	{"other parts before", mismatch, func(_ *chain, b *block) { b.header.LastBlockID.PartSetHeader.Total++ }},
	{"another last commit", mismatch, func(_ *chain, b *block) { b.header.LastCommitHash = digest("x", 0) }},
	{"other data", mismatch, func(_ *chain, b *block) { b.header.DataHash = digest("x", 0) }},
	{"another hash of validators", mismatch, func(_ *chain, b *block) { b.header.ValidatorsHash = digest("x", 0) }},
	{"other next validators", mismatch, func(_ *chain, b *block) { b.header.NextValidatorsHash = digest("x", 0) }},
	{"other consensus parameters", mismatch, func(_ *chain, b *block) { b.header.ConsensusHash = digest("x", 0) }},
	{"another app hash", mismatch, func(_ *chain, b *block) { b.header.AppHash = digest("x", 0) }},
	{"other results", mismatch, func(_ *chain, b *block) { b.header.LastResultsHash = digest("x", 0) }},
	{"other evidence", mismatch, func(_ *chain, b *block) { b.header.EvidenceHash = digest("x", 0) }},
	{"another proposer", mismatch, func(_ *chain, b *block) { b.header.ProposerAddress = digest("x", 0)[:20] }},
}

// commitChanges leave the header alone.
var commitChanges = []change{
	{"the commit of another height", mismatch, func(_ *chain, b *block) { b.commit.Height-- }},
	{"the commit of another block", mismatch, func(c *chain, b *block) {
		other := b.header
		other.DataHash = digest("other", 6)
		b.commit = c.sign(&other, c.sets["seven"], "ccccccc", 0)
	}},
	{"another round", badSignature, func(_ *chain, b *block) { b.commit.Round++ }},
	{"another number of parts", badSignature, func(_ *chain, b *block) { b.commit.BlockID.PartSetHeader.Total++ }},
	{"other parts", badSignature, func(_ *chain, b *block) { b.commit.BlockID.PartSetHeader.Hash = digest("x", 0) }},
	{"a signature changed", badSignature, func(_ *chain, b *block) { flip(b, 2) }},
	{"a signature beyond two thirds changed", badSignature, func(_ *chain, b *block) { flip(b, 6) }},
	{"another's signature", badSignature, func(_ *chain, b *block) {
		b.commit.Signatures[1].Signature = b.commit.Signatures[2].Signature
	}},
	{"a vote's time changed", badSignature, func(_ *chain, b *block) {
		vote := &b.commit.Signatures[3]
		vote.Timestamp = vote.Timestamp.Add(time.Nanosecond)
	}},
	{"a vote for nil counted as one for the block", badSignature, func(c *chain, b *block) {
		b.commit = c.sign(&b.header, c.sets["seven"], "ccccccn", 0)
		b.commit.Signatures[6].BlockIDFlag = types.BlockIDFlagCommit
	}},
	{"a vote for the block shown as one for nil", badSignature, func(_ *chain, b *block) {
		b.commit.Signatures[6].BlockIDFlag = types.BlockIDFlagNil
	}},
	{"a vote at another's place", mismatch, func(_ *chain, b *block) {
		votes := b.commit.Signatures
		votes[0], votes[1] = votes[1], votes[0]
	}},
	{"a vote twice", mismatch, func(_ *chain, b *block) { b.commit.Signatures[1] = b.commit.Signatures[0] }},
	{"a vote of nobody", mismatch, func(_ *chain, b *block) {
		b.commit.Signatures[0].ValidatorAddress = digest("nobody", 0)[:20]
	}},
	{"a place missing", mismatch, func(_ *chain, b *block) { b.commit.Signatures = b.commit.Signatures[:6] }},
	{"a place more", mismatch, func(_ *chain, b *block) {
		b.commit.Signatures = append(b.commit.Signatures, types.NewCommitSigAbsent())
	}},
	{"signed for another chain", badSignature, func(c *chain, b *block) {
		for index := range b.commit.Signatures {
			vote := c.vote("another-chain", c.sets["seven"], &b.commit, types.BlockIDFlagCommit, index)
			b.commit.Signatures[index] = vote
		}
	}},
	{"a signature as ZIP-215 admits it", "", func(c *chain, b *block) {
		vote := &b.commit.Signatures[4]
		key := c.keys[vote.ValidatorAddress.String()]
		vote.Signature = signWithSmallOrder(key, b.commit.VoteSignBytes(chainID, 4))
	}},
	{"five of seven", "", signed("seven", "ccaccac")},
	{"four of seven", noPower, signed("seven", "ccccaaa")},
	{"four of seven, the others for nil", noPower, signed("seven", "ccccnnn")},
	{"nobody", noPower, signed("seven", "aaaaaaa")},
	{"all for nil", noPower, signed("seven", "nnnnnnn")},
	{"three of four", "", signed("four", "accc")},
	{"two of four", noPower, signed("four", "cacn")},
	{"two thirds exactly", noPower, signed("trio", "cca")},
	{"one of one", "", signed("one", "c")},
	{"none of one", noPower, signed("one", "a")},
	{"most of ten by number, not by power", noPower, signed("ten", "nccccccccc")},
}

// setChanges give other validators than the header's.
var setChanges = []change{
	{"validators in another order", otherSet, withSet(func(v []*types.Validator) []*types.Validator {
		slices.Reverse(v)
		return v
	})},
	{"a validator with more power", otherSet, withSet(func(v []*types.Validator) []*types.Validator {
		v[3].VotingPower++
		return v
	})},
	{"a validator missing", otherSet, withSet(func(v []*types.Validator) []*types.Validator { return v[1:] })},
	{"a validator replaced", otherSet, withSet(func(v []*types.Validator) []*types.Validator {
		v[0] = types.NewValidator(privateKey(39).PubKey(), 1)
		return v
	})},
}

// These are ends of steps, by the header that they change: most are sound headers by themselves.
var (
	nextChanges = []change{
		{"next by strangers", "", signed("strangers", "ccccccc")},
		{"next at the same time", "", func(c *chain, b *block) {
			b.header.Time = timeOf(6)
			signed("replaced", "ccccccc")(c, b)
		}},
		{"next on another chain", wrongChain, func(c *chain, b *block) {
			b.header.ChainID = "another-chain"
			signed("replaced", "ccccccc")(c, b)
		}},
	}
	trioChanges = []change{
		{"two of the trio are known, one votes for nil", "", func(c *chain, b *block) {
			set := c.sets[b.set]
			index, _ := set.GetByAddress(privateKey(1).PubKey().Address())
			b.commit.Signatures[index] = c.vote(chainID, set, &b.commit, types.BlockIDFlagNil, int(index))
		}},
	}
	fifthChanges = []change{
		{"next with a changed signature", badSignature, func(_ *chain, b *block) { flip(b, 0) }},
		{"next by four of seven", noPower, signed("seven", "ccccaaa")},
	}
	sixthChanges = []change{
		{"the same height, but later", "", func(c *chain, b *block) {
			b.header.Time = timeOf(7)
			signed("seven", "ccccccc")(c, b)
		}},
	}
	ninthChanges = []change{
		{"above, but earlier", "", func(c *chain, b *block) {
			b.header.Time = timeOf(5)
			signed("ten equal", "cccccccccc")(c, b)
		}},
	}
)

// signed is the same header of another set, with votes by the pattern.
func signed(set, votes string) func(c *chain, b *block) {
	return func(c *chain, b *block) {
		b.set = set
		b.header.ValidatorsHash = c.sets[set].Hash()
		b.commit = c.sign(&b.header, c.sets[set], votes, 0)
	}
}

func withSet(changed func([]*types.Validator) []*types.Validator) func(c *chain, b *block) {
	return func(c *chain, b *block) {
		b.set = fmt.Sprintf("seven: %s", b.name)
		c.addSet(b.set, inOrder(changed(validatorSet("seven").Validators)))
	}
}

func flip(b *block, index int) {
	signature := slices.Clone(b.commit.Signatures[index].Signature)
	signature[40] ^= 1
	b.commit.Signatures[index].Signature = signature
}
