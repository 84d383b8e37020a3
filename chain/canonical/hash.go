package canonical

import (
	"crypto/sha256"
	"strconv"
)

// HashBytes is the length of every hash.
const HashBytes = 32

// Hash is a SHA-256 hash.
type Hash = [HashBytes]byte

// Tag says what a hash is for. It is part of what is hashed, so that no value of one purpose can be
// taken for one of another.
type Tag struct{ prefix string }

// The tags of what a notary hashes.
var (
	TagAbsence     = NewTag("absence")
	TagBatch       = NewTag("batch")
	TagBlock       = NewTag("block")
	TagCluster     = NewTag("cluster")
	TagCommitment  = NewTag("commitment")
	TagComponent   = NewTag("component")
	TagConsumed    = NewTag("consumed")
	TagEmpty       = NewTag("empty")
	TagGroup       = NewTag("group")
	TagIdentity    = NewTag("identity")
	TagMemberSet   = NewTag("member-set")
	TagNode        = NewTag("node")
	TagParameters  = NewTag("parameters")
	TagReceipt     = NewTag("receipt")
	TagSignature   = NewTag("signature")
	TagTransaction = NewTag("transaction")
	TagUniqueKey   = NewTag("unique-key")
)

// NewTag makes a tag by its name, which is not a stranger's to give.
func NewTag(name string) Tag {
	prefix := "stateset/0/" + name
	if len(prefix) > 255 {
		panic("a tag of " + strconv.Itoa(len(prefix)) + " bytes")
	}
	return Tag{prefix: string([]byte{byte(len(prefix))}) + prefix}
}

// Hash is SHA-256 over the length of the prefix as one byte, the prefix stateset/0/<tag>, and the
// parts.
func (t Tag) Hash(parts ...[]byte) Hash {
	var short [256]byte // on the stack, and enough for all but large components
	message := append(short[:0], t.prefix...)
	for _, part := range parts {
		message = append(message, part...)
	}
	return sha256.Sum256(message)
}
