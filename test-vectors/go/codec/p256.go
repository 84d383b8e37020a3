package codec

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"math/big"
)

// verifyP256 takes a compressed point and r ‖ s of 64 bytes, with s the lower of its two values.
func verifyP256(key, message, signature []byte) bool {
	if len(signature) != 64 {
		return false
	}
	curve := elliptic.P256()
	x, y := elliptic.UnmarshalCompressed(curve, key)
	if x == nil {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	if s.Cmp(halfOrder(curve)) > 0 {
		return false
	}
	digest := sha256.Sum256(message)
	return ecdsa.Verify(&ecdsa.PublicKey{Curve: curve, X: x, Y: y}, digest[:], r, s)
}

func halfOrder(curve elliptic.Curve) *big.Int {
	return new(big.Int).Rsh(curve.Params().N, 1)
}
