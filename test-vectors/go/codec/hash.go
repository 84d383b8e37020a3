package codec

import "crypto/sha256"

// TaggedHash is SHA-256 over the length of the prefix as one byte, the prefix stateset/0/<tag>, and
// the parts.
func TaggedHash(tag string, parts ...[]byte) []byte {
	prefix := "stateset/0/" + tag
	hash := sha256.New()
	hash.Write([]byte{byte(len(prefix))})
	hash.Write([]byte(prefix))
	for _, part := range parts {
		hash.Write(part)
	}
	return hash.Sum(nil)
}
