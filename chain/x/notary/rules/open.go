package rules

import (
	"bytes"
	"errors"
	"fmt"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

const (
	// tearOffBytesMax is of a tear-off of the largest transaction that is of use, with room: 512
	// inputs and as many headers of two leaves are under 300 KB.
	tearOffBytesMax = 2 << 20
	// proofsBytesMax is of headers: 640 of two leaves are under 200 KB, and each leaf more costs its
	// judging.
	proofsBytesMax = 1 << 20
)

// Opened is a transaction as a notary sees it, read but not judged.
type Opened struct {
	ID               canonical.Hash
	Contents         *ledger.Contents
	OutputCount      int
	InstructionCount int

	request Request
	signed  *ledger.SignedTransaction
	size    int
}

// Cost is what a request costs to check, known once it is opened, so that a caller can ask for it
// before it spends it.
type Cost struct {
	// Bytes are those of the request, which are read and hashed.
	Bytes int
	// Ed25519 and P256 are how many single signatures there are to verify.
	Ed25519, P256 int
	// States are those to prove and to look up, inputs and references.
	States int
	// UniqueKeys are to be looked up, Openings to be hashed.
	UniqueKeys, Openings int
}

// Open reads what was shown: no less than the notary must see, and no more. A validating notary
// sees all groups but private.
func Open(shown []byte, validating bool) (*Opened, *Fault) {
	request, err := DecodeRequest(shown)
	if err != nil {
		return nil, malformed(err.Error())
	}
	if fault := checkSizes(&request, validating); fault != nil {
		return nil, fault
	}
	signed, err := ledger.DecodeSignedTransaction(request.Signed)
	if err != nil {
		return nil, faultOf(err)
	}
	if fault := checkShown(signed.Transaction, validating); fault != nil {
		return nil, fault
	}
	return &Opened{
		ID:               signed.Transaction.ID(),
		Contents:         signed.Transaction.Contents(),
		OutputCount:      signed.Transaction.Group(ledger.GroupOutputs).Size(),
		InstructionCount: signed.Transaction.Group(ledger.GroupInstructions).Size(),
		request:          request,
		signed:           signed,
		size:             len(shown),
	}, nil
}

// Cost is what Check and Judge have to do.
func (o *Opened) Cost() Cost {
	ed25519, p256 := o.signed.CountKeys()
	return Cost{
		Bytes: o.size, Ed25519: ed25519, P256: p256,
		States:     len(o.Contents.Inputs) + len(o.Contents.References),
		UniqueKeys: len(o.Contents.UniqueKeys),
		Openings:   len(o.request.Openings),
	}
}

func checkSizes(request *Request, validating bool) *Fault {
	// A whole transaction has the ledger's own limit, which is checked where it is read.
	if size := len(request.Signed); !validating && size > tearOffBytesMax {
		return NewTooLarge("tear-off", uint64(size), tearOffBytesMax)
	}
	proofs := 0
	for i := range request.Headers {
		proofs += len(request.Headers[i].Component)
	}
	if proofs > proofsBytesMax {
		return NewTooLarge("headers", uint64(proofs), proofsBytesMax)
	}
	return nil
}

func checkShown(transaction *ledger.Transaction, validating bool) *Fault {
	for number := ledger.Group(0); number < ledger.GroupCount; number++ {
		group := transaction.Group(number)
		mustBeListed := number.IsNotarys()
		if validating {
			mustBeListed = number != ledger.GroupPrivate
		}
		if group.IsListed && !mustBeListed {
			return malformed(fmt.Sprintf("group %v is not for this notary to see: close it", number))
		}
		if !group.IsListed && mustBeListed {
			return malformed(fmt.Sprintf("group %v is closed", number))
		}
		if number.IsNotarys() && !group.IsOpen() {
			return malformed(fmt.Sprintf("group %v is not open", number))
		}
		if at := unsortedAt(number, group); at > 0 {
			return malformed(fmt.Sprintf("group %v is not sorted at %d", number, at))
		}
	}
	return nil
}

// unsortedAt is where a set leaves the one order that sets have, that of their bytes, so that equal
// sets have equal ids.
func unsortedAt(number ledger.Group, group *ledger.ComponentGroup) int {
	if !number.IsSet() {
		return 0
	}
	for i := 1; i < len(group.Components); i++ {
		if bytes.Compare(group.Components[i-1].Content, group.Components[i].Content) >= 0 {
			return i
		}
	}
	return 0
}

func faultOf(err error) *Fault {
	var refusal *ledger.Error
	if errors.As(err, &refusal) && refusal.Code == ledger.CodeTooLarge {
		return NewTooLarge("transaction", refusal.Found, refusal.Max)
	}
	return malformed(err.Error())
}
