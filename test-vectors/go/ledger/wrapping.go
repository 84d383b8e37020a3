package ledger

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
)

const encBytes = 32

var (
	kemSuite  = []byte("KEM\x00\x20")
	hpkeSuite = []byte("HPKE\x00\x20\x00\x01\x00\x02")
	wrapInfo  = []byte("stateset/0/content-key")
)

// encryptionKey is the DeriveKeyPair of RFC 9180 for X25519.
func encryptionKey(seed []byte) *ecdh.PrivateKey {
	prk := labeledExtract(kemSuite, nil, "dkp_prk", seed)
	key, err := ecdh.X25519().NewPrivateKey(labeledExpand(kemSuite, prk, "sk", nil, 32))
	if err != nil {
		panic(err)
	}
	return key
}

// wrap encrypts a content key for a recipient, bound to leaf and key id.
func wrap(key, leaf []byte, keyID string, to *ecdh.PublicKey, seed []byte) []byte {
	associated := append(bytes.Clone(leaf), keyID...)
	ephemeral := encryptionKey(bytes.Join([][]byte{seed, key, to.Bytes(), associated}, nil))
	agreed, err := ephemeral.ECDH(to)
	if err != nil {
		panic(err)
	}
	enc := ephemeral.PublicKey().Bytes()
	gcm, nonce := messageCipher(agreed, enc, to.Bytes())
	return append(enc, gcm.Seal(nil, nonce, key, associated)...)
}

// unwrap gives the content key back to whom it was wrapped for.
func unwrap(wrapped, leaf []byte, keyID string, by *ecdh.PrivateKey) ([]byte, error) {
	enc, ciphertext := wrapped[:encBytes], wrapped[encBytes:]
	ephemeral, err := ecdh.X25519().NewPublicKey(enc)
	if err != nil {
		return nil, fault("tx/cannot-unwrap", "%v", err)
	}
	agreed, err := by.ECDH(ephemeral)
	if err != nil {
		return nil, fault("tx/cannot-unwrap", "%v", err)
	}
	gcm, nonce := messageCipher(agreed, enc, by.PublicKey().Bytes())
	key, err := gcm.Open(nil, nonce, ciphertext, append(bytes.Clone(leaf), keyID...))
	if err != nil {
		return nil, fault("tx/cannot-unwrap", "%v", err)
	}
	return key, nil
}

// messageCipher is ExtractAndExpand and KeySchedule of RFC 9180 in base mode, for the first message.
func messageCipher(agreed, enc, recipient []byte) (cipher.AEAD, []byte) {
	prk := labeledExtract(kemSuite, nil, "eae_prk", agreed)
	shared := labeledExpand(kemSuite, prk, "shared_secret", append(bytes.Clone(enc), recipient...), 32)
	context := bytes.Join([][]byte{
		{0},
		labeledExtract(hpkeSuite, nil, "psk_id_hash", nil),
		labeledExtract(hpkeSuite, nil, "info_hash", wrapInfo),
	}, nil)
	secret := labeledExtract(hpkeSuite, shared, "secret", nil)
	block, err := aes.NewCipher(labeledExpand(hpkeSuite, secret, "key", context, 32))
	if err != nil {
		panic(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm, labeledExpand(hpkeSuite, secret, "base_nonce", context, gcm.NonceSize())
}

func labeledExtract(suite, salt []byte, label string, input []byte) []byte {
	prk, err := hkdf.Extract(sha256.New, bytes.Join([][]byte{[]byte("HPKE-v1"), suite, []byte(label), input}, nil), salt)
	if err != nil {
		panic(err)
	}
	return prk
}

func labeledExpand(suite, prk []byte, label string, info []byte, length int) []byte {
	labeled := bytes.Join([][]byte{{byte(length >> 8), byte(length)}, []byte("HPKE-v1"), suite, []byte(label), info}, nil)
	expanded, err := hkdf.Expand(sha256.New, prk, string(labeled), length)
	if err != nil {
		panic(err)
	}
	return expanded
}
