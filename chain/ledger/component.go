package ledger

import "stateset.example/chain/canonical"

// Form is one of the three in which a component is stored or sent. All give the same leaf, and so
// the same transaction id.
type Form uint8

// The forms of components.
const (
	Open Form = iota
	Sealed
	Hashed
)

// Component is a component in one of its forms.
type Component struct {
	Form Form
	// Nonce is that of an open component.
	Nonce []byte
	// Content is the canonical bytes of an open component, or the ciphertext of a sealed one.
	Content []byte
	// StatedLeaf is the leaf of components that are not open.
	StatedLeaf []byte
	// Seal is that of a sealed component.
	Seal *Seal
}

// Seal says how a component was encrypted.
type Seal struct{ KeyID, Algorithm []byte }

const (
	keyIDBytesMax        = 128
	algorithmBytesMax    = 32
	sealingOverheadBytes = canonical.HashBytes + 16 // nonce, and the cipher's tag
	ciphertextBytesMax   = sealingOverheadBytes + privateBytesMax
)

// Leaf is H(component ‖ nonce ‖ component).
func (c *Component) Leaf() (leaf canonical.Hash) {
	if c.Form == Open {
		return canonical.TagComponent.Hash(c.Nonce, c.Content)
	}
	copy(leaf[:], c.StatedLeaf)
	return leaf
}

func readComponent(r *canonical.Reader) (c Component) {
	r.Union()
	switch {
	case r.Variant("open", 2):
		r.Field("nonce")
		c.Nonce = r.Bytes(canonical.HashBytes, canonical.HashBytes)
		r.Field("component")
		c.Content = r.Bytes(1, privateBytesMax)
	case r.Variant("sealed", 4):
		c.Form, c.Seal = Sealed, &Seal{}
		r.Field("leaf")
		c.StatedLeaf = r.Bytes(canonical.HashBytes, canonical.HashBytes)
		r.Field("keyId")
		c.Seal.KeyID = r.Text(1, keyIDBytesMax)
		r.Field("algorithm")
		c.Seal.Algorithm = r.Text(1, algorithmBytesMax)
		r.Field("ciphertext")
		c.Content = r.Bytes(sealingOverheadBytes+1, ciphertextBytesMax)
	case r.Variant("hashed", 1):
		c.Form = Hashed
		r.Field("leaf")
		c.StatedLeaf = r.Bytes(canonical.HashBytes, canonical.HashBytes)
	default:
		r.NoVariant()
	}
	r.LeaveVariant()
	return c
}

func (c *Component) append(to []byte) []byte {
	switch c.Form {
	case Open:
		to = canonical.AppendVariant(to, "open", 2)
		to = canonical.AppendBytesField(to, "nonce", c.Nonce)
		return canonical.AppendBytesField(to, "component", c.Content)
	case Sealed:
		to = canonical.AppendVariant(to, "sealed", 4)
		to = canonical.AppendBytesField(to, "leaf", c.StatedLeaf)
		to = canonical.AppendTextField(to, "keyId", string(c.Seal.KeyID))
		to = canonical.AppendTextField(to, "algorithm", string(c.Seal.Algorithm))
		return canonical.AppendBytesField(to, "ciphertext", c.Content)
	default:
		to = canonical.AppendVariant(to, "hashed", 1)
		return canonical.AppendBytesField(to, "leaf", c.StatedLeaf)
	}
}

// contentBytes is how large the component is, whether one sees it or not.
func (c *Component) contentBytes() int {
	switch c.Form {
	case Open:
		return len(c.Content)
	case Sealed:
		return len(c.Content) - sealingOverheadBytes
	}
	return 0
}
