package rules

import (
	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

const (
	signedBytesMax = 24 << 20
	headersMax     = 640
	openingsMax    = 1024
)

// Request is what a spender shows.
type Request struct {
	// Signed is a signed transaction as a tear-off.
	Signed []byte
	// Headers prove, for each input and then each reference, the header that the creating
	// transaction gave the state.
	Headers []ledger.ComponentProof
	// Openings open identity commitments in those headers.
	Openings []ledger.Opening
}

// DecodeRequest reads a request.
func DecodeRequest(shown []byte) (Request, error) {
	r := canonical.NewReader(shown)
	request := readRequest(&r)
	return request, r.End()
}

func readRequest(r *canonical.Reader) (q Request) {
	r.Record(3)
	r.Field("signed")
	q.Signed = r.Bytes(1, signedBytesMax)
	r.Field("headers")
	if count := r.List(0, headersMax); count > 0 {
		q.Headers = make([]ledger.ComponentProof, count)
	}
	for i := range q.Headers {
		if q.Headers[i] = ledger.ReadComponentProof(r); r.Failed() {
			break
		}
	}
	r.Leave()
	r.Field("openings")
	if count := r.List(0, openingsMax); count > 0 {
		q.Openings = make([]ledger.Opening, count)
	}
	for i := range q.Openings {
		if q.Openings[i] = ledger.ReadOpening(r); r.Failed() {
			break
		}
	}
	r.Leave()
	r.Leave()
	return q
}

// Append adds the request's encoding.
func (q *Request) Append(to []byte) []byte {
	to = canonical.AppendBytesField(canonical.AppendRecord(to, 3), "signed", q.Signed)
	to = canonical.AppendList(canonical.AppendText(to, "headers"), len(q.Headers))
	for i := range q.Headers {
		to = q.Headers[i].Append(to)
	}
	to = canonical.AppendList(canonical.AppendText(to, "openings"), len(q.Openings))
	for i := range q.Openings {
		to = q.Openings[i].Append(to)
	}
	return to
}
