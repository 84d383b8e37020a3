package codec

import (
	"bytes"
	"reflect"
	"testing"
)

type codecFile struct {
	Schemas Schemas
	Values  []struct {
		Name, Schema string
		Value        any
		Bytes        Hex
	}
	RefusedBytes []struct {
		Name, Schema string
		Bytes        Hex
		Code         string
	}
	RefusedValues []struct {
		Name, Schema string
		Value        any
		Code         string
	}
}

func loadCodec() (codecFile, Schemas) {
	var file codecFile
	Load("codec.json", &file)
	return file, LoadSchemas(file.Schemas)
}

func TestValues(t *testing.T) {
	file, schemas := loadCodec()
	for _, row := range file.Values {
		encoded, err := Encode(schemas.Of(row.Schema), row.Value)
		if err != nil || !bytes.Equal(encoded, row.Bytes) {
			t.Errorf("%s: encoded as %x (%v), not %s", row.Name, encoded, err, row.Bytes)
		}
		decoded, err := Decode(schemas.Of(row.Schema), row.Bytes)
		if err != nil || !reflect.DeepEqual(decoded, row.Value) {
			t.Errorf("%s: decoded as %v (%v), not %v", row.Name, decoded, err, row.Value)
		}
	}
}

func TestRefusedBytes(t *testing.T) {
	file, schemas := loadCodec()
	for _, row := range file.RefusedBytes {
		_, err := Decode(schemas.Of(row.Schema), row.Bytes)
		if CodeOf(err) != row.Code {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
	}
}

func TestRefusedValues(t *testing.T) {
	file, schemas := loadCodec()
	for _, row := range file.RefusedValues {
		_, err := Encode(schemas.Of(row.Schema), row.Value)
		if CodeOf(err) != row.Code {
			t.Errorf("%s: %v, not %s", row.Name, err, row.Code)
		}
	}
}
