package ledger

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"

	"stateset.example/testvectors/codec"
)

const nonceBytes = 32

// seal encrypts nonce and component under a key of the component's own, with the leaf as associated
// data and a vector of zeros.
func seal(key, leaf, nonce, component []byte) []byte {
	gcm := cipherOf(key, leaf)
	return gcm.Seal(nil, make([]byte, gcm.NonceSize()), append(bytes.Clone(nonce), component...), leaf)
}

// open gives nonce and component back and checks that they are what the leaf says.
func open(key, leaf []byte, algorithm string, ciphertext []byte) (nonce, component []byte, err error) {
	gcm := cipherOf(key, leaf)
	if algorithm != "aes-256-gcm" {
		return nil, nil, fault("tx/cannot-open", "by %s", algorithm)
	}
	plaintext, failure := gcm.Open(nil, make([]byte, gcm.NonceSize()), ciphertext, leaf)
	if failure != nil || len(plaintext) <= nonceBytes {
		return nil, nil, fault("tx/cannot-open", "%v", failure)
	}
	nonce, component = plaintext[:nonceBytes], plaintext[nonceBytes:]
	if !bytes.Equal(componentLeaf(nonce, component), leaf) {
		return nil, nil, fault("tx/leaf-mismatch", "%x", leaf)
	}
	return nonce, component, nil
}

func cipherOf(key, leaf []byte) cipher.AEAD {
	block, err := aes.NewCipher(codec.TaggedHash("seal", key, leaf))
	if err != nil {
		panic(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm
}

// sealedForm is a component in the form that only the key's holder can read.
func sealedForm(key, nonce, component []byte, keyID string) object {
	leaf := componentLeaf(nonce, component)
	return object{
		"kind":       "sealed",
		"leaf":       codec.Hex(leaf).String(),
		"keyId":      keyID,
		"algorithm":  "aes-256-gcm",
		"ciphertext": codec.Hex(seal(key, leaf, nonce, component)).String(),
	}
}
