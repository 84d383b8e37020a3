package types

import (
	"strings"
	"unicode/utf16"
)

// X500Name are the attributes of a legal identity's distinguished name; those it lacks are empty.
type X500Name struct {
	CommonName, OrganisationUnit, Organisation, Locality, State, Country string
}

// NameBytesMax is what a registration has room for.
const NameBytesMax = 1024

// nameValueMax counts UTF-16 code units, as TypeScript does.
const nameValueMax = 128

// nameSpecial characters stand behind a backslash.
const nameSpecial = `\,+"<>;=#`

// attributes are the parts of a name in the one order that they are written in.
func (n *X500Name) attributes() []nameAttribute {
	return []nameAttribute{
		{"CN", &n.CommonName}, {"OU", &n.OrganisationUnit}, {"O", &n.Organisation},
		{"L", &n.Locality}, {"ST", &n.State}, {"C", &n.Country},
	}
}

type nameAttribute struct {
	key   string
	value *string
}

// ParseX500Name reads `O=Alpenblick Maschinenbau AG,L=Luzern,C=CH` and refuses every other spelling
// of it. The text was read by a canonical reader, so that it is in normal form C.
func ParseX500Name(formatted string) (name X500Name, err error) {
	rest, isFirst := formatted, true
	for _, attribute := range name.attributes() {
		lead := attribute.key + "="
		if !isFirst {
			lead = "," + lead
		}
		if !strings.HasPrefix(rest, lead) {
			continue
		}
		isFirst = false
		if *attribute.value, rest, err = readNameValue(rest[len(lead):]); err != nil {
			return name, err
		}
		if err := checkNameValue(attribute.key, *attribute.value); err != nil {
			return name, err
		}
	}
	if rest != "" {
		return name, ErrBadName.Wrapf("%q is not one of CN, OU, O, L, ST, C in this order, each once", rest)
	}
	return name, name.check()
}

// Format is the one spelling of the name.
func (n X500Name) Format() string {
	parts := []string{}
	for _, attribute := range n.attributes() {
		if *attribute.value != "" {
			parts = append(parts, attribute.key+"="+escapeNameValue(*attribute.value))
		}
	}
	return strings.Join(parts, ",")
}

func (n X500Name) check() error {
	if n.Organisation == "" {
		return ErrBadName.Wrap("the organisation (O) is missing")
	}
	if len(n.Country) != 2 || strings.Trim(n.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ErrBadName.Wrap("the country (C) is not an ISO 3166-1 alpha-2 code")
	}
	return nil
}

// readNameValue takes a value up to the comma that ends it, which stays.
func readNameValue(from string) (value, rest string, err error) {
	var read strings.Builder
	for i := 0; i < len(from); i++ {
		switch c := from[i]; {
		case c == ',':
			return read.String(), from[i:], nil
		case c == '\\' && i+1 < len(from) && strings.IndexByte(nameSpecial, from[i+1]) >= 0:
			i++
			read.WriteByte(from[i])
		case strings.IndexByte(nameSpecial, c) >= 0:
			return "", "", ErrBadName.Wrapf("%q is not in canonical form", from)
		default:
			read.WriteByte(c)
		}
	}
	return read.String(), "", nil
}

func escapeNameValue(value string) string {
	var written strings.Builder
	for i := 0; i < len(value); i++ {
		if strings.IndexByte(nameSpecial, value[i]) >= 0 {
			written.WriteByte('\\')
		}
		written.WriteByte(value[i])
	}
	return written.String()
}

func checkNameValue(key, value string) error {
	if units := len(utf16.Encode([]rune(value))); units < 1 || units > nameValueMax {
		return ErrBadName.Wrapf("%s must have 1 to %d characters", key, nameValueMax)
	}
	if strings.TrimFunc(value, isNameSpace) != value {
		return ErrBadName.Wrapf("%s must be trimmed", key)
	}
	if strings.ContainsFunc(value, isNameControl) {
		return ErrBadName.Wrapf("%s holds a control character", key)
	}
	return nil
}
