package keeper

import (
	"stateset.example/chain/canonical"
	"stateset.example/chain/x/notary/rules"
)

// verdict is the answer to one request: where it is notarised, or why it is not.
type verdict struct {
	height uint64
	index  uint32
	fault  *rules.Fault
}

func refused(fault *rules.Fault) verdict { return verdict{fault: fault} }

// encode gives the canonical bytes of <notarised: {height: uint, index: uint}, refused: {fault}>.
func (v verdict) encode() []byte {
	if v.fault != nil {
		bytes := canonical.AppendVariant(nil, "refused", 1)
		bytes = canonical.AppendText(bytes, "fault")
		return append(bytes, v.fault.Encode()...)
	}
	bytes := canonical.AppendVariant(nil, "notarised", 2)
	bytes = canonical.AppendUintField(bytes, "index", uint64(v.index))
	return canonical.AppendUintField(bytes, "height", v.height)
}
