package main

import (
	"bytes"
	"errors"
	"time"

	cmtmath "github.com/cometbft/cometbft/libs/math"
	"github.com/cometbft/cometbft/light"
	"github.com/cometbft/cometbft/types"
)

// stepRow names headers and validator sets of the file.
type stepRow struct {
	Name              string   `json:"name"`
	Trusted           string   `json:"trusted"`
	TrustedValidators string   `json:"trustedValidators"`
	Next              string   `json:"next"`
	NowMs             int64    `json:"nowMs"`
	TrustingPeriodMs  int64    `json:"trustingPeriodMs"`
	ClockDriftMs      int64    `json:"clockDriftMs"`
	TrustLevel        []uint64 `json:"trustLevel"`
	Refused           string   `json:"refused,omitempty"`
}

const (
	hourMs     = 3_600_000
	expired    = "light-client/expired"
	fromFuture = "light-client/from-the-future"
	notLater   = "light-client/not-later"
)

// now is later than every block that is near.
var now = timeOf(100).UnixMilli()

// step is a row with what most rows have in common.
func step(name, trusted, trustedValidators, next, refused string, changes ...func(*stepRow)) stepRow {
	row := stepRow{name, trusted, trustedValidators, next, now, hourMs, 5_000, []uint64{1, 3}, refused}
	for _, apply := range changes {
		apply(&row)
	}
	return row
}

func at(ms int64) func(*stepRow) { return func(row *stepRow) { row.NowMs = ms } }

func level(numerator, denominator uint64) func(*stepRow) {
	return func(row *stepRow) { row.TrustLevel = []uint64{numerator, denominator} }
}

// floorMs is the last millisecond not after a block's time.
func floorMs(height int64) int64 { return timeOf(height).UnixMilli() }

var steps = []stepRow{
	step("to the next height", "one validator", "one", "one validator again", ""),
	step("to new validators", "one validator again", "four", "four, one absent", ""),
	step("to the next height, validators of no use", "four, one absent", "ten", "four, all", ""),
	step("to more validators", "four, all", "seven", "seven, one for nil, one absent", ""),
	step("to one replaced", "seven, all", "replaced", "one of seven replaced", ""),
	step("to unequal power", "one of seven replaced", "ten", "ten of unequal power", ""),
	step("to strangers that were announced", "ten of equal power", "strangers", "seven strangers", ""),
	step("over one height", "one validator", "one", "four, one absent", ""),
	step("over several heights", "one validator", "one", "seven, all", ""),
	step("over several heights, from four", "four, one absent", "four", "one of seven replaced", ""),
	step("from seven to ten", "seven, one for nil, one absent", "seven", "ten of equal power", ""),
	step("far ahead", "four, all", "seven", "far above", "", at(timeOf(5_000_000_000).UnixMilli()+1),
		func(row *stepRow) { row.TrustingPeriodMs = 10_000 * hourMs }),
	step("over heights, by three of seven", "four, all", "seven", "three of seven are known", ""),
	step("over heights, by two of seven", "four, all", "seven", "two of seven are known", noPower),
	step("over heights, by a third exactly", "before a trio", "trio", "one of the trio is known", noPower),
	step("over heights, by two thirds", "before a trio", "trio", "two of the trio are known", ""),
	step("over heights, a known one for nil", "before a trio", "trio",
		"two of the trio are known, one votes for nil", noPower),
	step("over heights to strangers", "seven, all", "replaced", "seven strangers", noPower),
	step("over heights, by strangers' own word", "seven, all", "strangers", "seven strangers", otherSet),
	step("over heights, with others than announced", "four, all", "four", "seven, all", otherSet),
	step("to the next height by others than announced", "seven, all", "replaced", "next by strangers", otherSet),
	step("a trust level of two thirds, met", "four, all", "seven", "seven, all", "", level(2, 3)),
	step("a trust level of two thirds, missed", "four, all", "seven", "three of seven are known", noPower, level(2, 3)),
	step("a trust level of all, which nobody exceeds", "four, all", "seven", "seven, all", noPower, level(1, 1)),
	step("the same height", "seven, all", "replaced", "seven, all", notLater),
	step("the same height, but later", "seven, all", "replaced", "the same height, but later", notLater),
	step("a lower height", "seven, all", "replaced", "four, all", notLater),
	step("no later time", "seven, all", "replaced", "next at the same time", notLater),
	step("an earlier time, over heights", "seven, all", "replaced", "above, but earlier", notLater),
	step("another chain", "seven, all", "replaced", "next on another chain", wrongChain),
	step("a changed signature", "four, all", "seven", "next with a changed signature", badSignature),
	step("a changed signature, over heights", "four, one absent", "four", "next with a changed signature", badSignature),
	step("too little power, to the next height", "four, all", "seven", "next by four of seven", noPower),
	step("at the end of the trusting period", "four, all", "seven", "seven, all", expired,
		at(floorMs(4)+hourMs+1)),
	step("just before it", "four, all", "seven", "seven, all", "", at(floorMs(4)+hourMs)),
	step("as far ahead as clocks may differ", "four, all", "seven", "seven, all", fromFuture, at(floorMs(6)-5_000)),
	step("just less", "four, all", "seven", "seven, all", "", at(floorMs(6)-5_000+1)),
}

func stepRows(c *chain) ([]stepRow, error) {
	for _, row := range steps {
		if err := mustAgree(row.Name, row.Refused, c.judgeStep(row)); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// judgeStep is CometBFT's light client, which takes the trusted validators as they are, and so its
// caller compares their hash; and all signatures are checked, as its nodes do.
func (c *chain) judgeStep(row stepRow) error {
	trusted, next := c.blocks[row.Trusted].signed(), c.blocks[row.Next].signed()
	trustedSet, nextSet := c.sets[row.TrustedValidators], c.sets[c.blocks[row.Next].set]
	if next.Height != trusted.Height+1 && !bytes.Equal(trustedSet.Hash(), trusted.NextValidatorsHash) {
		return errors.New("other trusted validators")
	}
	trustLevel := cmtmath.Fraction{Numerator: row.TrustLevel[0], Denominator: row.TrustLevel[1]}
	if err := light.ValidateTrustLevel(trustLevel); err != nil {
		return err
	}
	err := light.Verify(trusted, trustedSet, next, nextSet,
		time.Duration(row.TrustingPeriodMs)*time.Millisecond, time.UnixMilli(row.NowMs),
		time.Duration(row.ClockDriftMs)*time.Millisecond, trustLevel)
	if err != nil {
		return err
	}
	return types.VerifyCommit(chainID, nextSet, next.Commit.BlockID, next.Height, next.Commit)
}
