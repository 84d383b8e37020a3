package codec

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
)

// PublicKeyOf is the public key of a 32-byte secret, a P-256 point compressed.
func PublicKeyOf(kind string, secret []byte) []byte {
	if kind == "ed25519" {
		return ed25519.NewKeyFromSeed(secret).Public().(ed25519.PublicKey)
	}
	x, y := p256Point(secret)
	return elliptic.MarshalCompressed(elliptic.P256(), x, y)
}

// Sign makes the one signature that both schemes have for a message: P-256 takes its nonce from
// RFC 6979 and the lower s.
func Sign(kind string, secret, message []byte) ([]byte, error) {
	if kind == "ed25519" {
		return ed25519.Sign(ed25519.NewKeyFromSeed(secret), message), nil
	}
	curve := elliptic.P256()
	x, y := p256Point(secret)
	key := &ecdsa.PrivateKey{
		PublicKey: ecdsa.PublicKey{Curve: curve, X: x, Y: y},
		D:         new(big.Int).SetBytes(secret),
	}
	digest := sha256.Sum256(message)
	der, err := key.Sign(nil, digest[:], crypto.SHA256) // no random source: RFC 6979
	if err != nil {
		return nil, err
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		return nil, err
	}
	if pair.S.Cmp(halfOrder(curve)) > 0 {
		pair.S.Sub(curve.Params().N, pair.S)
	}
	signature := make([]byte, 64)
	pair.R.FillBytes(signature[:32])
	pair.S.FillBytes(signature[32:])
	return signature, nil
}

func p256Point(secret []byte) (x, y *big.Int) {
	key, err := ecdh.P256().NewPrivateKey(secret)
	if err != nil {
		panic(err)
	}
	uncompressed := key.PublicKey().Bytes()
	return new(big.Int).SetBytes(uncompressed[1:33]), new(big.Int).SetBytes(uncompressed[33:])
}
