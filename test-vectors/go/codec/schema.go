package codec

import (
	"encoding/json"
	"fmt"
	"math/big"
	"sort"
)

// Schema is the data form of a schema, as schemas.json gives it.
type Schema struct {
	Kind     string
	Min, Max *big.Int
	Format   string
	Values   []string
	Item     *Schema
	Fields   []Field
	Variants []Variant
	// Name is the schema that a ref stands for.
	Name string

	table Schemas
}

// Field is one entry of a record; fields are kept in the order of the wire.
type Field struct {
	Name     string
	Optional bool
	Schema   *Schema
}

// Variant is one of a union's records.
type Variant struct {
	Name   string
	Fields []Field
}

// Schemas are schemas by name, which refs among them may use.
type Schemas map[string]*Schema

// Of is the schema of that name, refs followed.
func (s Schemas) Of(name string) *Schema {
	schema := s[name]
	if schema == nil {
		panic("no schema " + name)
	}
	return schema.resolved()
}

func (s *Schema) resolved() *Schema {
	if s.Kind == "ref" {
		return s.table.Of(s.Name)
	}
	return s
}

// Link puts fields into the order of the wire and tells refs where to look.
func (s Schemas) Link() {
	for _, schema := range s {
		s.link(schema)
	}
}

func (s Schemas) link(schema *Schema) {
	schema.table = s
	if schema.Item != nil {
		s.link(schema.Item)
	}
	s.linkFields(schema.Fields)
	for _, variant := range schema.Variants {
		s.linkFields(variant.Fields)
	}
}

// linkFields sorts as dag-cbor does: shorter names first, then by their bytes.
func (s Schemas) linkFields(fields []Field) {
	sort.Slice(fields, func(i, j int) bool {
		a, b := fields[i].Name, fields[j].Name
		if len(a) != len(b) {
			return len(a) < len(b)
		}
		return a < b
	})
	for _, field := range fields {
		s.link(field.Schema)
	}
}

// UnmarshalJSON takes limits as numbers or, for ints, as decimal text.
func (s *Schema) UnmarshalJSON(text []byte) error {
	var data struct {
		Kind, Format, Name string
		Min, Max           json.RawMessage
		Values             []string
		Item               *Schema
		Fields             []Field
		Variants           []Variant
	}
	if err := json.Unmarshal(text, &data); err != nil {
		return err
	}
	*s = Schema{
		Kind: data.Kind, Format: data.Format, Name: data.Name, Values: data.Values,
		Item: data.Item, Fields: data.Fields, Variants: data.Variants,
	}
	var err error
	if s.Min, err = limit(data.Min); err != nil {
		return err
	}
	s.Max, err = limit(data.Max)
	return err
}

func limit(text json.RawMessage) (*big.Int, error) {
	if text == nil {
		return nil, nil
	}
	if len(text) > 1 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	value, ok := new(big.Int).SetString(string(text), 10)
	if !ok {
		return nil, fmt.Errorf("no limit: %s", text)
	}
	return value, nil
}
