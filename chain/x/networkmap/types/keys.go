// Package types holds what the network map consists of, and the rules that each part keeps by
// itself.
package types

import (
	"crypto/sha256"
	"encoding/binary"
)

const (
	ModuleName = "networkmap"
	StoreKey   = ModuleName
)

// What the module keeps, each kind under a prefix of its own.
var (
	SerialKey         = []byte{0x01}
	NetworkKey        = []byte{0x02}
	NetworkGenesisKey = []byte{0x03}
	NoticeKey         = []byte{0x04}
	// CurrentKey has the place and the hash of the parameters in force.
	CurrentKey = []byte{0x05}
	// PreviousKey has the hash of those that were in force before.
	PreviousKey = []byte{0x06}
	// AnnouncedKey has the place and the flag height of those that follow.
	AnnouncedKey = []byte{0x07}
	// ParametersCountKey has how many there are, withdrawn ones included.
	ParametersCountKey = []byte{0x08}
	RegistrarPrefix    = []byte{0x09}

	IdentityPrefix = []byte{0x10}
	// ActiveKeyPrefix leads ids of active identities, with their keys.
	ActiveKeyPrefix = []byte{0x11}
	// What only one identity may have, unless it is revoked.
	NamePrefix   = []byte{0x12}
	LEIPrefix    = []byte{0x13}
	TLSKeyPrefix = []byte{0x14}
	// ChangedPrefix leads the serial of each identity's last change, with its id.
	ChangedPrefix = []byte{0x15}

	ParametersPrefix     = []byte{0x20}
	ParametersHashPrefix = []byte{0x21}
	AcceptancePrefix     = []byte{0x22}
)

func RegistrarKey(account []byte) []byte { return join(RegistrarPrefix, account) }

func IdentityKey(id []byte) []byte      { return join(IdentityPrefix, id) }
func ActiveKey(id []byte) []byte        { return join(ActiveKeyPrefix, id) }
func LEIKey(lei string) []byte          { return join(LEIPrefix, []byte(lei)) }
func TLSKey(key []byte) []byte          { return join(TLSKeyPrefix, key) }
func ChangedKey(serial uint64) []byte   { return withUint(ChangedPrefix, serial) }
func ParametersKey(place uint64) []byte { return withUint(ParametersPrefix, place) }
func ParametersHashKey(hash []byte) []byte {
	return join(ParametersHashPrefix, hash)
}

// NameKey is of one length, however long the name.
func NameKey(name string) []byte {
	hash := sha256.Sum256([]byte(name))
	return join(NamePrefix, hash[:])
}

// ChangedIdentityKey keeps identities of one serial, as a genesis may have them, apart.
func ChangedIdentityKey(serial uint64, id []byte) []byte { return join(ChangedKey(serial), id) }

// ChangedIdentity is the id in such a key.
func ChangedIdentity(key []byte) []byte { return join(key[9:], nil) }

func AcceptanceKey(hash, id []byte) []byte { return join(join(AcceptancePrefix, hash), id) }

// SplitAcceptanceKey is what the key was made of.
func SplitAcceptanceKey(key []byte) (hash, id []byte) {
	return join(key[1:33], nil), join(key[33:], nil)
}

func join(prefix, rest []byte) []byte {
	return append(append(make([]byte, 0, len(prefix)+len(rest)), prefix...), rest...)
}

func withUint(prefix []byte, number uint64) []byte {
	return binary.BigEndian.AppendUint64(join(prefix, nil), number)
}
