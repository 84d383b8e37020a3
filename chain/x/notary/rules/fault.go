package rules

import (
	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

// Code is why a request is refused. Codes are stable; docs/spec/errors.md lists them.
type Code string

// The codes of the checks.
const (
	Malformed               Code = "notary/malformed"
	WrongNetwork            Code = "notary/wrong-network"
	WrongNotary             Code = "notary/wrong-notary"
	WrongParameters         Code = "notary/wrong-parameters"
	SignatureInvalid        Code = "notary/signature-invalid"
	HeaderUnproven          Code = "notary/header-unproven"
	AuthorityUnsatisfied    Code = "notary/authority-unsatisfied"
	EncumbranceBroken       Code = "notary/encumbrance-broken"
	OwnerMissing            Code = "notary/owner-missing"
	OutsideTimeWindow       Code = "notary/outside-time-window"
	Conflict                Code = "notary/conflict"
	UniqueKeyTaken          Code = "notary/unique-key-taken"
	InstructionsUnsupported Code = "notary/instructions-unsupported"
	TooLarge                Code = "notary/too-large"
	// Overloaded is not a rule's: who judges may be asked too much.
	Overloaded Code = "notary/overloaded"
)

// Fault is why a request is refused, with the facts that its code has; others are empty.
type Fault struct {
	Code Code
	// Reason is of malformed and header-unproven.
	Reason string
	// Ref is the state that it is about, and Missing what should be consumed with it.
	Ref, Missing string
	// What is too large: Found, and not up to Max.
	What       string
	Found, Max uint64
	// Index is of the signature that is not valid.
	Index uint64
	// Expected and Named are what a request names otherwise than it must.
	Expected, Named canonical.Hash
	// KeyKind, Owner and Value are of a unique key, By and At of who has it.
	KeyKind          string
	Owner, Value, By canonical.Hash
	At               uint64
	BlockTime        uint64
	Window           ledger.TimeWindow
	Consumed         []ConsumedBy
	// RetryAfterMs is of overloaded.
	RetryAfterMs uint64
}

// ConsumedBy is who consumed a state: the leaf of the transaction in its block, so that only who
// knows it sees it.
type ConsumedBy struct {
	Ref string
	By  canonical.Hash
	At  uint64
}

// Encode gives the canonical bytes of the fault, as an answer holds it.
func (f *Fault) Encode() []byte { return f.Append(nil) }

// Append adds the fault's encoding.
func (f *Fault) Append(to []byte) []byte {
	begin := func(fields int) []byte { return canonical.AppendVariant(to, string(f.Code), fields) }
	switch f.Code {
	case Malformed:
		return canonical.AppendTextField(begin(1), "reason", f.Reason)
	case WrongNetwork, WrongNotary, WrongParameters:
		to = canonical.AppendBytesField(begin(2), "found", f.Named[:])
		return canonical.AppendBytesField(to, "expected", f.Expected[:])
	case SignatureInvalid:
		return canonical.AppendUintField(begin(1), "index", f.Index)
	case HeaderUnproven:
		to = canonical.AppendTextField(begin(2), "ref", f.Ref)
		return canonical.AppendTextField(to, "reason", f.Reason)
	case AuthorityUnsatisfied:
		return canonical.AppendTextField(begin(1), "ref", f.Ref)
	case EncumbranceBroken:
		to = canonical.AppendTextField(begin(2), "ref", f.Ref)
		return canonical.AppendTextField(to, "missing", f.Missing)
	case OwnerMissing:
		to = canonical.AppendBytesField(begin(2), "owner", f.Owner[:])
		return canonical.AppendTextField(to, "keyKind", f.KeyKind)
	case OutsideTimeWindow:
		to = f.Window.AppendFields(begin(1 + f.Window.Fields()))
		return canonical.AppendUintField(to, "blockTime", f.BlockTime)
	case Conflict:
		return f.appendConsumed(begin(1))
	case UniqueKeyTaken:
		to = canonical.AppendUintField(begin(4), "at", f.At)
		to = canonical.AppendBytesField(to, "by", f.By[:])
		to = canonical.AppendBytesField(to, "value", f.Value[:])
		return canonical.AppendTextField(to, "keyKind", f.KeyKind)
	case TooLarge:
		to = canonical.AppendUintField(begin(3), "max", f.Max)
		to = canonical.AppendTextField(to, "what", f.What)
		return canonical.AppendUintField(to, "found", f.Found)
	case Overloaded:
		return canonical.AppendUintField(begin(1), "retryAfterMs", f.RetryAfterMs)
	}
	return begin(0)
}

func (f *Fault) appendConsumed(to []byte) []byte {
	to = canonical.AppendList(canonical.AppendText(to, "consumed"), len(f.Consumed))
	for _, state := range f.Consumed {
		to = canonical.AppendUintField(canonical.AppendRecord(to, 3), "at", state.At)
		to = canonical.AppendBytesField(to, "by", state.By[:])
		to = canonical.AppendTextField(to, "ref", state.Ref)
	}
	return to
}

func malformed(reason string) *Fault { return &Fault{Code: Malformed, Reason: asReason(reason)} }

// NewTooLarge says that something has more than it may.
func NewTooLarge(what string, found, max uint64) *Fault {
	return &Fault{Code: TooLarge, What: what, Found: found, Max: max}
}

const reasonBytesMax = 512

// asReason is a reason as it may stand in an answer. Messages quote what strangers sent, which need
// not be text that canonical bytes admit.
func asReason(message string) string {
	printable := []byte(message[:min(len(message), reasonBytesMax)])
	for i, character := range printable {
		if character < 0x20 || character > 0x7e {
			printable[i] = '?'
		}
	}
	return string(printable)
}
