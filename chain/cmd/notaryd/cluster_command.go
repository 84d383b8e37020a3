package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"stateset.example/chain/cmd/notaryd/cluster"
)

func clusterCommand() *cobra.Command {
	parent := &cobra.Command{Use: "cluster", Short: "Make clusters for development"}
	parent.AddCommand(clusterInitCommand())
	return parent
}

func clusterInitCommand() *cobra.Command {
	var plan cluster.Plan
	var network, networkGenesis string
	var isJSON bool
	command := &cobra.Command{
		Use:   "init",
		Short: "Write the homes of a new cluster whose members all run on this machine",
		Args:  cobra.NoArgs, Annotations: map[string]string{needsNoHome: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			id, err := hex.DecodeString(network)
			if err != nil {
				return fmt.Errorf("--network: %w", err)
			}
			plan.Network = id
			if networkGenesis != "" {
				if plan.NetworkGenesis, err = os.ReadFile(networkGenesis); err != nil {
					return err
				}
			}
			made, err := cluster.Init(blankApp(), plan)
			if err != nil {
				return err
			}
			return printMade(cmd.OutOrStdout(), made, isJSON)
		},
	}
	flags := command.Flags()
	flags.StringVar(&plan.Dir, "dir", "", "where to write; must not exist, or be empty")
	flags.IntVar(&plan.Members, "members", 7, "how many members")
	flags.StringVar(&plan.ChainID, "chain-id", "stateset-notary-1", "the chain's name")
	flags.StringVar(&network, "network", "", "id of the network that the cluster serves, 64 hexadecimal digits")
	flags.StringVar(&networkGenesis, "network-genesis", "", "file of the canonical bytes that the id is the hash of; with it certificates are checked")
	flags.StringVar(&plan.Kind, "kind", "non-validating", "non-validating; validating cannot be served yet")
	flags.IntVar(&plan.BasePort, "base-port", 0, "first of the ports, ten for each member; 0 for any that are free")
	flags.DurationVar(&plan.VotingPeriod, "voting-period", time.Hour, "how long proposals are voted on")
	flags.DurationVar(&plan.IdleInterval, "idle-interval", time.Second, "between blocks while nothing is asked")
	flags.Uint64Var(&plan.SnapshotInterval, "snapshot-interval", 0, "blocks between snapshots for state sync; 0 for none")
	flags.StringToStringVar(&plan.ModuleGenesis, "module-genesis", nil, "files with what modules begin with, as networkmap=FILE")
	flags.BoolVar(&isJSON, "json", false, "print JSON")
	for _, name := range []string{"dir", "network"} {
		if err := command.MarkFlagRequired(name); err != nil {
			panic(err)
		}
	}
	return command
}

func printMade(to io.Writer, made cluster.Made, isJSON bool) error {
	if isJSON {
		text, err := json.MarshalIndent(made, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(to, string(text))
		return err
	}
	fmt.Fprintf(to, "chain %s, cluster %s, genesis %s\n", made.ChainID, made.Cluster, made.GenesisHash)
	for _, member := range made.Members {
		fmt.Fprintf(to, "%s  %s  rpc %s  grpc %s\n", member.Name, member.Home, member.RPC, member.GRPC)
	}
	return nil
}
