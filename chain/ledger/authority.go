package ledger

import "stateset.example/chain/canonical"

// AuthorityKind is what an authority is satisfied by.
type AuthorityKind uint8

// The kinds of authorities.
const (
	AuthorityKey AuthorityKind = iota
	AuthorityIdentity
	AuthorityAfter
	AuthorityThreshold
)

// Authority says who may spend a state, as its header shows it: a threshold tree over keys,
// committed identities, and authorities that begin to count some time after the state was created.
type Authority struct {
	Kind       AuthorityKind
	Key        PublicKey
	Commitment canonical.Hash
	DelayMs    uint64
	// After is the authority that counts after the delay.
	After     *Authority
	Threshold Threshold[Authority]
}

// Evidence is what a spender shows, and what the checker knows, when an authority is judged.
type Evidence interface {
	// HasSigned tells whether the key has a valid signature over the transaction.
	HasSigned(key *PublicKey) bool
	// HasIdentitySigned tells whether the commitment was opened, and the key that counts for its
	// identity now has signed.
	HasIdentitySigned(commitment canonical.Hash) (bool, error)
	// AgeMs is how long ago the state was created.
	AgeMs() int64
}

// IsSatisfied fails only where the evidence cannot be had.
func (a *Authority) IsSatisfied(evidence Evidence) (bool, error) {
	switch a.Kind {
	case AuthorityKey:
		return evidence.HasSigned(&a.Key), nil
	case AuthorityIdentity:
		return evidence.HasIdentitySigned(a.Commitment)
	case AuthorityAfter:
		if evidence.AgeMs() < int64(a.DelayMs) {
			return false, nil
		}
		return a.After.IsSatisfied(evidence)
	}
	weight := uint32(0)
	for i := range a.Threshold.Children {
		isHeld, err := a.Threshold.Children[i].Node.IsSatisfied(evidence)
		if err != nil {
			return false, err
		}
		if isHeld {
			weight += a.Threshold.Children[i].Weight
		}
	}
	return weight >= a.Threshold.Needed, nil
}

// Fault is why an authority must not stand in a header. Besides a malformed tree, one that cannot be
// satisfied without a bare key is refused: with that key lost, so would be the state.
func (a *Authority) Fault() error {
	if err := a.fault(0); err != nil {
		return err
	}
	if !a.isRecoverable() {
		return refuse(CodeMalformed, "only bare keys can satisfy it")
	}
	return nil
}

// fault counts the depth of thresholds afresh below each delay.
func (a *Authority) fault(depth int) error {
	switch a.Kind {
	case AuthorityAfter:
		return a.After.fault(0)
	case AuthorityThreshold:
		if err := a.Threshold.fault(depth); err != nil {
			return err
		}
		for i := range a.Threshold.Children {
			if err := a.Threshold.Children[i].Node.fault(depth + 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *Authority) isRecoverable() bool {
	switch a.Kind {
	case AuthorityIdentity:
		return true
	case AuthorityAfter:
		return a.After.isRecoverable()
	case AuthorityThreshold:
		weight := uint32(0)
		for i := range a.Threshold.Children {
			if a.Threshold.Children[i].Node.isRecoverable() {
				weight += a.Threshold.Children[i].Weight
			}
		}
		return weight >= a.Threshold.Needed
	}
	return false
}

func readAuthority(r *canonical.Reader) (a Authority) {
	r.Union()
	switch {
	case r.Variant("key", 1):
		r.Field("key")
		a.Key = readPublicKey(r)
	case r.Variant("identity", 1):
		a.Kind = AuthorityIdentity
		r.Field("commitment")
		a.Commitment = r.Hash()
	case r.Variant("after", 2):
		a.Kind = AuthorityAfter
		r.Field("delayMs")
		a.DelayMs = r.Uint(0, canonical.UintMax)
		r.Field("authority")
		after := readAuthority(r)
		a.After = &after
	case r.Variant("threshold", 2):
		a.Kind = AuthorityThreshold
		a.Threshold = readThreshold(r, readAuthority)
	default:
		r.NoVariant()
	}
	r.LeaveVariant()
	return a
}

func (a *Authority) append(to []byte) []byte {
	switch a.Kind {
	case AuthorityKey:
		return a.Key.append(canonical.AppendText(canonical.AppendVariant(to, "key", 1), "key"))
	case AuthorityIdentity:
		to = canonical.AppendVariant(to, "identity", 1)
		return canonical.AppendBytesField(to, "commitment", a.Commitment[:])
	case AuthorityAfter:
		to = canonical.AppendUintField(canonical.AppendVariant(to, "after", 2), "delayMs", a.DelayMs)
		return a.After.append(canonical.AppendText(to, "authority"))
	}
	return a.Threshold.append(to, func(to []byte, node *Authority) []byte { return node.append(to) })
}
