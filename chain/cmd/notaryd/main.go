// Command notaryd is a member of a notary cluster: one replica of the chain.
package main

import (
	"fmt"
	"os"

	servercmd "github.com/cosmos/cosmos-sdk/server/cmd"

	"stateset.example/chain/app"
)

// environmentPrefix begins variables that stand for flags, such as NOTARYD_HOME.
const environmentPrefix = "NOTARYD"

func main() {
	if err := servercmd.Execute(newRoot(), environmentPrefix, app.DefaultHome()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
