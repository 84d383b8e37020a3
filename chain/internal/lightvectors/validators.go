package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/cometbft/cometbft/crypto/ed25519"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	"github.com/cometbft/cometbft/types"
)

// seat is a validator of a set: whose key, and its power.
type seat struct {
	key   int
	power int64
}

// sets are the validator sets that the headers name.
var sets = map[string][]seat{
	"one":         equal(0, 1),
	"trio":        equal(0, 3),
	"four":        equal(0, 4),
	"seven":       equal(0, 7),
	"replaced":    append(equal(0, 6), seat{7, 1}),
	"ten":         {{0, 5}, {1, 1}, {2, 300}, {3, 2}, {4, 2}, {5, 150}, {6, 1}, {7, 90}, {8, 1}, {9, 1 << 40}},
	"ten equal":   {{0, 3}, {1, 3}, {2, 3}, {3, 3}, {4, 3}, {5, 3}, {6, 3}, {7, 3}, {8, 3}, {9, 3}},
	"strangers":   equal(20, 27),
	"one known":   append(equal(0, 1), equal(30, 36)...),
	"two known":   append(equal(0, 2), equal(30, 35)...),
	"three known": append(equal(0, 3), equal(30, 34)...),
}

// equal has the keys from..until, with power 1 each.
func equal(from, until int) []seat {
	var seats []seat
	for key := from; key < until; key++ {
		seats = append(seats, seat{key, 1})
	}
	return seats
}

func privateKey(key int) ed25519.PrivKey {
	return ed25519.GenPrivKeyFromSecret(fmt.Appendf(nil, "stateset vectors validator %d", key))
}

func validatorSet(name string) *types.ValidatorSet {
	seats, ok := sets[name]
	if !ok {
		panic("no set " + name)
	}
	var validators []*types.Validator
	for _, s := range seats {
		validators = append(validators, types.NewValidator(privateKey(s.key).PubKey(), s.power))
	}
	return types.NewValidatorSet(validators)
}

// inOrder is a set exactly as given, whatever CometBFT would make of it.
func inOrder(validators []*types.Validator) *types.ValidatorSet {
	return &types.ValidatorSet{Validators: validators, Proposer: validators[0]}
}

// signers are all keys by their addresses.
func signers() map[string]ed25519.PrivKey {
	keys := map[string]ed25519.PrivKey{}
	for key := range 40 {
		private := privateKey(key)
		keys[private.PubKey().Address().String()] = private
	}
	return keys
}

type validatorRow struct {
	Name   string          `json:"name"`
	Hash   string          `json:"hash"`
	Answer json.RawMessage `json:"answer"`
}

// addSet keeps a set under a name for the rows that use it.
func (c *chain) addSet(name string, set *types.ValidatorSet) {
	c.sets[name] = set
}

func (c *chain) validatorRows() []validatorRow {
	var rows []validatorRow
	for _, name := range slices.Sorted(maps.Keys(c.sets)) {
		set := c.sets[name]
		rows = append(rows, validatorRow{name, hexText(set.Hash()), answer(&coretypes.ResultValidators{
			BlockHeight: 1,
			Validators:  set.Validators,
			Count:       set.Size(),
			Total:       set.Size(),
		})})
	}
	return rows
}
