// Package canonical reads and writes the one encoding that every value has: the part of dag-cbor
// without floats, tags, nulls and links, and the tagged hashes and Merkle trees over it.
//
// A Reader refuses all bytes but those that the append functions write, so that whoever reads and
// writes again has the same bytes. See docs/spec/wire-format.md.
package canonical
