package ledger

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"stateset.example/chain/canonical"
)

type fakeEvidence struct {
	keys       KeySet
	identities []canonical.Hash
	age        int64
	err        error
}

func (e *fakeEvidence) AgeMs() int64                  { return e.age }
func (e *fakeEvidence) HasSigned(key *PublicKey) bool { return e.keys.Has(key) }
func (e *fakeEvidence) HasIdentitySigned(commitment canonical.Hash) (bool, error) {
	return slices.Contains(e.identities, commitment), e.err
}

func testKey(number byte) PublicKey {
	key, _ := NewPublicKey(Ed25519, bytes.Repeat([]byte{number}, 32))
	return key
}

func bareKey(number byte) Authority { return Authority{Kind: AuthorityKey, Key: testKey(number)} }

func identity(number byte) Authority {
	return Authority{Kind: AuthorityIdentity, Commitment: canonical.Hash{number}}
}

func after(delayMs uint64, authority Authority) Authority {
	return Authority{Kind: AuthorityAfter, DelayMs: delayMs, After: &authority}
}

func threshold(needed uint32, nodes ...Authority) Authority {
	a := Authority{Kind: AuthorityThreshold, Threshold: Threshold[Authority]{Needed: needed}}
	for _, node := range nodes {
		a.Threshold.Children = append(a.Threshold.Children, Child[Authority]{Weight: 1, Node: node})
	}
	return a
}

func asRead(t *testing.T, a Authority) Authority {
	t.Helper()
	encoded := a.append(nil)
	read, err := decoded(encoded, CodeMalformed, readAuthority)
	if err != nil || !bytes.Equal(read.append(nil), encoded) {
		t.Fatalf("%x is read otherwise (%v)", encoded, err)
	}
	return read
}

func TestAuthorityIsSatisfied(t *testing.T) {
	holder := threshold(1, bareKey(1), after(1000, identity(2)))
	both := threshold(2, bareKey(1), identity(2))
	for name, row := range map[string]struct {
		authority Authority
		evidence  fakeEvidence
		want      bool
	}{
		"nobody":                 {holder, fakeEvidence{}, false},
		"the one-time key":       {holder, fakeEvidence{keys: KeySet{testKey(1)}}, true},
		"another key":            {holder, fakeEvidence{keys: KeySet{testKey(3)}}, false},
		"the identity too early": {holder, fakeEvidence{identities: []canonical.Hash{{2}}, age: 999}, false},
		"the identity in time":   {holder, fakeEvidence{identities: []canonical.Hash{{2}}, age: 1000}, true},
		"another identity":       {holder, fakeEvidence{identities: []canonical.Hash{{3}}, age: 1000}, false},
		"one of two":             {both, fakeEvidence{keys: KeySet{testKey(1)}}, false},
		"two of two":             {both, fakeEvidence{keys: KeySet{testKey(1)}, identities: []canonical.Hash{{2}}}, true},
		"no delay before its time": {
			after(0, identity(2)), fakeEvidence{identities: []canonical.Hash{{2}}, age: -1}, false,
		},
	} {
		authority := asRead(t, row.authority)
		if found, err := authority.IsSatisfied(&row.evidence); found != row.want || err != nil {
			t.Errorf("%s: %v (%v)", name, found, err)
		}
	}
	failing := fakeEvidence{age: 1000, err: errors.New("no store")}
	if _, err := holder.IsSatisfied(&failing); err == nil {
		t.Error("an error is no answer")
	}
}

func TestAuthorityFault(t *testing.T) {
	six := identity(1)
	for range thresholdDepthMax {
		six = threshold(1, six)
	}
	for name, row := range map[string]struct {
		authority Authority
		code      string
	}{
		"an identity":                    {identity(1), ""},
		"a holder":                       {threshold(1, bareKey(1), after(9, identity(2))), ""},
		"a bare key":                     {bareKey(1), CodeMalformed},
		"a bare key later":               {after(9, bareKey(1)), CodeMalformed},
		"a bare key with an identity":    {threshold(2, bareKey(1), identity(2)), CodeMalformed},
		"unreachable":                    {threshold(3, bareKey(1), identity(2)), CodeThresholdUnreachable},
		"unsorted":                       {threshold(1, identity(2), bareKey(1)), CodeChildrenUnsorted},
		"twice":                          {threshold(1, identity(2), identity(2)), CodeChildrenUnsorted},
		"unsorted after a delay":         {after(9, threshold(1, identity(2), bareKey(1))), CodeChildrenUnsorted},
		"unreachable below a threshold":  {threshold(1, after(9, threshold(2, identity(1))), identity(1)), CodeThresholdUnreachable},
		"six thresholds":                 {six, ""},
		"seven thresholds":               {threshold(1, six), CodeTreeTooDeep},
		"six, and one after a delay":     {after(9, six), ""},
		"a delay between, counted anew":  {threshold(1, after(9, threshold(1, identity(1)))), ""},
		"a key, and what must have both": {threshold(1, bareKey(1), threshold(2, bareKey(1), identity(2))), CodeMalformed},
	} {
		authority := asRead(t, row.authority)
		if err := authority.Fault(); codeOf(err) != row.code {
			t.Errorf("%s: %v, not %q", name, err, row.code)
		}
	}
}

func TestAuthoritiesDeeperThanDocuments(t *testing.T) {
	deep := identity(1)
	for range 40 {
		deep = after(1, deep)
	}
	if _, err := decoded(deep.append(nil), CodeMalformed, readAuthority); codeOf(err) != CodeMalformed {
		t.Errorf("forty delays in one another: %v", err)
	}
}
