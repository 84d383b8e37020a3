package codec

import "fmt"

// Fault is why bytes or a value are refused; the codes are those of the TypeScript codec.
type Fault struct {
	Code   string
	Detail string
}

func (f *Fault) Error() string { return f.Code + ": " + f.Detail }

func fault(code, format string, facts ...any) error {
	return &Fault{Code: "codec/" + code, Detail: fmt.Sprintf(format, facts...)}
}

// CodeOf is the code of a refusal, or "" where there is none.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	if coded, ok := err.(interface{ FaultCode() string }); ok {
		return coded.FaultCode()
	}
	return "uncoded: " + err.Error()
}

// FaultCode is how CodeOf reads the code of any package's faults.
func (f *Fault) FaultCode() string { return f.Code }
