package codec

import "bytes"

const thresholdDepthMax = 6

// IsTreeSatisfied tells whether the weights of the keys that hold reach the tree's threshold.
func IsTreeSatisfied(tree any, holds func(key string) bool) bool {
	node := tree.(map[string]any)
	if node["kind"] != "threshold" {
		return holds(KeyID(node))
	}
	weight := 0
	for _, child := range childrenOf(node) {
		if IsTreeSatisfied(child["node"], holds) {
			weight += Int(child["weight"])
		}
	}
	return weight >= Int(node["threshold"])
}

// CheckTree refuses trees that nothing satisfies or that are another writing of the same tree.
func CheckTree(schema *Schema, tree any, depth int) error {
	node := tree.(map[string]any)
	if node["kind"] != "threshold" {
		return nil
	}
	if depth >= thresholdDepthMax {
		return &Fault{"keys/tree-too-deep", "more than six thresholds in one another"}
	}
	weights := 0
	var previous []byte
	for _, child := range childrenOf(node) {
		weights += Int(child["weight"])
	}
	if weights < Int(node["threshold"]) {
		return &Fault{"keys/threshold-unreachable", "the weights do not reach the threshold"}
	}
	for i, child := range childrenOf(node) {
		encoded, err := Encode(schema, child["node"])
		if err != nil {
			return err
		}
		if i > 0 && bytes.Compare(previous, encoded) >= 0 {
			return &Fault{"keys/children-unsorted", "children do not ascend"}
		}
		previous = encoded
	}
	for _, child := range childrenOf(node) {
		if err := CheckTree(schema, child["node"], depth+1); err != nil {
			return err
		}
	}
	return nil
}

func childrenOf(node map[string]any) (children []map[string]any) {
	for _, child := range node["children"].([]any) {
		children = append(children, child.(map[string]any))
	}
	return children
}
