package rules_test

import (
	"crypto/ed25519"
	"errors"
	"testing"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
	"stateset.example/chain/x/notary/rules"
	"stateset.example/chain/x/notary/rules/rulestest"
)

var (
	alice    = rulestest.Key("alice")
	acme     = rulestest.Key("acme")
	opening  = ledger.Opening{Identity: rulestest.Hash("acme"), Blinding: rulestest.Hash("blinding")}
	standing = rules.Standing{
		Network: rulestest.Hash("network"), Notary: rulestest.Hash("notary"), Parameters: rulestest.Hash("parameters"),
	}
)

const delayMs = 1000

func header() ledger.Header {
	return ledger.Header{
		Notary:    standing.Notary,
		Authority: rulestest.Holder(rulestest.Public(alice), opening, delayMs),
	}
}

func draft() rulestest.Draft {
	return rulestest.Draft{Network: standing.Network, Notary: standing.Notary, Parameters: standing.Parameters}
}

func issued(salt string) []rulestest.Created {
	issuance := draft()
	issuance.Salt, issuance.Outputs = salt, []ledger.Header{header()}
	return rulestest.OutputsOf(issuance.Transaction())
}

// payment spends one state that alice holds.
func payment() rulestest.Draft {
	payment := draft()
	payment.Inputs = issued("issuance")
	payment.Outputs = []ledger.Header{header()}
	payment.Signers = []ed25519.PrivateKey{alice}
	return payment
}

// world is a view in which all was created at 0 and nothing is taken, unless it says otherwise.
type world struct {
	time                              uint64
	isStrange                         bool
	failing                           string
	identities                        int
	consumed, uniqueKey               rules.Taken
	isConsumed, isUniqueKeyTaken      bool
	created, consumedAsked, keysAsked int
}

var errStore = errors.New("no store")

func (w *world) err(of string) error {
	if w.failing == of {
		return errStore
	}
	return nil
}

func (w *world) BlockTime() uint64 { return w.time }
func (w *world) CreatedAt(int) (uint64, bool, error) {
	w.created++
	return 0, !w.isStrange, w.err("created")
}
func (w *world) Consumed(int) (rules.Taken, bool, error) {
	w.consumedAsked++
	return w.consumed, w.isConsumed, w.err("consumed")
}
func (w *world) UniqueKey([]byte) (rules.Taken, bool, error) {
	w.keysAsked++
	return w.uniqueKey, w.isUniqueKeyTaken, w.err("uniqueKey")
}
func (w *world) IdentityKey(canonical.Hash) (*ledger.KeyTree, bool, error) {
	w.identities++
	key := ledger.SingleKey(rulestest.Public(acme))
	return &key, true, w.err("identity")
}

func check(t testing.TB, request rules.Request) *rules.Checked {
	t.Helper()
	opened, fault := rules.Open(request.Append(nil), false)
	if fault != nil {
		t.Fatalf("opened: %+v", fault)
	}
	checked, fault := rules.Check(opened, standing)
	if fault != nil {
		t.Fatalf("checked: %+v", fault)
	}
	return checked
}

func TestPayment(t *testing.T) {
	request := payment().Request()
	checked := check(t, request)
	if fault, err := rules.Judge(checked, &world{}); fault != nil || err != nil {
		t.Errorf("%+v (%v)", fault, err)
	}
	id := payment().Transaction().ID()
	if checked.ID != id || checked.Leaf != ledger.BlockLeaf(id) {
		t.Errorf("id %x", checked.ID)
	}
	want := rules.Cost{Bytes: len(request.Append(nil)), Ed25519: 1, States: 1}
	if checked.Cost != want {
		t.Errorf("costs %+v, not %+v", checked.Cost, want)
	}
}

