package cluster_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cmtcfg "github.com/cometbft/cometbft/config"
	"github.com/spf13/viper"

	"stateset.example/chain/cmd/notaryd/cluster"
	notarytypes "stateset.example/chain/x/notary/types"
)

func configOf(t *testing.T, member cluster.MadeMember) *cmtcfg.Config {
	t.Helper()
	file := viper.New()
	file.SetConfigFile(filepath.Join(member.Home, "config/config.toml"))
	config := cmtcfg.DefaultConfig()
	if err := file.ReadInConfig(); err != nil {
		t.Fatal(err)
	}
	if err := file.Unmarshal(config); err != nil {
		t.Fatal(err)
	}
	return config
}

// envelope is of a transaction around its one request: signature, account, fee and names of types.
const envelope = 4 << 10

// Every limit on the way is at least that of what the notary admits, in whatever digits it is sent.
func TestTheLargestRequestGetsIn(t *testing.T) {
	made, err := initIn(planIn(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	config := configOf(t, made.Members[0])
	largest := int(notarytypes.DefaultParams().RequestBytesMax) + envelope
	if config.Mempool.MaxTxBytes < largest {
		t.Errorf("the mempool takes %d bytes, a request has up to %d", config.Mempool.MaxTxBytes, largest)
	}
	encoded := max(hex.EncodedLen(config.Mempool.MaxTxBytes), base64.StdEncoding.EncodedLen(config.Mempool.MaxTxBytes))
	if config.RPC.MaxBodyBytes < int64(encoded+envelope) {
		t.Errorf("the RPC takes %d bytes, a transaction has up to %d", config.RPC.MaxBodyBytes, encoded)
	}
	var genesis struct {
		Consensus struct {
			Params struct {
				Block struct {
					MaxBytes int `json:"max_bytes,string"`
				}
			}
		}
	}
	content, err := os.ReadFile(filepath.Join(made.Members[0].Home, "config/genesis.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &genesis); err != nil {
		t.Fatal(err)
	}
	// What the mempool takes and no block can hold would lie there for ever, first in the queue.
	const besides = 64 << 10 // the header, and signatures of 64 members
	if room := genesis.Consensus.Params.Block.MaxBytes - besides; config.Mempool.MaxTxBytes > room {
		t.Errorf("the mempool takes %d bytes, a block has room for %d", config.Mempool.MaxTxBytes, room)
	}
}

// Strangers that connect first must not keep members from each other.
func TestMembersAreAlwaysLetIn(t *testing.T) {
	made, err := initIn(planIn(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range made.Members {
		letIn := strings.Split(configOf(t, member).P2P.UnconditionalPeerIDs, ",")
		if len(letIn) != len(made.Members)-1 {
			t.Errorf("%s lets %v in", member.Name, letIn)
		}
		for _, other := range made.Members {
			isOther := other.Name != member.Name
			if strings.Contains(strings.Join(letIn, ","), other.NodeID) != isOther {
				t.Errorf("%s lets %v in, %s being %s", member.Name, letIn, other.Name, other.NodeID)
			}
		}
	}
}
