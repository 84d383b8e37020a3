package cluster

import (
	"cmp"
	"path/filepath"
	"strings"
	"time"

	cmtcfg "github.com/cometbft/cometbft/config"

	serverconfig "github.com/cosmos/cosmos-sdk/server/config"

	"stateset.example/chain/app"
)

const (
	// A worker batches requests, so few transactions wait; beyond these a member answers that it is full.
	waitingTransactionsMax = 4_096
	waitingBytesMax        = 64 << 20

	// transactionBytesMax has room for the largest request that is admitted, and less than a block's.
	transactionBytesMax = 3 << 20
	// rpcBytesMax has room for such a transaction in hexadecimal digits.
	rpcBytesMax = 2*transactionBytesMax + 64<<10

	// strangersGasPrice is for accounts that are no member's: members do not pay for what they submit.
	strangersGasPrice = "0.001"
)

func (h home) writeConfig(plan Plan, all []home) {
	cmtcfg.WriteConfigFile(filepath.Join(h.dir, configFile), h.consensusConfig(plan, all))
	serverconfig.WriteConfigFile(filepath.Join(h.dir, appConfigFile), h.appConfig(plan))
}

// consensusConfig makes blocks as soon as there is something to decide, and otherwise now and then,
// so that time goes on for windows that end.
func (h home) consensusConfig(plan Plan, all []home) *cmtcfg.Config {
	config := cmtcfg.DefaultConfig()
	config.SetRoot(h.dir)
	config.Moniker = h.name
	config.LogLevel, config.LogFormat = "error", "json"

	config.Consensus.TimeoutCommit = 0
	config.Consensus.TimeoutPropose = time.Second
	config.Consensus.CreateEmptyBlocks = false
	config.Consensus.CreateEmptyBlocksInterval = cmp.Or(plan.IdleInterval, time.Second)

	config.P2P.ListenAddress = "tcp://" + h.ports.p2p()
	config.P2P.PersistentPeers = strings.Join(h.peers(all), ",")
	// Members are known: nobody else is looked for, and several may share an address.
	config.P2P.PexReactor = false
	config.P2P.AddrBookStrict = false
	config.P2P.AllowDuplicateIP = true
	// A vote waits for nothing; the default of 100 ms would be most of a block's time.
	config.P2P.FlushThrottleTimeout = 10 * time.Millisecond

	// However many others connect, there is always room for a member.
	config.P2P.UnconditionalPeerIDs = strings.Join(h.peerIDs(all), ",")

	config.Mempool.Size = waitingTransactionsMax
	config.Mempool.CacheSize = 4 * waitingTransactionsMax
	config.Mempool.MaxTxsBytes = waitingBytesMax
	config.Mempool.MaxTxBytes = transactionBytesMax

	config.RPC.ListenAddress = "tcp://" + h.ports.rpc()
	config.RPC.PprofListenAddress = ""
	config.RPC.MaxBodyBytes = rpcBytesMax
	config.Instrumentation.Prometheus = false
	// Workers find what they need through queries of the state; an index would double what is written.
	config.TxIndex.Indexer = "null"
	return config
}

func (h home) appConfig(plan Plan) *serverconfig.Config {
	config := serverconfig.DefaultConfig()
	config.MinGasPrices = strangersGasPrice + app.FeeDenom
	config.GRPC.Address = h.ports.grpc()
	config.API.Enable = false
	config.GRPCWeb.Enable = false
	// The index of latest values would be a second copy of the state.
	config.IAVLDisableFastNode = true
	config.StateSync.SnapshotInterval = plan.SnapshotInterval
	config.StateSync.SnapshotKeepRecent = 2
	return config
}

func (h home) peers(all []home) []string {
	var peers []string
	for _, other := range all {
		if other.name != h.name {
			peers = append(peers, string(other.node.ID())+"@"+other.ports.p2p())
		}
	}
	return peers
}

func (h home) peerIDs(all []home) []string {
	var ids []string
	for _, other := range all {
		if other.name != h.name {
			ids = append(ids, string(other.node.ID()))
		}
	}
	return ids
}
