// Package codec is a second implementation of packages/codec, written for the test vectors: it
// recomputes them from the definitions instead of comparing texts. It favours brevity over speed.
package codec
