package canonical

import "strconv"

// Code says what is wrong with bytes, in the words of the TypeScript codec.
type Code string

// The codes of bytes that are refused.
const (
	Truncated           Code = "codec/truncated"
	TrailingBytes       Code = "codec/trailing-bytes"
	NonMinimalInteger   Code = "codec/non-minimal-integer"
	IndefiniteLength    Code = "codec/indefinite-length"
	ForbiddenItem       Code = "codec/forbidden-item"
	WrongType           Code = "codec/wrong-type"
	OutOfRange          Code = "codec/out-of-range"
	BadLength           Code = "codec/bad-length"
	TooDeep             Code = "codec/too-deep"
	InvalidUTF8         Code = "codec/invalid-utf8"
	UnassignedCharacter Code = "codec/unassigned-character"
	NotNFC              Code = "codec/not-nfc"
	NotListed           Code = "codec/not-listed"
	UnknownVariant      Code = "codec/unknown-variant"
	// MisplacedField stands for the codec's codes of unknown, missing, doubled and unsorted fields.
	MisplacedField Code = "codec/misplaced-field"
)

// Error is the first thing that is wrong with bytes, and where.
type Error struct {
	Code   Code
	Offset int
}

func (e *Error) Error() string {
	return string(e.Code) + " at byte " + strconv.Itoa(e.Offset)
}
