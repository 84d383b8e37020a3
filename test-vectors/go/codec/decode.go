package codec

import (
	"encoding/hex"
	"encoding/json"
	"slices"
)

const fieldNameBytesMax = 64

// Decode reads canonical bytes. Values take the form that the vectors' JSON has: a uint is a
// json.Number, an int decimal text, bytes and hex are hexadecimal text, a record is a map, and a
// union's variant stands in "kind".
func Decode(schema *Schema, bytes []byte) (any, error) {
	r := &reader{rest: bytes}
	value, err := r.value(schema)
	if err == nil && len(r.rest) > 0 {
		err = fault("trailing-bytes", "%d bytes", len(r.rest))
	}
	return value, err
}

func (r *reader) value(schema *Schema) (any, error) {
	s := schema.resolved()
	switch s.Kind {
	case "bool":
		return r.bool()
	case "uint":
		value, err := r.integer(s.Min, s.Max)
		if err != nil {
			return nil, err
		}
		return json.Number(value.String()), nil
	case "int":
		value, err := r.integer(s.Min, s.Max)
		if err != nil {
			return nil, err
		}
		return value.String(), nil
	case "text":
		text, err := r.text(s.Min.Uint64(), s.Max.Uint64())
		if err != nil {
			return nil, err
		}
		return text, checkFormat(s.Format, text)
	case "choice":
		text, err := r.text(0, longest(s.Values))
		if err != nil {
			return nil, err
		}
		return text, checkListed(s.Values, text)
	case "bytes", "hex":
		content, err := r.span(majorBytes, s.Min.Uint64(), s.Max.Uint64())
		return hex.EncodeToString(content), err
	case "list":
		return r.list(s)
	case "record":
		value := map[string]any{}
		return value, r.fields(s.Fields, value)
	case "union":
		return r.union(s)
	}
	panic("a schema of kind " + s.Kind)
}

func (r *reader) list(s *Schema) (any, error) {
	length, err := r.length(majorList, s.Min.Uint64(), s.Max.Uint64())
	if err != nil {
		return nil, err
	}
	if err := r.enter(); err != nil {
		return nil, err
	}
	defer r.leave()
	items := []any{}
	for range length {
		item, err := r.value(s.Item)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func (r *reader) union(s *Schema) (any, error) {
	if _, err := r.length(majorMap, 1, 1); err != nil {
		return nil, err
	}
	if err := r.enter(); err != nil {
		return nil, err
	}
	defer r.leave()
	name, err := r.text(0, fieldNameBytesMax)
	if err != nil {
		return nil, err
	}
	fields, err := s.variant(name)
	if err != nil {
		return nil, err
	}
	value := map[string]any{"kind": name}
	return value, r.fields(fields, value)
}

func (s *Schema) variant(name string) ([]Field, error) {
	for _, variant := range s.Variants {
		if variant.Name == name {
			return variant.Fields, nil
		}
	}
	return nil, fault("unknown-variant", "%q", name)
}

func (r *reader) fields(fields []Field, into map[string]any) error {
	count, err := r.head(majorMap)
	if err != nil {
		return err
	}
	if err := r.enter(); err != nil {
		return err
	}
	defer r.leave()
	next := 0
	for range count {
		name, err := r.text(0, fieldNameBytesMax)
		if err != nil {
			return err
		}
		for next < len(fields) && fields[next].Name != name && fields[next].Optional {
			next++
		}
		if next == len(fields) || fields[next].Name != name {
			return misplaced(name, fields, next)
		}
		value, err := r.value(fields[next].Schema)
		if err != nil {
			return err
		}
		into[name] = value
		next++
	}
	for _, field := range fields[next:] {
		if !field.Optional {
			return fault("missing-field", "%s", field.Name)
		}
	}
	return nil
}

// misplaced says what is wrong with a name that stands where fields[next], or the end, should.
func misplaced(name string, fields []Field, next int) error {
	index := slices.IndexFunc(fields, func(field Field) bool { return field.Name == name })
	switch {
	case index < 0:
		return fault("unknown-field", "%q", name)
	case index == next-1:
		return fault("duplicate-field", "%s", name)
	case index < next:
		return fault("unsorted-fields", "%s", name)
	default:
		return fault("missing-field", "%s", fields[next].Name)
	}
}

func longest(values []string) (length uint64) {
	for _, value := range values {
		length = max(length, uint64(len(value)))
	}
	return length
}

func checkListed(values []string, text string) error {
	if !slices.Contains(values, text) {
		return fault("not-listed", "%q", text)
	}
	return nil
}
