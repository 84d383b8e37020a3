package codec

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
)

// Folder is where the vectors lie, seen from a package of this module.
const Folder = "../../"

// Load reads a file of vectors. Members that `into` does not have are an error: a vector that
// nobody checks would be no vector.
func Load(file string, into any) {
	text, err := os.ReadFile(Folder + file)
	if err != nil {
		panic(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		panic(file + ": " + err.Error())
	}
}

// LoadSchemas reads schemas.json, adds more to it, and makes NFC ready for use.
func LoadSchemas(more Schemas) Schemas {
	var file struct{ Schemas Schemas }
	Load("schemas.json", &file)
	for name, schema := range more {
		file.Schemas[name] = schema
	}
	file.Schemas.Link()
	var data struct {
		Unicode                      string
		Assigned                     []rune
		Decompositions, Compositions map[string]string
		Classes                      []string
	}
	Load("nfc.json", &data)
	SetNFCData(data.Assigned, data.Decompositions, data.Compositions, data.Classes)
	return file.Schemas
}

// Hex is bytes that JSON holds as hexadecimal text.
type Hex []byte

func (h Hex) String() string { return hex.EncodeToString(h) }

// UnmarshalJSON takes hexadecimal text.
func (h *Hex) UnmarshalJSON(text []byte) error {
	var digits string
	if err := json.Unmarshal(text, &digits); err != nil {
		return err
	}
	var err error
	*h, err = hex.DecodeString(digits)
	return err
}
