// Package ledger is what a notary knows of transactions: their twelve groups in any form, the id
// that all forms share, what the open groups hold, who signed, and who may spend a state.
//
// Decoders are strict: what they accept is what the append methods write. What they give refers to
// the bytes that they read, which nobody may change. Every size, count and depth is bounded, so
// that the cost of a document is in proportion to its bytes. See docs/spec/wire-format.md.
package ledger
