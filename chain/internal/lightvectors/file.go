package main

import (
	"encoding/json"
	"fmt"

	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
)

// vectors is the file. Answers stand as CometBFT's RPC gives them; a row without a code is accepted.
type vectors struct {
	ChainID       string         `json:"chainId"`
	ValidatorSets []validatorRow `json:"validatorSets"`
	Headers       []headerRow    `json:"headers"`
	Steps         []stepRow      `json:"steps"`
	Proofs        []proofRow     `json:"proofs"`
}

func vectorsText() ([]byte, error) {
	state, err := newState()
	if err != nil {
		return nil, err
	}
	chain := newChain(state)
	headers, err := headerRows(chain)
	if err != nil {
		return nil, err
	}
	steps, err := stepRows(chain)
	if err != nil {
		return nil, err
	}
	proofs, err := proofRows(state)
	if err != nil {
		return nil, err
	}
	file := vectors{
		ChainID:       chainID,
		ValidatorSets: chain.validatorRows(),
		Headers:       headers,
		Steps:         steps,
		Proofs:        proofs,
	}
	text, err := json.MarshalIndent(file, "", " ")
	return append(text, '\n'), err
}

// answer is what CometBFT's RPC sends for a result.
func answer(result any) json.RawMessage {
	text, err := json.Marshal(rpctypes.NewRPCSuccessResponse(rpctypes.JSONRPCIntID(-1), result))
	if err != nil {
		panic(err)
	}
	return text
}

// mustAgree holds a row's code against the verdict of the chain's own code.
func mustAgree(name, code string, verdict error) error {
	if (code == "") != (verdict == nil) {
		return fmt.Errorf("%s: the row says %q, the chain's code %v", name, code, verdict)
	}
	return nil
}
