package canonical

import "encoding/binary"

const (
	majorUnsigned = 0
	majorBytes    = 2
	majorText     = 3
	majorList     = 4
	majorMap      = 5
	majorTag      = 6
	majorSimple   = 7
)

const (
	// depthMax is of lists, records and unions inside each other; a union counts twice.
	depthMax = 32
	// UintMax is the largest integer that a JavaScript number holds exactly.
	UintMax = 1<<53 - 1
)

// Reader takes items off the front of bytes. After the first fault every read gives nothing and
// moves nowhere, so that a decoder reads on and asks once, at its end. What it gives are views of
// the bytes.
type Reader struct {
	bytes []byte
	at    int
	depth int
	code  Code
}

// NewReader reads bytes that nobody changes meanwhile.
func NewReader(bytes []byte) Reader { return Reader{bytes: bytes} }

// Err is the first fault.
func (r *Reader) Err() error {
	if r.code == "" {
		return nil
	}
	return &Error{Code: r.code, Offset: r.at}
}

// End is the first fault, bytes behind the last item among them.
func (r *Reader) End() error {
	if r.code == "" && r.at < len(r.bytes) {
		r.code = TrailingBytes
	}
	return r.Err()
}

// Failed tells that there was a fault.
func (r *Reader) Failed() bool { return r.code != "" }

// Fail notes a fault of what stands here, unless there was one before.
func (r *Reader) Fail(code Code) {
	if r.code == "" {
		r.code = code
	}
}

// Offset is where the next item begins.
func (r *Reader) Offset() int { return r.at }

// Since gives the bytes from an offset to the next item.
func (r *Reader) Since(start int) []byte { return r.bytes[start:r.at:r.at] }

// Uint reads an integer that is not negative.
func (r *Reader) Uint(min, max uint64) uint64 {
	value := r.head(majorUnsigned)
	return r.within(value, min, max, OutOfRange)
}

// Bytes reads a byte string.
func (r *Reader) Bytes(min, max int) []byte { return r.span(majorBytes, min, max) }

// Hash reads a byte string of 32 bytes.
func (r *Reader) Hash() (hash Hash) {
	copy(hash[:], r.span(majorBytes, len(hash), len(hash)))
	return hash
}

// span reads the head and the content of a string.
func (r *Reader) span(major byte, min, max int) []byte {
	length := r.within(r.head(major), uint64(min), uint64(max), BadLength)
	if r.code == "" && length > uint64(len(r.bytes)-r.at) {
		r.code = Truncated
	}
	if r.code != "" {
		return nil
	}
	start := r.at
	r.at += int(length)
	return r.Since(start)
}

func (r *Reader) within(value, min, max uint64, code Code) uint64 {
	if r.code == "" && (value < min || value > max) {
		r.code = code
	}
	if r.code != "" {
		return 0
	}
	return value
}

// head reads the first bytes of an item of the major type and returns its argument.
func (r *Reader) head(major byte) uint64 {
	if r.code != "" {
		return 0
	}
	if r.at >= len(r.bytes) {
		r.code = Truncated
		return 0
	}
	initial := r.bytes[r.at]
	if initial>>5 != major {
		r.code = unexpected(initial, major)
		return 0
	}
	info := initial & 31
	if info < 24 {
		r.at++
		return uint64(info)
	}
	return r.longArgument(info)
}

func (r *Reader) longArgument(info byte) uint64 {
	if info > 27 {
		r.code = IndefiniteLength
		return 0
	}
	size := 1 << (info - 24)
	rest := r.bytes[r.at+1:]
	if len(rest) < size {
		r.code = Truncated
		return 0
	}
	var value, smallest uint64
	switch size {
	case 1:
		value, smallest = uint64(rest[0]), 24
	case 2:
		value, smallest = uint64(binary.BigEndian.Uint16(rest)), 1<<8
	case 4:
		value, smallest = uint64(binary.BigEndian.Uint32(rest)), 1<<16
	default:
		value, smallest = binary.BigEndian.Uint64(rest), 1<<32
	}
	if value < smallest {
		r.code = NonMinimalInteger
		return 0
	}
	r.at += 1 + size
	return value
}

// unexpected tells an item that never occurs from one that is only out of place; a negative integer
// where one from zero up belongs is of the right type.
func unexpected(initial, wanted byte) Code {
	const negative, no, yes = 1, 0xf4, 0xf5
	switch major := initial >> 5; {
	case major == majorTag, major == majorSimple && initial != no && initial != yes:
		return ForbiddenItem
	case major == negative && wanted == majorUnsigned:
		return OutOfRange
	}
	return WrongType
}
