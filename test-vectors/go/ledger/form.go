package ledger

import (
	"encoding/hex"

	"stateset.example/testvectors/codec"
)

type object = map[string]any

// componentLeaf is H(component ‖ nonce ‖ component).
func componentLeaf(nonce, component []byte) []byte {
	return codec.TaggedHash("component", nonce, component)
}

// leafOf is the leaf that all three forms of a component have in common.
func leafOf(form object) []byte {
	if form["kind"] == "open" {
		return componentLeaf(codec.Bytes(form["nonce"]), codec.Bytes(form["component"]))
	}
	return codec.Bytes(form["leaf"])
}

func hashedForm(form object) object {
	return object{"kind": "hashed", "leaf": hex.EncodeToString(leafOf(form))}
}
