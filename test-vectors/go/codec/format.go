package codec

import (
	"math/big"
	"regexp"
	"time"
)

var (
	decimalForm = regexp.MustCompile(`\A-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?\z`)
	dateForm    = regexp.MustCompile(`\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z`)
	leiForm     = regexp.MustCompile(`\A[0-9A-Z]{18}[0-9]{2}\z`)
)

func checkFormat(format, text string) error {
	holds := true
	switch format {
	case "date":
		holds = isDate(text)
	case "decimal":
		holds = decimalForm.MatchString(text) && text != "-0"
	case "lei":
		holds = leiForm.MatchString(text) && mod97(text) == 1
	case "":
	default:
		panic("a format " + format)
	}
	if !holds {
		return fault("bad-format", "%q is no %s", text, format)
	}
	return nil
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil && dateForm.MatchString(text) && text[:4] != "0000"
}

// mod97 is ISO/IEC 7064 MOD 97-10, letters counting 10 to 35.
func mod97(text string) int64 {
	digits := ""
	for _, character := range text {
		value, _ := new(big.Int).SetString(string(character), 36)
		digits += value.String()
	}
	number, _ := new(big.Int).SetString(digits, 10)
	return number.Mod(number, big.NewInt(97)).Int64()
}
