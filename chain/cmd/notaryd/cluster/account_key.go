package cluster

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"

	sdked25519 "github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// accountKey is an Ed25519 key that an account is named by.
type accountKey struct{ private ed25519.PrivateKey }

func newAccountKey() (accountKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return accountKey{key}, err
}

func (k accountKey) public() []byte { return k.private.Public().(ed25519.PublicKey) }

func (k accountKey) address() sdk.AccAddress {
	return sdk.AccAddress((&sdked25519.PubKey{Key: k.public()}).Address())
}

// accountKeyFile is how a key is kept; `secret` is the seed of RFC 8032.
type accountKeyFile struct {
	Kind    string `json:"kind"`
	Key     string `json:"key"`
	Address string `json:"address"`
	Secret  string `json:"secret"`
}

func (k accountKey) file() accountKeyFile {
	return accountKeyFile{
		Kind: "ed25519", Key: hex.EncodeToString(k.public()), Address: k.address().String(),
		Secret: hex.EncodeToString(k.private.Seed()),
	}
}
