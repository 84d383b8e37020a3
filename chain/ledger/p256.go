package ledger

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"math/big"
)

// p256HalfOrder is half of the group's order: the largest s that counts as low.
var p256HalfOrder = [32]byte{
	0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
}

// verifyP256 takes a compressed point and r ‖ s of 64 bytes, with s the lower of its two values.
func verifyP256(key, message, signature []byte) bool {
	if len(key) != p256KeyBytes || len(signature) != signatureBytes {
		return false
	}
	if bytes.Compare(signature[32:], p256HalfOrder[:]) > 0 {
		return false
	}
	curve := elliptic.P256()
	x, y := elliptic.UnmarshalCompressed(curve, key)
	if x == nil {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	digest := sha256.Sum256(message)
	return ecdsa.Verify(&ecdsa.PublicKey{Curve: curve, X: x, Y: y}, digest[:], r, s)
}
