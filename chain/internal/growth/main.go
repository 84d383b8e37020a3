// Growth measures what a block costs the store of a member as references pile up: it loads records
// under the notary's own keys, then applies blocks as requests would and times them. It prints one
// JSON line for each size.
//
//	go run ./internal/growth -sizes 1000000,10000000 -dir /tmp/growth
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	sizes := flag.String("sizes", "0,1000000", "references to measure at, ascending")
	dir := flag.String("dir", "", "an empty folder for the database")
	blocks := flag.Int("blocks", 50, "blocks to time at each size")
	requests := flag.Int("requests", 300, "requests of a block")
	layout := flag.String("layout", "edge", "edge, as the notary has it, or random for comparison")
	flag.Parse()
	if err := run(*sizes, *dir, *layout, *blocks, *requests); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(sizes, dir, layout string, blocks, requests int) error {
	if dir == "" {
		return fmt.Errorf("-dir is missing: name an empty folder, for example -dir /tmp/growth")
	}
	ledger, err := openLedger(dir, layout)
	if err != nil {
		return err
	}
	defer ledger.db.Close()
	for _, text := range strings.Split(sizes, ",") {
		size, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		if err := ledger.growTo(size); err != nil {
			return err
		}
		figure, err := ledger.measure(blocks, requests)
		if err != nil {
			return err
		}
		line, err := json.Marshal(figure)
		if err != nil {
			return err
		}
		fmt.Println(string(line))
	}
	return nil
}
