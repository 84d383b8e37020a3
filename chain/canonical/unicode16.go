package canonical

import (
	"cmp"
	_ "embed" // for the table
	"strconv"
	"strings"
	"sync"
)

// The standard library has no normalisation, and others have that of another version of Unicode.
// The table is test-vectors/nfc.json in short: four lines of numbers in base 36, each first column
// as the difference from the one before. A test compares the two.
//
//go:embed unicode16.txt
var unicode16Text string

type (
	decomposition struct {
		of    rune
		parts []rune
	}
	composition struct {
		pair [2]rune
		of   rune
	}
	combiningClass struct {
		of    rune
		class int
	}
)

func (d decomposition) compare(r rune) int  { return cmp.Compare(d.of, r) }
func (c combiningClass) compare(r rune) int { return cmp.Compare(c.of, r) }
func (c composition) compare(pair [2]rune) int {
	return cmp.Or(cmp.Compare(c.pair[0], pair[0]), cmp.Compare(c.pair[1], pair[1]))
}

type unicodeTable struct {
	assigned       []rune // where each run of assigned characters begins and ends, in turn
	decompositions []decomposition
	compositions   []composition
	classes        []combiningClass
}

// unicode16 is read when text first goes beyond Latin, which most never does.
var unicode16 = sync.OnceValue(func() (table unicodeTable) {
	lines := strings.Split(strings.TrimSpace(unicode16Text), "\n")
	for row := newRows(lines[0]); row.next(); {
		table.assigned = append(table.assigned, row.key)
	}
	for row := newRows(lines[1]); row.next(); {
		parts := make([]rune, row.number())
		for i := range parts {
			parts[i] = row.number()
		}
		table.decompositions = append(table.decompositions, decomposition{row.key, parts})
	}
	for row := newRows(lines[2]); row.next(); {
		pair := [2]rune{row.key, row.number()}
		table.compositions = append(table.compositions, composition{pair, row.number()})
	}
	for row := newRows(lines[3]); row.next(); {
		table.classes = append(table.classes, combiningClass{row.key, int(row.number())})
	}
	return table
})

type rows struct {
	words []string
	key   rune
}

func newRows(line string) *rows { return &rows{words: strings.Fields(line)} }

func (r *rows) next() bool {
	if len(r.words) == 0 {
		return false
	}
	r.key += r.number()
	return true
}

func (r *rows) number() rune {
	number, err := strconv.ParseInt(r.words[0], 36, 32)
	if err != nil {
		panic(err) // the table is part of the program
	}
	r.words = r.words[1:]
	return rune(number)
}