func TestErrorsOfTheStoreAreNoFaults(t *testing.T) {
	claim := payment()
	claim.Openings = []ledger.Opening{opening}
	claim.Signers = []ed25519.PrivateKey{acme}
	claim.UniqueKeys = []ledger.UniqueKey{{Kind: "invoice", Owner: opening.Identity}}
	checked := check(t, claim.Request())
	for _, failing := range []string{"created", "identity", "consumed", "uniqueKey"} {
		fault, err := rules.Judge(checked, &world{time: delayMs, failing: failing})
		if fault != nil || !errors.Is(err, errStore) {
			t.Errorf("%s: %+v (%v)", failing, fault, err)
		}
	}
	if fault, err := rules.Judge(checked, &world{time: delayMs}); fault != nil || err != nil {
		t.Errorf("%+v (%v)", fault, err)
	}
}

// Who merely knows a reference learns nothing of it.
func TestStrangersLearnNothing(t *testing.T) {
	stolen := payment()
	stolen.Signers = []ed25519.PrivateKey{rulestest.Key("mallory")}
	view := &world{isConsumed: true}
	fault, err := rules.Judge(check(t, stolen.Request()), view)
	if err != nil || fault == nil || fault.Code != rules.AuthorityUnsatisfied || view.consumedAsked > 0 {
		t.Errorf("%+v after %d questions (%v)", fault, view.consumedAsked, err)
	}
}

// An authority may name a commitment again and again; each identity is looked up once.
func TestIdentitiesAreLookedUpOnce(t *testing.T) {
	identity := ledger.Authority{Kind: ledger.AuthorityIdentity, Commitment: opening.Commitment()}
	many := ledger.Authority{Kind: ledger.AuthorityThreshold, Threshold: ledger.Threshold[ledger.Authority]{Needed: 1}}
	for delay := range uint64(32) {
		after := ledger.Authority{Kind: ledger.AuthorityAfter, DelayMs: delay, After: &identity}
		many.Threshold.Children = append(many.Threshold.Children, ledger.Child[ledger.Authority]{Weight: 1, Node: after})
	}
	issuance := draft()
	issuance.Outputs = []ledger.Header{{Notary: standing.Notary, Authority: many}}
	spend := payment()
	spend.Inputs = rulestest.OutputsOf(issuance.Transaction())
	spend.Openings = []ledger.Opening{opening, opening}
	spend.Signers = []ed25519.PrivateKey{acme}
	view := &world{time: 100}
	if fault, err := rules.Judge(check(t, spend.Request()), view); fault != nil || err != nil || view.identities != 1 {
		t.Errorf("%+v after %d questions (%v)", fault, view.identities, err)
	}
}

func TestValidatingNotary(t *testing.T) {
	whole := payment().Transaction()
	isShown := func(group ledger.Group) bool { return group != ledger.GroupPrivate }
	for name, row := range map[string]struct {
		tearOff    *ledger.Transaction
		validating bool
		want       rules.Code
	}{
		"all but private":            {whole.TearOff(isShown), true, ""},
		"private too":                {whole, true, rules.Malformed},
		"what others see":            {whole.TearOff(ledger.Group.IsNotarys), true, rules.Malformed},
		"what validating ones see":   {whole.TearOff(isShown), false, rules.Malformed},
		"what others see, to others": {whole.TearOff(ledger.Group.IsNotarys), false, ""},
	} {
		request := payment().RequestFor(row.tearOff)
		_, fault := rules.Open(request.Append(nil), row.validating)
		if (row.want == "") != (fault == nil) || fault != nil && fault.Code != row.want {
			t.Errorf("%s: %+v", name, fault)
		}
	}
}

func TestSizes(t *testing.T) {
	request := payment().Request()
	request.Signed = make([]byte, 2<<20+1)
	_, fault := rules.Open(request.Append(nil), false)
	if fault == nil || fault.Code != rules.TooLarge || fault.What != "tear-off" || fault.Found != 2<<20+1 || fault.Max != 2<<20 {
		t.Errorf("a tear-off of more than 2 MiB: %+v", fault)
	}
	if _, fault := rules.Open(request.Append(nil), true); fault == nil || fault.Code != rules.Malformed {
		t.Errorf("the same of a whole transaction: %+v", fault)
	}
	request = payment().Request()
	request.Headers[0].Component = make([]byte, 1<<20)
	request.Headers = append(request.Headers, request.Headers[0])
	_, fault = rules.Open(request.Append(nil), false)
	if fault == nil || fault.Code != rules.TooLarge || fault.What != "headers" || fault.Found != 2<<20 {
		t.Errorf("headers of 2 MiB: %+v", fault)
	}
}

