package types

import (
	"unicode/utf8"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

const (
	// MembersMax is that of a member set in a receipt.
	MembersMax = 64
	// MembersMin is what tolerates one fault; only a cluster that began smaller may stay smaller.
	MembersMin = 4

	nameBytesMax = 64
	keyBytes     = 32
)

// Quorum of n equals is what overlaps with any other quorum in at least one honest member.
func Quorum(n int) uint32 { return uint32(2*n/3 + 1) }

func (m Member) IsActive() bool { return m.Status == Status_STATUS_ACTIVE }

// WorkerAddress is the account that the worker key alone controls.
func (m Member) WorkerAddress() sdk.AccAddress { return addressOf(m.WorkerKey) }

// ConsensusAddress is how consensus names the member.
func (m Member) ConsensusAddress() sdk.ConsAddress { return sdk.ConsAddress(addressOf(m.ConsensusKey)) }

func (m Member) OperatorAddress() (sdk.AccAddress, error) {
	return sdk.AccAddressFromBech32(m.Operator)
}

func addressOf(key []byte) sdk.AccAddress {
	return sdk.AccAddress((&ed25519.PubKey{Key: key}).Address())
}

// Active are the members that have power, in the order given.
func Active(members []Member) []Member {
	active := make([]Member, 0, len(members))
	for _, member := range members {
		if member.IsActive() {
			active = append(active, member)
		}
	}
	return active
}

// ValidateMember checks one member as it stands alone.
func ValidateMember(m Member) error {
	if m.Name == "" || len(m.Name) > nameBytesMax || !utf8.ValidString(m.Name) {
		return ErrInvalidMember.Wrapf("name of 1 to %d bytes expected", nameBytesMax)
	}
	if _, err := m.OperatorAddress(); err != nil {
		return ErrInvalidMember.Wrapf("operator: %s", err)
	}
	if len(m.ConsensusKey) != keyBytes || len(m.WorkerKey) != keyBytes {
		return ErrInvalidMember.Wrapf("Ed25519 keys of %d bytes expected", keyBytes)
	}
	return nil
}

// ValidateMembers checks that members are sound, in the order of their indices, and share nothing:
// one key in two roles or hands would count as two members.
func ValidateMembers(members []Member) error {
	if len(members) > MembersMax {
		return ErrOutOfBounds.Wrapf("%d members, at most %d", len(members), MembersMax)
	}
	names, operators, keys := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, m := range members {
		if err := ValidateMember(m); err != nil {
			return err
		}
		if i > 0 && m.Index <= members[i-1].Index {
			return ErrInvalidMember.Wrapf("index %d out of order", m.Index)
		}
		if m.Status != Status_STATUS_ACTIVE && m.Status != Status_STATUS_SUSPENDED {
			return ErrInvalidMember.Wrapf("member %d has no status", m.Index)
		}
		consensus, worker := string(m.ConsensusKey), string(m.WorkerKey)
		if names[m.Name] || operators[m.Operator] || keys[consensus] || keys[worker] || consensus == worker {
			return ErrInvalidMember.Wrapf("member %d shares its name, operator or a key", m.Index)
		}
		names[m.Name], operators[m.Operator], keys[consensus], keys[worker] = true, true, true, true
	}
	if len(Active(members)) == 0 {
		return ErrOutOfBounds.Wrap("no active member")
	}
	return nil
}
