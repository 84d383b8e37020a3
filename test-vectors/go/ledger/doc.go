// Package ledger is a second implementation of the transaction format in packages/ledger, written
// for the test vectors.
package ledger
