package codec

import (
	"encoding/binary"
	"math/big"
	"unicode/utf8"
)

const (
	majorUnsigned = iota
	majorNegative
	majorBytes
	majorText
	majorList
	majorMap
	majorTag
	majorSimple
)

const depthMax = 32

// reader takes CBOR items off the front of bytes and refuses all but their shortest form.
type reader struct {
	rest  []byte
	depth int
}

func (r *reader) enter() error {
	if r.depth++; r.depth > depthMax {
		return fault("too-deep", "more than %d containers", depthMax)
	}
	return nil
}

func (r *reader) leave() { r.depth-- }

// head reads the first bytes of an item of the major type and returns its argument.
func (r *reader) head(major byte) (uint64, error) {
	if len(r.rest) == 0 {
		return 0, fault("truncated", "an item is missing")
	}
	initial := r.rest[0]
	if initial>>5 != major {
		return 0, unexpected(initial)
	}
	r.rest = r.rest[1:]
	info := initial & 31
	if info < 24 {
		return uint64(info), nil
	}
	if info > 27 {
		return 0, fault("indefinite-length", "initial byte %#x", initial)
	}
	size := 1 << (info - 24)
	if len(r.rest) < size {
		return 0, fault("truncated", "an argument of %d bytes", size)
	}
	var wide [8]byte
	copy(wide[8-size:], r.rest)
	r.rest = r.rest[size:]
	argument := binary.BigEndian.Uint64(wide[:])
	smallest := map[int]uint64{1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}[size]
	if argument < smallest {
		return 0, fault("non-minimal-integer", "%d in %d bytes", argument, size)
	}
	return argument, nil
}

// unexpected tells an item that never occurs from one that is only out of place.
func unexpected(initial byte) error {
	isBool := initial == 0xf4 || initial == 0xf5
	if major := initial >> 5; major == majorTag || major == majorSimple && !isBool {
		return fault("forbidden-item", "initial byte %#x", initial)
	}
	return fault("wrong-type", "initial byte %#x", initial)
}

func (r *reader) bool() (bool, error) {
	if len(r.rest) == 0 {
		return false, fault("truncated", "a bool is missing")
	}
	initial := r.rest[0]
	if initial != 0xf4 && initial != 0xf5 {
		return false, unexpected(initial)
	}
	r.rest = r.rest[1:]
	return initial == 0xf5, nil
}

func (r *reader) integer(min, max *big.Int) (*big.Int, error) {
	isNegative := len(r.rest) > 0 && r.rest[0]>>5 == majorNegative
	major := byte(majorUnsigned)
	if isNegative {
		major = majorNegative
	}
	argument, err := r.head(major)
	if err != nil {
		return nil, err
	}
	value := new(big.Int).SetUint64(argument)
	if isNegative {
		value.Not(value) // -1 - argument
	}
	return value, checkRange(value, min, max)
}

// span reads the head and the content of a byte string or a text.
func (r *reader) span(major byte, min, max uint64) ([]byte, error) {
	length, err := r.length(major, min, max)
	if err != nil {
		return nil, err
	}
	if length > uint64(len(r.rest)) {
		return nil, fault("truncated", "%d bytes of %d", len(r.rest), length)
	}
	content := r.rest[:length]
	r.rest = r.rest[length:]
	return content, nil
}

func (r *reader) length(major byte, min, max uint64) (uint64, error) {
	length, err := r.head(major)
	if err == nil && (length < min || length > max) {
		err = fault("bad-length", "%d is not in %d to %d", length, min, max)
	}
	return length, err
}

func (r *reader) text(min, max uint64) (string, error) {
	content, err := r.span(majorText, min, max)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(content) {
		return "", fault("invalid-utf8", "%x", content)
	}
	return string(content), checkNFC(string(content))
}

func checkNFC(text string) error {
	if r, found := FirstUnassigned(text); found {
		return fault("unassigned-character", "%U", r)
	}
	if !IsNFC(text) {
		return fault("not-nfc", "%q", text)
	}
	return nil
}

func checkRange(value, min, max *big.Int) error {
	if value.Cmp(min) < 0 || value.Cmp(max) > 0 {
		return fault("out-of-range", "%s is not in %s to %s", value, min, max)
	}
	return nil
}
