package codec

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math/big"
)

// Encode writes a value, in the form that Decode gives, as its one encoding.
func Encode(schema *Schema, value any) ([]byte, error) {
	w := &writer{}
	err := w.value(schema, value)
	return w.bytes, err
}

type writer struct {
	bytes []byte
	depth int
}

// container writes the head of a list or a map, and then what is in it.
func (w *writer) container(major byte, length int, content func() error) error {
	w.head(major, uint64(length))
	if w.depth++; w.depth > depthMax {
		return fault("too-deep", "more than %d containers", depthMax)
	}
	defer func() { w.depth-- }()
	return content()
}

func (w *writer) head(major byte, argument uint64) {
	initial := major << 5
	switch {
	case argument < 24:
		w.bytes = append(w.bytes, initial|byte(argument))
	case argument < 1<<8:
		w.bytes = append(w.bytes, initial|24, byte(argument))
	case argument < 1<<16:
		w.bytes = binary.BigEndian.AppendUint16(append(w.bytes, initial|25), uint16(argument))
	case argument < 1<<32:
		w.bytes = binary.BigEndian.AppendUint32(append(w.bytes, initial|26), uint32(argument))
	default:
		w.bytes = binary.BigEndian.AppendUint64(append(w.bytes, initial|27), argument)
	}
}

func (w *writer) value(schema *Schema, value any) error {
	s := schema.resolved()
	switch s.Kind {
	case "bool":
		return typed(value, func(v bool) error { return w.bool(v) })
	case "uint":
		return typed(value, func(v json.Number) error { return w.integer(s, v.String()) })
	case "int":
		return typed(value, func(v string) error { return w.integer(s, v) })
	case "text":
		return typed(value, func(v string) error { return w.text(s, v) })
	case "choice":
		return typed(value, func(v string) error {
			w.string(majorText, v)
			return checkListed(s.Values, v)
		})
	case "bytes", "hex":
		return typed(value, func(v string) error { return w.hex(s, v) })
	case "list":
		return typed(value, func(v []any) error { return w.list(s, v) })
	case "record":
		return typed(value, func(v map[string]any) error { return w.fields(s.Fields, v, "") })
	case "union":
		return typed(value, func(v map[string]any) error { return w.union(s, v) })
	}
	panic("a schema of kind " + s.Kind)
}

func typed[T any](value any, write func(T) error) error {
	of, ok := value.(T)
	if !ok {
		return fault("wrong-type", "%T", value)
	}
	return write(of)
}

func (w *writer) bool(value bool) error {
	initial := byte(0xf4)
	if value {
		initial = 0xf5
	}
	w.bytes = append(w.bytes, initial)
	return nil
}

func (w *writer) integer(s *Schema, text string) error {
	value, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return fault("wrong-type", "%q", text)
	}
	if err := checkRange(value, s.Min, s.Max); err != nil {
		return err
	}
	if value.Sign() >= 0 {
		w.head(majorUnsigned, value.Uint64())
	} else {
		w.head(majorNegative, new(big.Int).Not(value).Uint64())
	}
	return nil
}

func (w *writer) text(s *Schema, text string) error {
	if err := checkFormat(s.Format, text); err != nil {
		return err
	}
	if err := checkNFC(text); err != nil {
		return err
	}
	w.string(majorText, text)
	return checkLength(s, len(text))
}

func (w *writer) hex(s *Schema, text string) error {
	if err := checkLength(s, len(text)/2); err != nil {
		return err
	}
	content, err := hex.DecodeString(text)
	if err != nil || hex.EncodeToString(content) != text {
		return fault("bad-format", "%q", text)
	}
	w.string(majorBytes, string(content))
	return nil
}

func (w *writer) string(major byte, content string) {
	w.head(major, uint64(len(content)))
	w.bytes = append(w.bytes, content...)
}

func (w *writer) list(s *Schema, items []any) error {
	if err := checkLength(s, len(items)); err != nil {
		return err
	}
	return w.container(majorList, len(items), func() error {
		for _, item := range items {
			if err := w.value(s.Item, item); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *writer) union(s *Schema, value map[string]any) error {
	name, _ := value["kind"].(string)
	fields, err := s.variant(name)
	if err != nil {
		return err
	}
	return w.container(majorMap, 1, func() error {
		w.string(majorText, name)
		return w.fields(fields, value, "kind")
	})
}

// fields writes a record; `besides` is a name that may stand among its fields.
func (w *writer) fields(fields []Field, value map[string]any, besides string) error {
	present := []Field{}
	for _, field := range fields {
		if _, ok := value[field.Name]; ok {
			present = append(present, field)
		}
	}
	for name := range value {
		if name != besides && !contains(fields, name) {
			return fault("unknown-field", "%q", name)
		}
	}
	for _, field := range fields {
		if !field.Optional && !contains(present, field.Name) {
			return fault("missing-field", "%s", field.Name)
		}
	}
	return w.container(majorMap, len(present), func() error {
		for _, field := range present {
			w.string(majorText, field.Name)
			if err := w.value(field.Schema, value[field.Name]); err != nil {
				return err
			}
		}
		return nil
	})
}

func contains(fields []Field, name string) bool {
	for _, field := range fields {
		if field.Name == name {
			return true
		}
	}
	return false
}

func checkLength(s *Schema, length int) error {
	if of := big.NewInt(int64(length)); of.Cmp(s.Min) < 0 || of.Cmp(s.Max) > 0 {
		return fault("bad-length", "%d is not in %s to %s", length, s.Min, s.Max)
	}
	return nil
}
