package main

import (
	"encoding/json"
	"fmt"

	"cosmossdk.io/store/rootmulti"
	storetypes "cosmossdk.io/store/types"
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/merkle"
	cmtcrypto "github.com/cometbft/cometbft/proto/tendermint/crypto"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
)

// proofRow has an answer where it is one of a node's; without a value it claims absence.
type proofRow struct {
	Name    string          `json:"name"`
	Store   string          `json:"store"`
	Key     string          `json:"key"`
	Value   *string         `json:"value,omitempty"`
	AppHash string          `json:"appHash"`
	Proof   string          `json:"proof"`
	Answer  json.RawMessage `json:"answer,omitempty"`
	Refused string          `json:"refused,omitempty"`
}

// claim is what a proof is to show.
type claim struct {
	store   string
	key     []byte
	value   []byte
	appHash []byte
	proof   cmtcrypto.ProofOps
}

// question is a key of a version of the state, that is there or not.
type question struct {
	name    string
	store   string
	key     []byte
	version int64
}

var questions = []question{
	{"a key among many", "notary", notaryKey(5, 3), versions},
	{"the first key", "notary", notaryKey(1, 0), versions},
	{"the last key", "notary", notaryKey(9, 11), versions},
	{"a key of an earlier version", "notary", notaryKey(2, 1), 3},
	{"a key of one that is alone", "single", []byte("only"), 4},
	{"the left of two", "pair", []byte("a"), versions},
	{"the right of two", "pair", []byte("c"), versions},
	{"a key and a value of one byte, zero", "members", []byte{0}, versions},
	{"a long key and a long value", "members", longKey(), versions},
	{"absent between two", "notary", notaryKey(5, 30), versions},
	{"absent beside the next", "notary", append(notaryKey(5, 3), 0), versions},
	{"absent before the first", "notary", []byte{0}, versions},
	{"absent behind the last", "notary", []byte{2}, versions},
	{"absent before it was there", "notary", notaryKey(8, 0), 5},
	{"absent before one that is alone", "single", []byte("a"), versions},
	{"absent behind one that is alone", "single", []byte("z"), versions},
	{"absent before two", "pair", []byte("A"), versions},
	{"absent between the only two", "pair", []byte("b"), versions},
	{"absent behind two", "pair", []byte("d"), versions},
}

func longKey() []byte {
	key := make([]byte, 300)
	for i := range key {
		key[i] = 0xff
	}
	return key
}

func proofRows(s *state) ([]proofRow, error) {
	var rows []proofRow
	for _, q := range questions {
		made, response, err := s.ask(q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.name, err)
		}
		row := rowOf(q.name, made, "")
		row.Answer = answer(&coretypes.ResultABCIQuery{Response: abci.ResponseQuery(*response)})
		if err := mustAgree(q.name, "", judgeProof(made)); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	for _, f := range forgeries {
		made, err := f.make(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		if err := mustAgree(f.name, f.refused, judgeProof(made)); err != nil {
			return nil, err
		}
		rows = append(rows, rowOf(f.name, made, f.refused))
	}
	return rows, nil
}

// ask has the answer, and what it claims.
func (s *state) ask(q question) (claim, *storetypes.ResponseQuery, error) {
	response, err := s.query(q.store, q.key, q.version)
	if err != nil {
		return claim{}, nil, err
	}
	// A copy: forging must not reach the answer.
	var proof cmtcrypto.ProofOps
	text, err := response.ProofOps.Marshal()
	if err == nil {
		err = proof.Unmarshal(text)
	}
	return claim{q.store, q.key, response.Value, s.appHash(q.version), proof}, response, err
}

func rowOf(name string, c claim, refused string) proofRow {
	proof, err := c.proof.Marshal()
	if err != nil {
		panic(err)
	}
	row := proofRow{
		Name:    name,
		Store:   c.store,
		Key:     hexText(c.key),
		AppHash: hexText(c.appHash),
		Proof:   hexText(proof),
		Refused: refused,
	}
	if c.value != nil {
		value := hexText(c.value)
		row.Value = &value
	}
	return row
}

// judgeProof is what the SDK's clients do; where it panics, it has not proven anything.
func judgeProof(c claim) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("panic: %v", caught)
		}
	}()
	path := merkle.KeyPath{}.
		AppendKey([]byte(c.store), merkle.KeyEncodingHex).
		AppendKey(c.key, merkle.KeyEncodingHex).
		String()
	if c.value == nil {
		return rootmulti.DefaultProofRuntime().VerifyAbsence(&c.proof, c.appHash, path)
	}
	return rootmulti.DefaultProofRuntime().VerifyValue(&c.proof, c.appHash, path, c.value)
}
