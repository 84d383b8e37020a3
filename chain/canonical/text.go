package canonical

import "unicode/utf8"

// Text reads text of so many bytes: well-formed UTF-8 in normalisation form C, of characters that
// Unicode 16.0 assigns.
func (r *Reader) Text(min, max int) []byte {
	start := r.at
	text := r.span(majorText, min, max)
	if code := textFault(text); code != "" {
		r.at = start
		r.Fail(code)
		return nil
	}
	return text
}

// Constant reads a choice of which there is one.
func (r *Reader) Constant(text string) {
	if r.passes(text) || r.code != "" {
		return
	}
	r.Text(0, len(text))
	r.Fail(NotListed)
}

// textFault is why a text has more than one encoding, or may come to have.
func textFault(text []byte) Code {
	highest := byte(0)
	for _, b := range text {
		highest |= b
	}
	if highest < utf8.RuneSelf {
		return ""
	}
	if !utf8.Valid(text) {
		return InvalidUTF8
	}
	runes := []rune(string(text))
	for _, r := range runes {
		if !isAssigned(r) {
			return UnassignedCharacter
		}
	}
	if !isNFC(runes) {
		return NotNFC
	}
	return ""
}
