package types

import "bytes"

// DefaultGenesis is that of a new cluster.
func DefaultGenesis() *GenesisState { return &GenesisState{Params: DefaultParams()} }

// Validate refuses parameters that are not usable, and records out of order or that are none.
func (g GenesisState) Validate() error {
	if err := g.Params.Validate(); err != nil {
		return err
	}
	var before []byte
	for _, record := range g.Records {
		if bytes.Compare(before, record.Key) >= 0 {
			return ErrGenesis.Wrapf("the record %x is not after %x", record.Key, before)
		}
		if prefix := record.Key[0]; prefix < prefixNotarised || prefix > prefixTip {
			return ErrGenesis.Wrapf("a record has the prefix %d", prefix)
		}
		before = record.Key
	}
	return nil
}
