package ledger

import (
	"fmt"

	"stateset.example/chain/canonical"
)

// Error is why a document is refused, under the code that the TypeScript ledger gives it.
type Error struct {
	Code   string
	Detail string
	// Found and Max are those of a document that is too large.
	Found, Max uint64
}

func (e *Error) Error() string { return e.Code + ": " + e.Detail }

// The codes of Error.
const (
	CodeTooLarge             = "tx/too-large"
	CodeMalformed            = "tx/malformed"
	CodeComponentCount       = "tx/component-count"
	CodeComponentMalformed   = "tx/component-malformed"
	CodeThresholdUnreachable = "keys/threshold-unreachable"
	CodeChildrenUnsorted     = "keys/children-unsorted"
	CodeTreeTooDeep          = "keys/tree-too-deep"
	CodeTooManyKeys          = "keys/too-many-keys"
)

func refuse(code, format string, facts ...any) error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, facts...)}
}

func tooLarge(found, max int) error {
	return &Error{
		Code: CodeTooLarge, Detail: fmt.Sprintf("%d bytes are more than %d", found, max),
		Found: uint64(found), Max: uint64(max),
	}
}

// decoded is the value that the whole of bytes stands for.
func decoded[T any](bytes []byte, code string, read func(*canonical.Reader) T) (value T, err error) {
	r := canonical.NewReader(bytes)
	value = read(&r)
	if err := r.End(); err != nil {
		return value, refuse(code, "%v", err)
	}
	return value, nil
}
