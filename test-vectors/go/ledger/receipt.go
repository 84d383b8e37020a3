package ledger

import "stateset.example/testvectors/codec"

// Trust is what the reader of a receipt knows: the cluster's member sets, the current one last.
type Trust struct {
	Network              string
	MemberSets           []object
	StoredBeforeRotation bool
}

// VerifyReceipt refuses a receipt that does not show that the cluster notarised the transaction.
func VerifyReceipt(schemas codec.Schemas, receipt object, id []byte, trust Trust) error {
	block := receipt["block"].(object)
	if err := verifyBlock(schemas, block, receipt["signatures"], trust); err != nil {
		return err
	}
	leaf := codec.TaggedHash("block", id)
	if !leadsTo(leaf, receipt["inBlock"].(object), block["blockRoot"]) {
		return fault("receipt/not-in-block", "%x", id)
	}
	current := trust.MemberSets[len(trust.MemberSets)-1]["epoch"]
	if block["memberEpoch"] == current || trust.StoredBeforeRotation {
		return nil
	}
	return verifyHistory(schemas, receipt, current, trust)
}

// verifyHistory has the current members vouch for a block of members that have retired.
func verifyHistory(schemas codec.Schemas, receipt object, current any, trust Trust) error {
	retired := receipt["block"].(object)
	history, ok := receipt["inHistory"].(object)
	if !ok {
		return fault("receipt/retired-epoch", "now it is %v", current)
	}
	block := history["block"].(object)
	isLater := codec.Int(block["height"]) > codec.Int(retired["height"])
	if block["memberEpoch"] != current || !isLater {
		return fault("receipt/retired-epoch", "block %v of epoch %v", block["height"], block["memberEpoch"])
	}
	if err := verifyBlock(schemas, block, history["signatures"], trust); err != nil {
		return err
	}
	if !leadsTo(hashOf(schemas, "receipt", "blockHeader", retired), history, block["historyRoot"]) {
		return fault("receipt/retired-epoch", "not in the history")
	}
	return nil
}

func verifyBlock(schemas codec.Schemas, block object, signatures any, trust Trust) error {
	var members object
	for _, set := range trust.MemberSets {
		if set["epoch"] == block["memberEpoch"] {
			members = set
		}
	}
	if members == nil || codec.Hex(hashMemberSet(schemas, members)).String() != block["memberSetHash"] {
		return fault("receipt/untrusted-members", "%v", block["memberSetHash"])
	}
	if members["cluster"] != block["cluster"] {
		return fault("receipt/wrong-chain", "%v", block["cluster"])
	}
	payload := clusterPayload("receipt", trust.Network, hashOf(schemas, "receipt", "blockHeader", block))
	if found := countMembers(schemas, members, signatures, payload); found < quorum(members) {
		return fault("receipt/quorum-missing", "%d of %d", found, quorum(members))
	}
	return nil
}

func leadsTo(leaf []byte, place object, root any) bool {
	index, size := codec.Int(place["index"]), codec.Int(place["size"])
	found := codec.RootFromPath(leaf, index, size, pathOf(place["path"]))
	return found != nil && codec.Hex(found).String() == root
}
