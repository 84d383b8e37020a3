package main

import (
	"crypto/sha512"
	"encoding/hex"

	"filippo.io/edwards25519"
	"github.com/cometbft/cometbft/crypto/ed25519"
)

// signWithSmallOrder signs so that ZIP-215 admits it, and stricter rules do not: the commitment has
// a part of small order, which only the cofactor takes away.
func signWithSmallOrder(key ed25519.PrivKey, message []byte) []byte {
	secret, nonce := scalar(sha512.Sum512(key[:32])), uniform(message)
	part := point("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
	commitment := new(edwards25519.Point).ScalarBaseMult(nonce)
	encoded := commitment.Add(commitment, part).Bytes()
	challenge := uniform(encoded, key.PubKey().Bytes(), message)
	return append(encoded, new(edwards25519.Scalar).MultiplyAdd(challenge, secret, nonce).Bytes()...)
}

// scalar is the secret of RFC 8032, section 5.1.5.
func scalar(digest [64]byte) *edwards25519.Scalar {
	made, err := new(edwards25519.Scalar).SetBytesWithClamping(digest[:32])
	return must(made, err)
}

func uniform(parts ...[]byte) *edwards25519.Scalar {
	hash := sha512.New()
	for _, part := range parts {
		hash.Write(part)
	}
	made, err := new(edwards25519.Scalar).SetUniformBytes(hash.Sum(nil))
	return must(made, err)
}

func point(text string) *edwards25519.Point {
	encoded := must(hex.DecodeString(text))
	return must(new(edwards25519.Point).SetBytes(encoded))
}

func must[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}
