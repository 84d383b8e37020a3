package codec

import (
	"encoding/hex"
	"encoding/json"
)

// SignedMessage is what is signed of a payload.
func SignedMessage(schemas Schemas, payload any) ([]byte, error) {
	encoded, err := Encode(schemas.Of("signaturePayload"), payload)
	return TaggedHash("signature", encoded), err
}

// VerifySignature tells whether the signature, in the form that Decode gives, is valid for payload.
func VerifySignature(schemas Schemas, signature, payload any) bool {
	message, err := SignedMessage(schemas, payload)
	if err != nil {
		return false
	}
	of := signature.(map[string]any)
	if of["kind"] != "composite" {
		return verifySimple(of, message)
	}
	if CheckTree(schemas.Of("keyTree"), of["tree"], 0) != nil {
		return false
	}
	members := map[string]bool{}
	IsTreeSatisfied(of["tree"], func(key string) bool { members[key] = true; return false })
	signed := map[string]bool{}
	previous := ""
	for _, each := range of["signatures"].([]any) {
		simple := each.(map[string]any)
		key := KeyID(simple)
		if key <= previous || !members[key] || !verifySimple(simple, message) {
			return false
		}
		signed[key] = true
		previous = key
	}
	return IsTreeSatisfied(of["tree"], func(key string) bool { return signed[key] })
}

func verifySimple(signature map[string]any, message []byte) bool {
	key, bytes := Bytes(signature["key"]), Bytes(signature["signature"])
	if signature["kind"] == "ed25519" {
		return verifyEd25519(key, message, bytes)
	}
	return verifyP256(key, message, bytes)
}

// KeyID is a text that two keys, or their signatures, share only if the key is the same.
func KeyID(key map[string]any) string {
	return key["kind"].(string) + ":" + key["key"].(string)
}

// Bytes are those of hexadecimal text that a decoded value holds.
func Bytes(value any) []byte {
	bytes, err := hex.DecodeString(value.(string))
	if err != nil {
		panic(err)
	}
	return bytes
}

// Int is that of a decoded uint.
func Int(value any) int {
	number, err := value.(json.Number).Int64()
	if err != nil {
		panic(err)
	}
	return int(number)
}
