package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	"github.com/cometbft/cometbft/types"
	"github.com/cometbft/cometbft/version"
)

const chainID = "stateset-notary-1"

// The flags of votes, by their first letters in patterns such as "ccccnca".
var flags = map[rune]types.BlockIDFlag{
	'c': types.BlockIDFlagCommit,
	'n': types.BlockIDFlagNil,
	'a': types.BlockIDFlagAbsent,
}

// plan is a block to be made: its validators, the next ones, and how they vote.
type plan struct {
	name    string
	height  int64
	set     string
	nextSet string
	votes   string
	round   int32
}

var plans = []plan{
	{"one validator", 1, "one", "one", "c", 0},
	{"one validator again", 2, "one", "four", "c", 0},
	{"four, one absent", 3, "four", "four", "ccac", 1},
	{"four, all", 4, "four", "seven", "cccc", 0},
	{"seven, one for nil, one absent", 5, "seven", "seven", "cncccac", 2},
	{"seven, all", 6, "seven", "replaced", "ccccccc", 0},
	{"one of seven replaced", 7, "replaced", "ten", "ccccccc", 0},
	{"ten of unequal power", 8, "ten", "ten equal", "cnnaaaaaaa", 0},
	{"ten of equal power", 9, "ten equal", "strangers", "ccccccccan", 300},
	{"seven strangers", 10, "strangers", "seven", "ccccccc", 0},
	{"far above", 5_000_000_000, "seven", "seven", "caccncc", 0},
	{"two of seven are known", 20, "two known", "seven", "ccccccc", 0},
	{"three of seven are known", 21, "three known", "seven", "ccccccc", 0},
	{"before a trio", 30, "seven", "trio", "ccccccc", 0},
	{"one of the trio is known", 32, "one known", "seven", "ccccccc", 0},
	{"two of the trio are known", 33, "two known", "seven", "ccccccc", 0},
}

// block is a signed header, and the name of its validators.
type block struct {
	name   string
	header types.Header
	commit types.Commit
	set    string
}

func (b block) signed() *types.SignedHeader {
	return &types.SignedHeader{Header: &b.header, Commit: &b.commit}
}

// chain is a sound chain, and all validator sets in use.
type chain struct {
	blocks map[string]block
	order  []string
	sets   map[string]*types.ValidatorSet
	keys   map[string]ed25519.PrivKey
}

func newChain(state *state) *chain {
	c := &chain{blocks: map[string]block{}, sets: map[string]*types.ValidatorSet{}, keys: signers()}
	for name := range sets {
		c.addSet(name, validatorSet(name))
	}
	last, lastCommitHash := types.BlockID{}, sha256.New().Sum(nil)
	for _, p := range plans {
		b := c.makeBlock(p, last, lastCommitHash, state.appHash(p.height-1))
		c.blocks[p.name] = b
		c.order = append(c.order, p.name)
		last, lastCommitHash = b.commit.BlockID, b.commit.Hash()
	}
	return c
}

func (c *chain) makeBlock(p plan, last types.BlockID, lastCommitHash, appHash []byte) block {
	set := c.sets[p.set]
	header := types.Header{
		Version:            cmtversion.Consensus{Block: version.BlockProtocol, App: uint64(p.height % 2)},
		ChainID:            chainID,
		Height:             p.height,
		Time:               timeOf(p.height),
		LastBlockID:        last,
		LastCommitHash:     lastCommitHash,
		DataHash:           digest("data", p.height),
		ValidatorsHash:     set.Hash(),
		NextValidatorsHash: c.sets[p.nextSet].Hash(),
		ConsensusHash:      types.DefaultConsensusParams().Hash(),
		AppHash:            appHash,
		LastResultsHash:    digest("results", p.height),
		EvidenceHash:       sha256.New().Sum(nil),
		ProposerAddress:    set.Validators[0].Address,
	}
	b := block{name: p.name, header: header, set: p.set}
	b.commit = c.sign(&header, set, p.votes, p.round)
	return b
}

// sign makes the commit of a header with one vote for each letter of the pattern.
func (c *chain) sign(header *types.Header, set *types.ValidatorSet, votes string, round int32) types.Commit {
	commit := types.Commit{
		Height: header.Height,
		Round:  round,
		BlockID: types.BlockID{
			Hash:          header.Hash(),
			PartSetHeader: types.PartSetHeader{Total: 1 + uint32(round), Hash: digest("parts", header.Height)},
		},
	}
	for index, letter := range votes {
		commit.Signatures = append(commit.Signatures, c.vote(header.ChainID, set, &commit, flags[letter], index))
	}
	return commit
}

func (c *chain) vote(
	chain string, set *types.ValidatorSet, commit *types.Commit, flag types.BlockIDFlag, index int,
) types.CommitSig {
	if flag == types.BlockIDFlagAbsent {
		return types.NewCommitSigAbsent()
	}
	address := set.Validators[index].Address
	vote := types.CommitSig{
		BlockIDFlag:      flag,
		ValidatorAddress: address,
		// Whole seconds too: their nanoseconds are left out of what is signed.
		Timestamp: timeOf(commit.Height).Truncate(time.Second).Add(time.Duration(index) * 1_000_000_001),
	}
	signBytes := types.VoteSignBytes(chain, &cmtproto.Vote{
		Type:      cmtproto.PrecommitType,
		Height:    commit.Height,
		Round:     commit.Round,
		BlockID:   blockIDOf(vote, commit),
		Timestamp: vote.Timestamp,
	})
	signature, err := c.keys[address.String()].Sign(signBytes)
	if err != nil {
		panic(err)
	}
	vote.Signature = signature
	return vote
}

func blockIDOf(vote types.CommitSig, commit *types.Commit) cmtproto.BlockID {
	id := vote.BlockID(commit.BlockID)
	return id.ToProto()
}

// timeOf grows with the height, with as many digits as there can be.
func timeOf(height int64) time.Time {
	seconds := 1_767_225_600 + 6*min(height, 1_000_000)
	return time.Unix(seconds, (height*123_456_789)%1_000_000_000).UTC()
}

func digest(what string, height int64) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", what, height))
	return sum[:]
}

func hexText(b []byte) string {
	return hex.EncodeToString(b)
}
