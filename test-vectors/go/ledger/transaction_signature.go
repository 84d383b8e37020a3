package ledger

import "stateset.example/testvectors/codec"

// IsSignatureValid tells whether a signature is over the id, or over a batch that the id is in.
func IsSignatureValid(schemas codec.Schemas, signature object, network string, id []byte) bool {
	purpose, hash := "transaction", id
	if batch, ok := signature["batch"].(object); ok {
		index, size := codec.Int(batch["index"]), codec.Int(batch["size"])
		root := codec.RootFromPath(id, index, size, pathOf(batch["path"]))
		if root == nil {
			return false
		}
		purpose, hash = "transaction-batch", codec.TaggedHash("batch", root)
	}
	payload := object{
		"purpose":   purpose,
		"networkId": network,
		"metadata":  object{"platformVersion": signature["platformVersion"]},
		"hash":      codec.Hex(hash).String(),
	}
	return codec.VerifySignature(schemas, signature["by"], payload)
}
