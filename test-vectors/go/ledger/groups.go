package ledger

import "slices"

// Group is one of the twelve component groups, with its limits.
type Group struct {
	Name                   string
	CountMin, Count, Bytes int
	// IsSet groups are sorted by their components' bytes, none twice.
	IsSet bool
}

// Groups stand in the order of their numbers.
var Groups = []Group{
	{"meta", 1, 1, 512, false},
	{"inputs", 0, 512, 128, true},
	{"references", 0, 128, 128, true},
	{"outputs", 0, 512, 1 << 20, false},
	{"headers", 0, 512, 64 << 10, false},
	{"commands", 1, 64, 256 << 10, false},
	{"attachments", 0, 64, 512, false},
	{"timeWindow", 0, 1, 64, false},
	{"parameters", 1, 1, 128, false},
	{"uniqueKeys", 0, 128, 512, true},
	{"instructions", 0, 32, 256 << 10, false},
	{"private", 0, 64, 8 << 20, false},
}

func numberOf(name string) int {
	number := slices.IndexFunc(Groups, func(group Group) bool { return group.Name == name })
	if number < 0 {
		panic("no group " + name)
	}
	return number
}
