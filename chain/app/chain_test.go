package app_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/viper"

	"cosmossdk.io/log"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	stded25519 "crypto/ed25519"

	"stateset.example/chain/app"
	"stateset.example/chain/cmd/notaryd/cluster"
)

const (
	chainID      = "cluster-1"
	votingPeriod = time.Hour
)

// chain is one replica, driven as consensus would drive it.
type chain struct {
	*testing.T
	app     *app.App
	made    cluster.Made
	genesis *genutiltypes.AppGenesis
	height  int64
	now     time.Time
	// twin makes each block too, where there is one, and must come to the same state.
	twin *chain
}

// withTwin is for a chain that has made no block yet.
func (c *chain) withTwin() *chain {
	c.Helper()
	c.twin = startChain(c.T, c.made)
	return c
}

func newChain(t *testing.T, members int) *chain {
	t.Helper()
	made := newCluster(t, members)
	return startChain(t, made)
}

func newCluster(t *testing.T, members int) cluster.Made {
	t.Helper()
	made, err := cluster.Init(newApp(), cluster.Plan{
		Dir: t.TempDir(), Members: members, ChainID: chainID, Kind: "non-validating",
		Network: make([]byte, 32), VotingPeriod: votingPeriod,
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func newApp() *app.App {
	return app.New(log.NewNopLogger(), dbm.NewMemDB(), nil, true, viper.New(), baseapp.SetChainID(chainID))
}

func startChain(t *testing.T, made cluster.Made) *chain {
	t.Helper()
	genesis, err := genutiltypes.AppGenesisFromFile(made.Members[0].Home + "/config/genesis.json")
	if err != nil {
		t.Fatal(err)
	}
	c := &chain{T: t, app: newApp(), made: made, genesis: genesis, now: genesis.GenesisTime}
	c.init(genesis.AppState, 1)
	return c
}

func (c *chain) init(state json.RawMessage, height int64) {
	c.Helper()
	params := c.genesis.Consensus.Params.ToProto()
	answer, err := c.app.InitChain(&abci.RequestInitChain{
		Time: c.now, ChainId: chainID, InitialHeight: height, ConsensusParams: &params, AppStateBytes: state,
	})
	if err != nil {
		c.Fatal(err)
	}
	if len(answer.Validators) == 0 {
		c.Fatal("nobody has power")
	}
	c.height = height - 1
}

// next makes a block, a second after the last.
func (c *chain) next(txs ...[]byte) *abci.ResponseFinalizeBlock {
	c.Helper()
	return c.block(&abci.RequestFinalizeBlock{Txs: txs})
}

func (c *chain) block(request *abci.RequestFinalizeBlock) *abci.ResponseFinalizeBlock {
	c.Helper()
	c.height++
	c.now = c.now.Add(time.Second)
	request.Height, request.Time = c.height, c.now
	answer := c.carryOut(request)
	if c.twin != nil {
		c.twin.height, c.twin.now = c.height, c.now
		if twins := c.twin.carryOut(request); !bytes.Equal(twins.AppHash, answer.AppHash) {
			c.Fatalf("height %d: app hash %x, the twin's is %x", c.height, answer.AppHash, twins.AppHash)
		}
	}
	return answer
}

func (c *chain) carryOut(request *abci.RequestFinalizeBlock) *abci.ResponseFinalizeBlock {
	c.Helper()
	answer, err := c.app.FinalizeBlock(request)
	if err != nil {
		c.Fatal(err)
	}
	if _, err := c.app.Commit(); err != nil {
		c.Fatal(err)
	}
	return answer
}

// accept makes a block of transactions that must all succeed.
func (c *chain) accept(txs ...[]byte) *abci.ResponseFinalizeBlock {
	c.Helper()
	answer := c.next(txs...)
	for i, result := range answer.TxResults {
		if result.Code != 0 {
			c.Fatalf("transaction %d: %s", i, result.Log)
		}
	}
	return answer
}

// operatorTx is in the order of the operator's transactions.
func (c *chain) operatorTx(i int, messages ...sdk.Msg) []byte {
	return c.tx(c.made.Members[i].OperatorFile, false, messages...)
}

// workerTx is in no order, as workers have many in flight.
func (c *chain) workerTx(i int, messages ...sdk.Msg) []byte {
	return c.tx(c.made.Members[i].WorkerFile, true, messages...)
}

func (c *chain) tx(keyFile string, isUnordered bool, messages ...sdk.Msg) []byte {
	c.Helper()
	key := readKey(c.T, keyFile)
	account := c.app.Accounts.GetAccount(c.context(), sdk.AccAddress(key.PubKey().Address()))
	if account == nil {
		c.Fatalf("%s has no account", keyFile)
	}
	by := txSigner{key: key, account: account.GetAccountNumber(), sequence: account.GetSequence()}
	if isUnordered {
		return makeTx(c.app.TxConfig(), c.now.Add(time.Minute), []txSigner{by}, messages...)
	}
	return makeTx(c.app.TxConfig(), time.Time{}, []txSigner{by}, messages...)
}

// context reads what was committed last.
func (c *chain) context() sdk.Context {
	return c.app.NewUncachedContext(false, cmtproto.Header{ChainID: chainID, Height: c.height, Time: c.now})
}

func readKey(t *testing.T, file string) *ed25519.PrivKey {
	t.Helper()
	var key struct{ Secret string }
	if err := json.Unmarshal(must(os.ReadFile(file)), &key); err != nil {
		t.Fatal(err)
	}
	return &ed25519.PrivKey{Key: stded25519.NewKeyFromSeed(must(hex.DecodeString(key.Secret)))}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
