package types

import "stateset.example/chain/canonical"

const (
	thresholdChildrenMax = 32
	thresholdWeightMax   = 1000
)

// passKeyTree reads past a key tree that stands inside other bytes, and returns its own. The
// reader's bound on depth ends the recursion.
func passKeyTree(r *canonical.Reader) []byte {
	start := r.Offset()
	r.Union()
	switch {
	case r.Variant("ed25519", 1):
		r.Field("key")
		r.Bytes(32, 32)
	case r.Variant("p256", 1):
		r.Field("key")
		r.Bytes(33, 33)
	case r.Variant("threshold", 2):
		passThreshold(r)
	default:
		r.NoVariant()
	}
	r.LeaveVariant()
	return r.Since(start)
}

func passThreshold(r *canonical.Reader) {
	r.Field("children")
	for range r.List(1, thresholdChildrenMax) {
		r.Record(2)
		r.Field("node")
		passKeyTree(r)
		r.Field("weight")
		r.Uint(1, thresholdWeightMax)
		r.Leave()
		if r.Failed() {
			break
		}
	}
	r.Leave()
	r.Field("threshold")
	r.Uint(1, thresholdChildrenMax*thresholdWeightMax)
}
