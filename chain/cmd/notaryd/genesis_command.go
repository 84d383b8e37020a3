package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
)

func genesisCommand() *cobra.Command {
	parent := &cobra.Command{Use: "genesis", Short: "Look at a genesis file"}
	parent.AddCommand(&cobra.Command{
		Use:   "hash FILE",
		Short: "SHA-256 of a well-formed genesis file, which members compare before they start",
		Args:  cobra.ExactArgs(1), Annotations: map[string]string{needsNoHome: "yes"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := genutiltypes.AppGenesisFromFile(args[0]); err != nil {
				return err
			}
			content, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			hash := sha256.Sum256(content)
			fmt.Fprintln(cmd.OutOrStdout(), hex.EncodeToString(hash[:]))
			return nil
		},
	})
	return parent
}
