package ledger

import (
	"bytes"

	"stateset.example/chain/canonical"
)

const (
	thresholdChildrenMax = 32
	thresholdWeightMax   = 1000
	thresholdDepthMax    = 6
)

// Threshold is satisfied when the weights of its satisfied children reach what is needed.
type Threshold[Node any] struct {
	Needed   uint32
	Children []Child[Node]
}

// Child is a node with its weight.
type Child[Node any] struct {
	Weight uint32
	Node   Node
	// encoding is what the node was read from, which is the one encoding that it has.
	encoding []byte
}

// readThreshold reads the fields of a threshold variant that was entered.
func readThreshold[Node any](r *canonical.Reader, readNode func(*canonical.Reader) Node) (t Threshold[Node]) {
	r.Field("children")
	if count := r.List(1, thresholdChildrenMax); count > 0 {
		t.Children = make([]Child[Node], count)
	}
	for i := range t.Children {
		child := &t.Children[i]
		r.Record(2)
		r.Field("node")
		start := r.Offset()
		child.Node = readNode(r)
		child.encoding = r.Since(start)
		r.Field("weight")
		child.Weight = uint32(r.Uint(1, thresholdWeightMax))
		r.Leave()
		if r.Failed() {
			break
		}
	}
	r.Leave()
	r.Field("threshold")
	t.Needed = uint32(r.Uint(1, thresholdChildrenMax*thresholdWeightMax))
	return t
}

// append adds a threshold variant.
func (t *Threshold[Node]) append(to []byte, appendNode func([]byte, *Node) []byte) []byte {
	to = canonical.AppendText(canonical.AppendVariant(to, "threshold", 2), "children")
	to = canonical.AppendList(to, len(t.Children))
	for i := range t.Children {
		to = canonical.AppendText(canonical.AppendRecord(to, 2), "node")
		to = appendNode(to, &t.Children[i].Node)
		to = canonical.AppendUintField(to, "weight", uint64(t.Children[i].Weight))
	}
	return canonical.AppendUintField(to, "threshold", uint64(t.Needed))
}

// fault is why the node at this depth is refused: one that no set of leaves satisfies, or another
// writing of the same tree, as children stand in the order of their encodings, none twice. The
// nodes below are the caller's to ask.
func (t *Threshold[Node]) fault(depth int) error {
	if depth >= thresholdDepthMax {
		return refuse(CodeTreeTooDeep, "more than %d thresholds in one another", thresholdDepthMax)
	}
	weights := uint32(0)
	for i := range t.Children {
		weights += t.Children[i].Weight
	}
	if weights < t.Needed {
		return refuse(CodeThresholdUnreachable, "weights of %d for %d", weights, t.Needed)
	}
	for i := 1; i < len(t.Children); i++ {
		if bytes.Compare(t.Children[i-1].encoding, t.Children[i].encoding) >= 0 {
			return refuse(CodeChildrenUnsorted, "child %d", i)
		}
	}
	return nil
}
