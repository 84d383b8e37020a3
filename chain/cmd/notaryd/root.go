package main

import (
	"io"

	cmtcfg "github.com/cometbft/cometbft/config"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"cosmossdk.io/log"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/config"
	"github.com/cosmos/cosmos-sdk/client/pruning"
	"github.com/cosmos/cosmos-sdk/client/snapshot"
	"github.com/cosmos/cosmos-sdk/server"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/version"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"stateset.example/chain/app"
)

func newRoot() *cobra.Command {
	version.Name, version.AppName = "stateset", app.Name
	encoding := blankApp().Encoding
	root := &cobra.Command{
		Use:           "notaryd",
		Short:         "A member of a Stateset notary cluster",
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Annotations[needsNoHome] != "" {
				return nil
			}
			if err := endWithInput(cmd); err != nil {
				return err
			}
			return readHome(cmd, encoding)
		},
	}
	server.AddCommands(root, app.DefaultHome(), newApp, exportApp, addStartFlags)
	root.AddCommand(
		server.StatusCommand(),
		pruning.Cmd(newApp, app.DefaultHome()),
		snapshot.Cmd(newApp),
		clusterCommand(),
		genesisCommand(),
	)
	return root
}

// blankApp is over nothing: it knows how messages are written and what a genesis consists of. It is
// not kept, since a member that runs has an app of its own.
func blankApp() *app.App {
	return app.New(log.NewNopLogger(), dbm.NewMemDB(), nil, true, viper.New())
}

// needsNoHome marks commands that read and make no home folder of a member.
const needsNoHome = "needs-no-home"

func readHome(cmd *cobra.Command, encoding app.Encoding) error {
	ctx := client.Context{}.
		WithCodec(encoding.Codec()).
		WithInterfaceRegistry(encoding.InterfaceRegistry()).
		WithLegacyAmino(encoding.Amino()).
		WithTxConfig(encoding.TxConfig()).
		WithAccountRetriever(authtypes.AccountRetriever{}).
		WithInput(cmd.InOrStdin()).
		WithHomeDir(app.DefaultHome()).
		WithViper("").
		WithCmdContext(cmd.Context())
	ctx, err := client.ReadPersistentCommandFlags(ctx, cmd.Flags())
	if err != nil {
		return err
	}
	if ctx, err = config.ReadFromClientConfig(ctx); err != nil {
		return err
	}
	if err := client.SetCmdClientContextHandler(ctx, cmd); err != nil {
		return err
	}
	return server.InterceptConfigsPreRunHandler(
		cmd, serverconfig.DefaultConfigTemplate, serverconfig.DefaultConfig(), cmtcfg.DefaultConfig())
}

func newApp(logger log.Logger, db dbm.DB, trace io.Writer, options servertypes.AppOptions) servertypes.Application {
	return app.New(logger, db, trace, true, options, server.DefaultBaseappOptions(options)...)
}

// exportApp leaves a state that can only go on: this chain has nothing to begin anew from height 0.
func exportApp(
	logger log.Logger, db dbm.DB, trace io.Writer, height int64, _ bool, _ []string,
	options servertypes.AppOptions, modules []string,
) (servertypes.ExportedApp, error) {
	exported := app.New(logger, db, trace, height == -1, options)
	if height != -1 {
		if err := exported.LoadHeight(height); err != nil {
			return servertypes.ExportedApp{}, err
		}
	}
	return exported.Export(modules)
}
