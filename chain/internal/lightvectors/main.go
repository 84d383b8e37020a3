// Command lightvectors writes the vectors of the light client: headers, validator sets and commits
// as CometBFT makes them, stores and proofs as the SDK does, and for each row the verdict of their
// own code. Run it in the module's root:
//
//	go run ./internal/lightvectors
package main

import (
	"fmt"
	"os"
)

// vectorsFile is seen from the module's root.
const vectorsFile = "../test-vectors/light-client.json"

func main() {
	text, err := vectorsText()
	if err == nil {
		err = os.WriteFile(vectorsFile, text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
