package types

import (
	"math"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

const (
	// ParametersBytesMax leaves room for every approved contract, and for a page of a query.
	ParametersBytesMax = 256 << 10
	// ParametersMax is as many versions as nodes take from a map.
	ParametersMax = 4096

	contractsMax         = 256
	bundlesMax           = 64
	contractNameBytesMax = 64
)

// NetworkParameters is what the chain needs to know of a network's parameters; nodes read the rest.
type NetworkParameters struct {
	Network canonical.Hash
	Epoch   uint64
	Hash    canonical.Hash
}

// ParseNetworkParameters reads parameters, all fields of which must be as nodes expect them: what
// nodes could not read would stop the network.
func ParseNetworkParameters(encoded []byte, network canonical.Hash) (parameters NetworkParameters, err error) {
	if len(encoded) > ParametersBytesMax {
		return parameters, ErrOutOfBounds.Wrapf("parameters have at most %d bytes", ParametersBytesMax)
	}
	r := canonical.NewReader(encoded)
	r.Record(6)
	r.Field("vm")
	passVM(&r)
	r.Field("epoch")
	parameters.Epoch = r.Uint(0, canonical.UintMax)
	r.Field("network")
	parameters.Network = r.Hash()
	r.Field("uniqueKeySalt")
	r.Hash()
	r.Field("contractOwners")
	owners := passContractOwners(&r)
	r.Field("approvedContracts")
	passApprovedContracts(&r)
	r.Leave()
	if err := r.End(); err != nil {
		return parameters, ErrBadParameters.Wrap(err.Error())
	}
	for _, key := range owners {
		if _, err := ledger.DecodeKeyTree(key); err != nil {
			return parameters, ErrBadParameters.Wrapf("key of an owner: %s", err)
		}
	}
	if parameters.Network != network {
		return parameters, ErrWrongNetwork.Wrapf("parameters of %x", parameters.Network)
	}
	parameters.Hash = canonical.TagParameters.Hash(encoded)
	return parameters, nil
}

// passVM reads the contract VM: its engine, and its limits.
func passVM(r *canonical.Reader) {
	r.Record(8)
	r.Field("gas")
	r.Uint(0, canonical.UintMax)
	r.Field("engine")
	r.Hash()
	for _, limit := range []string{
		"callDepth", "stackBytes", "memoryBytes", "inputBytesMax", "resultBytesMax", "sourceBytesMax",
	} {
		r.Field(limit)
		r.Uint(0, math.MaxUint32)
	}
	r.Leave()
}

// passContractOwners reads whose signature a bundle needs to go by a name, and returns the keys.
func passContractOwners(r *canonical.Reader) (keys [][]byte) {
	for range r.List(0, contractsMax) {
		r.Record(2)
		r.Field("key")
		keys = append(keys, passKeyTree(r))
		r.Field("contract")
		r.Text(1, contractNameBytesMax)
		r.Leave()
	}
	r.Leave()
	return keys
}

func passApprovedContracts(r *canonical.Reader) {
	for range r.List(0, contractsMax) {
		r.Record(2)
		r.Field("bundles")
		for range r.List(0, bundlesMax) {
			r.Hash()
		}
		r.Leave()
		r.Field("contract")
		r.Text(1, contractNameBytesMax)
		r.Leave()
	}
	r.Leave()
}
