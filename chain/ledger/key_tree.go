package ledger

import "stateset.example/chain/canonical"

// keyTreeKeysMax is more than any board has, and few enough to look through for every signature.
const keyTreeKeysMax = 256

// KeyTree is a key, or a threshold over keys: what an organisation with several signers is known by.
type KeyTree struct {
	// Key is a single key; its scheme is zero where the tree is a threshold.
	Key       PublicKey
	Threshold Threshold[KeyTree]
}

// DecodeKeyTree reads a tree of good form.
func DecodeKeyTree(bytes []byte) (KeyTree, error) {
	tree, err := decoded(bytes, CodeMalformed, readKeyTree)
	if err != nil {
		return KeyTree{}, err
	}
	return tree, tree.Fault()
}

// SingleKey is the tree of one key.
func SingleKey(key PublicKey) KeyTree { return KeyTree{Key: key} }

// Append adds the tree's encoding.
func (t *KeyTree) Append(to []byte) []byte {
	if t.isKey() {
		return t.Key.append(to)
	}
	return t.Threshold.append(to, func(to []byte, node *KeyTree) []byte { return node.Append(to) })
}

// Fault is why a tree that was read must not be anybody's key: too large or deep, unreachable, or
// not in the one order.
func (t *KeyTree) Fault() error {
	if keys := t.countKeys(); keys > keyTreeKeysMax {
		return refuse(CodeTooManyKeys, "%d keys are more than %d", keys, keyTreeKeysMax)
	}
	return t.fault(0)
}

func (t *KeyTree) fault(depth int) error {
	if t.isKey() {
		return nil
	}
	if err := t.Threshold.fault(depth); err != nil {
		return err
	}
	for i := range t.Threshold.Children {
		if err := t.Threshold.Children[i].Node.fault(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

// IsSatisfied tells whether the keys that signed satisfy the tree.
func (t *KeyTree) IsSatisfied(signed KeySet) bool {
	if t.isKey() {
		return signed.Has(&t.Key)
	}
	weight := uint32(0)
	for i := range t.Threshold.Children {
		if t.Threshold.Children[i].Node.IsSatisfied(signed) {
			weight += t.Threshold.Children[i].Weight
		}
	}
	return weight >= t.Threshold.Needed
}

// Has tells whether the key is one of the tree's.
func (t *KeyTree) Has(key *PublicKey) bool {
	if t.isKey() {
		return t.Key == *key
	}
	for i := range t.Threshold.Children {
		if t.Threshold.Children[i].Node.Has(key) {
			return true
		}
	}
	return false
}

func (t *KeyTree) isKey() bool { return t.Key.scheme != 0 }

func (t *KeyTree) countKeys() int {
	if t.isKey() {
		return 1
	}
	keys := 0
	for i := range t.Threshold.Children {
		keys += t.Threshold.Children[i].Node.countKeys()
	}
	return keys
}

func readKeyTree(r *canonical.Reader) (t KeyTree) {
	r.Union()
	switch {
	case t.Key.readVariant(r, 1):
	case r.Variant("threshold", 2):
		t.Threshold = readThreshold(r, readKeyTree)
	default:
		r.NoVariant()
	}
	r.LeaveVariant()
	return t
}
