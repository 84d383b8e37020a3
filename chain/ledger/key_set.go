package ledger

import "slices"

// KeySet is keys in their order, none twice.
type KeySet []PublicKey

// NewKeySet orders keys, which are the caller's no more.
func NewKeySet(keys []PublicKey) KeySet {
	slices.SortFunc(keys, func(a, b PublicKey) int { return a.Compare(&b) })
	return slices.Compact(keys)
}

// Has tells whether the key is in the set.
func (s KeySet) Has(key *PublicKey) bool {
	low, high := 0, len(s)
	for low < high {
		middle := (low + high) / 2
		switch order := s[middle].Compare(key); {
		case order == 0:
			return true
		case order < 0:
			low = middle + 1
		default:
			high = middle
		}
	}
	return false
}
