package ledger

import "fmt"

// Fault is why a transaction, a proof or a receipt is refused.
type Fault struct {
	Code   string
	Detail string
}

func (f *Fault) Error() string { return f.Code + ": " + f.Detail }

// FaultCode is what codec.CodeOf asks for.
func (f *Fault) FaultCode() string { return f.Code }

func fault(code, format string, facts ...any) error {
	return &Fault{code, fmt.Sprintf(format, facts...)}
}
