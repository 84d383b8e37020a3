package canonical

import "encoding/binary"

// Append functions add an item to bytes and return them, as those of the standard library do. They
// write what they are given: order and limits are the caller's.

// AppendUint adds an integer.
func AppendUint(to []byte, value uint64) []byte { return appendHead(to, majorUnsigned, value) }

// AppendBytes adds a byte string.
func AppendBytes(to, content []byte) []byte {
	return append(appendHead(to, majorBytes, uint64(len(content))), content...)
}

// AppendText adds text, and the names of fields and variants.
func AppendText(to []byte, text string) []byte {
	return append(appendHead(to, majorText, uint64(len(text))), text...)
}

// AppendList adds the head of a list.
func AppendList(to []byte, items int) []byte { return appendHead(to, majorList, uint64(items)) }

// AppendRecord adds the head of a record.
func AppendRecord(to []byte, fields int) []byte { return appendHead(to, majorMap, uint64(fields)) }

// AppendVariant adds the head and the name of a union, and the head of its variant's record.
func AppendVariant(to []byte, name string, fields int) []byte {
	return AppendRecord(AppendText(AppendRecord(to, 1), name), fields)
}

// AppendUintField adds a field's name and an integer.
func AppendUintField(to []byte, name string, value uint64) []byte {
	return AppendUint(AppendText(to, name), value)
}

// AppendBytesField adds a field's name and a byte string.
func AppendBytesField(to []byte, name string, content []byte) []byte {
	return AppendBytes(AppendText(to, name), content)
}

// AppendTextField adds a field's name and text.
func AppendTextField(to []byte, name, text string) []byte {
	return AppendText(AppendText(to, name), text)
}

func appendHead(to []byte, major byte, argument uint64) []byte {
	initial := major << 5
	switch {
	case argument < 24:
		return append(to, initial|byte(argument))
	case argument < 1<<8:
		return append(to, initial|24, byte(argument))
	case argument < 1<<16:
		return binary.BigEndian.AppendUint16(append(to, initial|25), uint16(argument))
	case argument < 1<<32:
		return binary.BigEndian.AppendUint32(append(to, initial|26), uint32(argument))
	}
	return binary.BigEndian.AppendUint64(append(to, initial|27), argument)
}
