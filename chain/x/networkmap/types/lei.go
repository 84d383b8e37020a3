package types

const leiLength = 20

// CheckLEI checks a Legal Entity Identifier: 18 characters and two check digits (ISO 17442-1; the
// check is ISO/IEC 7064 MOD 97-10, letters counting 10 to 35).
func CheckLEI(lei string) error {
	if len(lei) != leiLength {
		return ErrBadLEI.Wrapf("%d characters expected", leiLength)
	}
	remainder := 0
	for i := range leiLength {
		switch c := lei[i]; {
		case c >= '0' && c <= '9':
			remainder = (remainder*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z' && i < leiLength-2:
			remainder = (remainder*100 + int(c-'A') + 10) % 97
		default:
			return ErrBadLEI.Wrap("18 of 0-9A-Z and two digits expected")
		}
	}
	// 00, 01 and 99 have the same remainder as 97, 98 and 02, which are what the standard computes.
	digits := lei[leiLength-2:]
	if remainder != 1 || digits == "00" || digits == "01" || digits == "99" {
		return ErrBadLEI.Wrap("the check digits do not fit")
	}
	return nil
}
