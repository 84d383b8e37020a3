// Package rules judges requests for notarisation: purely, by what is shown and what the caller
// knows. They are the rules of docs/spec/notary.md, in its order, with its faults.
//
// Open and Check look at the request and the standing alone, so that their outcome can be kept.
// Judge asks what was notarised before; an error of the store is an error, and never a fault. What
// they give refers to the bytes of the request, which nobody may change.
package rules
