package codec

import (
	"fmt"
	"slices"
	"strings"
)

const (
	hangulFirst    = 0xac00
	hangulLeading  = 0x1100
	hangulVowel    = 0x1161
	hangulTrailing = 0x11a7 // no trailing consonant; the first one follows
	leadingCount   = 19
	vowelCount     = 21
	trailingCount  = 28
	hangulCount    = leadingCount * vowelCount * trailingCount
)

type nfcTables struct {
	assigned       []rune // where each run of assigned characters begins and ends, in turn
	decompositions map[rune][]rune
	compositions   map[[2]rune]rune
	ranks          map[rune]int
}

var nfc nfcTables

// SetNFCData brings what nfc.json holds; the standard library has no such tables to offer.
func SetNFCData(assigned []rune, decompositions, compositions map[string]string, classes []string) {
	nfc = nfcTables{assigned, map[rune][]rune{}, map[[2]rune]rune{}, map[rune]int{}}
	for of, parts := range decompositions {
		nfc.decompositions[runesOf(of)[0]] = runesOf(parts)
	}
	for pair, of := range compositions {
		nfc.compositions[[2]rune(runesOf(pair))] = runesOf(of)[0]
	}
	for _, class := range classes {
		var mark rune
		var rank int
		if _, err := fmt.Sscanf(class, "%x %d", &mark, &rank); err != nil {
			panic(err)
		}
		nfc.ranks[mark] = rank
	}
}

// FirstUnassigned gives the first character that is not assigned in the version of Unicode that text
// is bound to.
func FirstUnassigned(text string) (rune, bool) {
	for _, r := range text {
		at, found := slices.BinarySearch(nfc.assigned, r)
		if found {
			at++
		}
		if at%2 == 0 {
			return r, true
		}
	}
	return 0, false
}

// IsNFC tells whether text is in Unicode Normalization Form C (UAX #15): whether taking it apart,
// ordering its marks and composing it again gives the same text.
func IsNFC(text string) bool {
	if len(nfc.ranks) == 0 {
		panic("SetNFCData comes first")
	}
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x300 }) {
		return true // nothing below the first combining mark composes
	}
	apart := []rune{}
	for _, r := range text {
		apart = append(apart, decompose(r)...)
	}
	orderMarks(apart)
	return string(compose(apart)) == text
}

func decompose(r rune) []rune {
	if index := r - hangulFirst; index >= 0 && index < hangulCount {
		parts := []rune{
			hangulLeading + index/(vowelCount*trailingCount),
			hangulVowel + index/trailingCount%vowelCount,
		}
		if trailing := index % trailingCount; trailing > 0 {
			parts = append(parts, hangulTrailing+trailing)
		}
		return parts
	}
	if parts, ok := nfc.decompositions[r]; ok {
		return parts
	}
	return []rune{r}
}

// orderMarks sorts each run of marks by class; marks of one class keep their order.
func orderMarks(text []rune) {
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && nfc.ranks[text[end]] > 0 {
			end++
		}
		slices.SortStableFunc(text[start:end], func(a, b rune) int { return nfc.ranks[a] - nfc.ranks[b] })
		start = end + 1
	}
}

// compose joins each character with the last starter, unless a mark between them blocks it.
func compose(text []rune) []rune {
	composed := []rune{}
	starter := -1
	lastRank := 0
	for _, r := range text {
		rank := nfc.ranks[r]
		isBlocked := starter >= 0 && len(composed)-1 > starter && lastRank >= rank
		if starter >= 0 && !isBlocked {
			if joined, ok := composePair(composed[starter], r); ok {
				composed[starter] = joined
				continue
			}
		}
		if rank == 0 {
			starter = len(composed)
		}
		lastRank = rank
		composed = append(composed, r)
	}
	return composed
}

func composePair(first, second rune) (rune, bool) {
	leading, vowel := first-hangulLeading, second-hangulVowel
	if leading >= 0 && leading < leadingCount && vowel >= 0 && vowel < vowelCount {
		return hangulFirst + (leading*vowelCount+vowel)*trailingCount, true
	}
	index, trailing := first-hangulFirst, second-hangulTrailing
	isOpenSyllable := index >= 0 && index < hangulCount && index%trailingCount == 0
	if isOpenSyllable && trailing > 0 && trailing < trailingCount {
		return first + trailing, true
	}
	joined, ok := nfc.compositions[[2]rune{first, second}]
	return joined, ok
}

func runesOf(hex string) (runes []rune) {
	for _, word := range strings.Fields(hex) {
		var r rune
		if _, err := fmt.Sscanf(word, "%x", &r); err != nil {
			panic(err)
		}
		runes = append(runes, r)
	}
	return runes
}
