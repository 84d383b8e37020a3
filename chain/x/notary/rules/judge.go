package rules

import (
	"bytes"
	"slices"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

// View is what was notarised before this request, earlier in its block too, and who is who now.
// States are numbered: inputs, and then references.
type View interface {
	// BlockTime is in milliseconds since 1970, not before that of the block before.
	BlockTime() uint64
	// CreatedAt is the block time of the transaction that created a state, if it was notarised here.
	CreatedAt(state int) (ms uint64, found bool, err error)
	// Consumed is who consumed a state.
	Consumed(state int) (by Taken, found bool, err error)
	// UniqueKey is who has a unique key.
	UniqueKey(encoded []byte) (by Taken, found bool, err error)
	// IdentityKey is the key that counts for an identity now.
	IdentityKey(identity canonical.Hash) (key *ledger.KeyTree, found bool, err error)
}

// Taken is who consumed a state or has a unique key: the transaction's leaf in its block, and the
// block's time.
type Taken struct {
	By canonical.Hash
	At uint64
}

// Judge gives the first fault that the request has by what was notarised before. Whatever tells of
// others' transactions comes after all authorities, so that who merely knows a reference learns
// nothing of it.
func Judge(c *Checked, view View) (*Fault, error) {
	for _, check := range [...]func(*Checked, View) (*Fault, error){
		checkAuthorities, checkOwners, checkTime, checkConflict, checkUniqueKeys,
	} {
		if fault, err := check(c, view); fault != nil || err != nil {
			return fault, err
		}
	}
	return nil, nil
}

// checkAuthorities asks of all states first that they were created here.
func checkAuthorities(c *Checked, view View) (*Fault, error) {
	createdAt := make([]uint64, c.StateCount())
	for i := range createdAt {
		at, found, err := view.CreatedAt(i)
		if err != nil {
			return nil, err
		}
		if !found {
			const reason = "the transaction was not notarised here"
			return &Fault{Code: HeaderUnproven, Ref: c.State(i).Ref.String(), Reason: reason}, nil
		}
		createdAt[i] = at
	}
	evidence := evidence{checked: c, view: view}
	for i := range c.Inputs {
		evidence.ageMs = int64(view.BlockTime()) - int64(createdAt[i])
		isSatisfied, err := c.Inputs[i].header.Authority.IsSatisfied(&evidence)
		if err != nil {
			return nil, err
		}
		if !isSatisfied {
			return &Fault{Code: AuthorityUnsatisfied, Ref: c.Inputs[i].Ref.String()}, nil
		}
	}
	return nil, nil
}

func checkOwners(c *Checked, view View) (*Fault, error) {
	for i := range c.UniqueKeys {
		key := &c.UniqueKeys[i]
		hasSigned, err := hasIdentitySigned(c, view, key.Owner)
		if err != nil {
			return nil, err
		}
		if !hasSigned {
			return &Fault{Code: OwnerMissing, KeyKind: key.Kind, Owner: key.Owner}, nil
		}
	}
	return nil, nil
}

func checkTime(c *Checked, view View) (*Fault, error) {
	if c.Window.Contains(view.BlockTime()) {
		return nil, nil
	}
	return &Fault{Code: OutsideTimeWindow, BlockTime: view.BlockTime(), Window: c.Window}, nil
}

func checkConflict(c *Checked, view View) (*Fault, error) {
	var consumed []ConsumedBy
	for i := range c.StateCount() {
		by, found, err := view.Consumed(i)
		if err != nil {
			return nil, err
		}
		if found {
			consumed = append(consumed, ConsumedBy{Ref: c.State(i).Ref.String(), By: by.By, At: by.At})
		}
	}
	if len(consumed) == 0 {
		return nil, nil
	}
	return &Fault{Code: Conflict, Consumed: consumed}, nil
}

func checkUniqueKeys(c *Checked, view View) (*Fault, error) {
	for i := range c.UniqueKeys {
		key := &c.UniqueKeys[i]
		by, found, err := view.UniqueKey(key.Encoded)
		if err != nil {
			return nil, err
		}
		if found {
			return &Fault{Code: UniqueKeyTaken, KeyKind: key.Kind, Value: key.Value, By: by.By, At: by.At}, nil
		}
	}
	return nil, nil
}

// evidence is what an authority is judged by.
type evidence struct {
	checked *Checked
	view    View
	ageMs   int64
	// answers are of openings that were asked about: a header may name one again and again.
	answers []answer
}

type answer uint8

const (
	notAsked answer = iota
	hasNotSigned
	hasSigned
)

func (e *evidence) AgeMs() int64 { return e.ageMs }

func (e *evidence) HasSigned(key *ledger.PublicKey) bool { return e.checked.signed.Has(key) }

func (e *evidence) HasIdentitySigned(commitment canonical.Hash) (bool, error) {
	at, found := slices.BinarySearchFunc(e.checked.openings, commitment, func(o opened, commitment canonical.Hash) int {
		return bytes.Compare(o.commitment[:], commitment[:])
	})
	if !found {
		return false, nil
	}
	if e.answers == nil {
		e.answers = make([]answer, len(e.checked.openings))
	}
	if e.answers[at] == notAsked {
		isSigned, err := hasIdentitySigned(e.checked, e.view, e.checked.openings[at].identity)
		if err != nil {
			return false, err
		}
		e.answers[at] = hasNotSigned
		if isSigned {
			e.answers[at] = hasSigned
		}
	}
	return e.answers[at] == hasSigned, nil
}

func hasIdentitySigned(c *Checked, view View, identity canonical.Hash) (bool, error) {
	key, found, err := view.IdentityKey(identity)
	if err != nil || !found {
		return false, err
	}
	return key.IsSatisfied(c.signed), nil
}

// StateCount is how many states there are, inputs and then references.
func (c *Checked) StateCount() int { return len(c.Inputs) + len(c.References) }

// State is the state of that number, as a View is asked about it.
func (c *Checked) State(i int) *State {
	if i < len(c.Inputs) {
		return &c.Inputs[i]
	}
	return &c.References[i-len(c.Inputs)]
}
