package rules

import (
	"bytes"
	"testing"

	"stateset.example/chain/canonical"
)

// FuzzRequest holds that every request has an answer, that the answer is canonical, and that what is
// accepted is what would be written.
func FuzzRequest(f *testing.F) {
	rows := loadRows(f)
	for i := range rows {
		f.Add([]byte(rows[i].Shown))
	}
	standing := Standing{
		Network:    canonical.Hash(rows[0].Standing.Network),
		Notary:     canonical.Hash(rows[0].Standing.Notary),
		Parameters: canonical.Hash(rows[0].Standing.Parameters[0]),
	}
	f.Fuzz(func(t *testing.T, shown []byte) {
		given := bytes.Clone(shown)
		opened, fault := Open(shown, false)
		if fault != nil {
			checkCanonical(t, fault)
			return
		}
		if !bytes.Equal(opened.request.Append(nil), given) || !bytes.Equal(opened.signed.Append(nil), opened.request.Signed) {
			t.Error("written otherwise")
		}
		checked, fault := Check(opened, standing)
		if fault == nil {
			var err error
			if fault, err = Judge(checked, &vectorView{}); err == nil && checked.StateCount() > 0 {
				t.Error("judged without a view")
			}
		}
		if fault != nil {
			checkCanonical(t, fault)
		}
		if !bytes.Equal(shown, given) {
			t.Error("the request was altered")
		}
	})
}

// checkCanonical holds that a fault is a union of one known code, with nothing behind it.
func checkCanonical(t *testing.T, fault *Fault) {
	t.Helper()
	encoded := fault.Encode()
	if len(encoded) < 2 || encoded[0] != 0xa1 || !bytes.HasPrefix([]byte(fault.Code), []byte("notary/")) {
		t.Errorf("%x", encoded)
	}
	if len(fault.Reason) > reasonBytesMax {
		t.Errorf("a reason of %d bytes", len(fault.Reason))
	}
}
