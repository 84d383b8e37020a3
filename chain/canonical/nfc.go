package canonical

import (
	"cmp"
	"slices"
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

const (
	firstMark       = 0x300 // nothing below composes
	firstUnassigned = 0x378
)

// isAssigned tells whether Unicode 16.0 assigns the character. Normal forms of assigned characters
// never change, so that all platforms agree on what is in NFC.
func isAssigned(r rune) bool {
	if r < firstUnassigned {
		return true
	}
	at, found := slices.BinarySearch(unicode16().assigned, r)
	if found {
		at++
	}
	return at%2 == 1 // past a beginning, and not yet past its end
}

// isNFC tells whether text of assigned characters is in normalisation form C (UAX #15): whether
// taking it apart, ordering its marks and composing it again gives the same text.
func isNFC(text []rune) bool {
	if !slices.ContainsFunc(text, func(r rune) bool { return r >= firstMark }) {
		return true
	}
	apart := make([]rune, 0, 2*len(text))
	for _, r := range text {
		apart = appendDecomposed(apart, r)
	}
	orderMarks(apart)
	return slices.Equal(compose(apart), text)
}

func appendDecomposed(to []rune, r rune) []rune {
	if index := r - hangulFirst; index >= 0 && index < hangulCount {
		to = append(to,
			hangulLeading+index/(vowelCount*trailingCount),
			hangulVowel+index/trailingCount%vowelCount)
		if trailing := index % trailingCount; trailing > 0 {
			to = append(to, hangulTrailing+trailing)
		}
		return to
	}
	table := unicode16().decompositions
	if at, found := slices.BinarySearchFunc(table, r, decomposition.compare); found {
		return append(to, table[at].parts...)
	}
	return append(to, r)
}

// orderMarks sorts each run of marks by class; marks of one class keep their order.
func orderMarks(text []rune) {
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && classOf(text[end]) > 0 {
			end++
		}
		slices.SortStableFunc(text[start:end], func(a, b rune) int { return cmp.Compare(classOf(a), classOf(b)) })
		start = end + 1
	}
}

// compose joins each character with the last starter, unless a mark between them blocks it.
func compose(text []rune) []rune {
	composed := make([]rune, 0, len(text))
	starter, lastClass := -1, 0
	for _, r := range text {
		class := classOf(r)
		isBlocked := starter >= 0 && len(composed)-1 > starter && lastClass >= class
		if starter >= 0 && !isBlocked {
			if joined, ok := composePair(composed[starter], r); ok {
				composed[starter] = joined
				continue
			}
		}
		if class == 0 {
			starter = len(composed)
		}
		lastClass = class
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
	table := unicode16().compositions
	at, found := slices.BinarySearchFunc(table, [2]rune{first, second}, composition.compare)
	if !found {
		return 0, false
	}
	return table[at].of, true
}

// classOf is the canonical combining class, 0 for starters.
func classOf(r rune) int {
	if r < firstMark {
		return 0
	}
	table := unicode16().classes
	at, found := slices.BinarySearchFunc(table, r, combiningClass.compare)
	if !found {
		return 0
	}
	return table[at].class
}
