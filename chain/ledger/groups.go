package ledger

// Group is the number of a component group.
type Group int

// The twelve groups of version 0. Every transaction has all of them, empty ones included.
const (
	GroupMeta Group = iota
	GroupInputs
	GroupReferences
	GroupOutputs
	GroupHeaders
	GroupCommands
	GroupAttachments
	GroupTimeWindow
	GroupParameters
	GroupUniqueKeys
	GroupInstructions
	GroupPrivate

	GroupCount = 12
)

// GroupLimits are how many components a group may hold, and how large each may be.
type GroupLimits struct {
	Name                         string
	CountMin, CountMax, BytesMax int
}

var groupLimits = [GroupCount]GroupLimits{
	{"meta", 1, 1, 512},
	{"inputs", 0, 512, 128},
	{"references", 0, 128, 128},
	{"outputs", 0, 512, outputBytesMax},
	{"headers", 0, 512, 64 << 10},
	{"commands", 1, 64, commandBytesMax},
	{"attachments", 0, 64, 512},
	{"timeWindow", 0, 1, 64},
	{"parameters", 1, 1, 128},
	{"uniqueKeys", 0, 128, 512},
	{"instructions", 0, 32, instructionBytesMax},
	{"private", 0, 64, privateBytesMax},
}

const (
	outputBytesMax      = 1 << 20
	commandBytesMax     = 256 << 10
	instructionBytesMax = 256 << 10
	privateBytesMax     = 8 << 20
	// componentsMax is that of the largest group.
	componentsMax = 512
	// transactionBytesMax is of an encoded transaction, signatures not counted.
	transactionBytesMax = 24 << 20
)

// Limits are those of the group.
func (g Group) Limits() GroupLimits { return groupLimits[g] }

func (g Group) String() string { return groupLimits[g].Name }

// IsSet tells whether the group's components are sorted by their bytes, none twice.
func (g Group) IsSet() bool {
	return g == GroupInputs || g == GroupReferences || g == GroupUniqueKeys
}

// IsNotarys tells whether a non-validating notary must see the group whole; of the others it sees
// number, count and root.
func (g Group) IsNotarys() bool {
	switch g {
	case GroupMeta, GroupInputs, GroupReferences, GroupHeaders, GroupTimeWindow, GroupParameters,
		GroupUniqueKeys:
		return true
	}
	return false
}