// encumbered is an issuance whose outputs all stand in one set.
func encumbered(count int) rulestest.Draft {
	set := make([]uint16, count)
	for i := range set {
		set[i] = uint16(i)
	}
	issuance := draft()
	for range count {
		each := header()
		each.EncumbranceSet = set
		issuance.Outputs = append(issuance.Outputs, each)
	}
	return issuance
}

func TestLargeEncumbranceSet(t *testing.T) {
	largest := encumbered(512)
	if fault := openAndCheck(largest.Request()); fault != nil {
		t.Errorf("%+v", fault)
	}
	largest.Outputs[300].EncumbranceSet = largest.Outputs[0].EncumbranceSet[:301]
	if fault := openAndCheck(largest.Request()); fault == nil || fault.Code != rules.Malformed {
		t.Errorf("one names another set: %+v", fault)
	}
	spend := payment()
	spend.Inputs = rulestest.OutputsOf(encumbered(100).Transaction())
	if fault := openAndCheck(spend.Request()); fault != nil {
		t.Errorf("%+v", fault)
	}
	spend.Inputs = spend.Inputs[:99]
	fault := openAndCheck(spend.Request())
	if fault == nil || fault.Code != rules.EncumbranceBroken || fault.Ref != spend.Inputs[0].Ref.String() {
		t.Errorf("one is missing: %+v", fault)
	}
}

// The set is of one transaction: another's output of the same number does not stand in for it.
func TestEncumbranceIsOfOneTransaction(t *testing.T) {
	other := encumbered(2)
	other.Salt = "other"
	spend := payment()
	one, two := rulestest.OutputsOf(encumbered(2).Transaction()), rulestest.OutputsOf(other.Transaction())
	spend.Inputs = []rulestest.Created{one[0], two[1]}
	if fault := openAndCheck(spend.Request()); fault == nil || fault.Code != rules.EncumbranceBroken {
		t.Errorf("halves of two sets: %+v", fault)
	}
	spend.Inputs = append(one, two...)
	if fault := openAndCheck(spend.Request()); fault != nil {
		t.Errorf("two sets: %+v", fault)
	}
}

func TestNoParametersBefore(t *testing.T) {
	nameless := payment()
	nameless.Parameters = canonical.Hash{}
	if fault := openAndCheck(nameless.Request()); fault == nil || fault.Code != rules.WrongParameters {
		t.Errorf("the hash of what there never was: %+v", fault)
	}
}

func openAndCheck(request rules.Request) *rules.Fault {
	opened, fault := rules.Open(request.Append(nil), false)
	if fault != nil {
		return fault
	}
	_, fault = rules.Check(opened, standing)
	return fault
}

func BenchmarkOpenAndCheck(b *testing.B) {
	request := payment().Request()
	shown := request.Append(nil)
	b.ReportAllocs()
	b.ReportMetric(float64(len(shown)), "bytes/request")
	for b.Loop() {
		opened, fault := rules.Open(shown, false)
		if fault == nil {
			_, fault = rules.Check(opened, standing)
		}
		if fault != nil {
			b.Fatal(fault)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	request := payment().Request()
	shown := request.Append(nil)
	b.ReportAllocs()
	for b.Loop() {
		rules.Open(shown, false)
	}
}

func BenchmarkJudge(b *testing.B) {
	checked := check(b, payment().Request())
	view := &world{}
	b.ReportAllocs()
	for b.Loop() {
		if fault, err := rules.Judge(checked, view); fault != nil || err != nil {
			b.Fatal(fault, err)
		}
	}
}

func BenchmarkSignature(b *testing.B) {
	message := rulestest.Hash("message")
	signature := ed25519.Sign(alice, message[:])
	public := alice.Public().(ed25519.PublicKey)
	b.ReportAllocs()
	for b.Loop() {
		ed25519.Verify(public, message[:], signature)
	}
}
