package cluster

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	cmted25519 "github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
)

const (
	nodeKeyFile        = "config/node_key.json"
	consensusKeyFile   = "config/priv_validator_key.json"
	consensusStateFile = "data/priv_validator_state.json"
	operatorKeyFile    = "config/operator_key.json"
	workerKeyFile      = "config/worker_key.json"
	genesisFile        = "config/genesis.json"
	configFile         = "config/config.toml"
	appConfigFile      = "config/app.toml"

	private       = 0o600
	privateFolder = 0o700
)

// home is what one member has of its own.
type home struct {
	name, dir        string
	ports            memberPorts
	node             p2p.NodeKey
	consensus        *privval.FilePV
	operator, worker accountKey
}

func newHome(parent string, i int, ports memberPorts) (home, error) {
	name := fmt.Sprintf("m%d", i)
	dir, err := filepath.Abs(filepath.Join(parent, name))
	if err != nil {
		return home{}, err
	}
	operator, err := newAccountKey()
	if err != nil {
		return home{}, err
	}
	worker, err := newAccountKey()
	if err != nil {
		return home{}, err
	}
	consensus := privval.NewFilePV(cmted25519.GenPrivKey(),
		filepath.Join(dir, consensusKeyFile), filepath.Join(dir, consensusStateFile))
	return home{
		name: name, dir: dir, ports: ports, node: p2p.NodeKey{PrivKey: cmted25519.GenPrivKey()},
		consensus: consensus, operator: operator, worker: worker,
	}, nil
}

func (h home) consensusKey() []byte { return h.consensus.Key.PubKey.Bytes() }

func (h home) write(plan Plan, all []home, genesis []byte) error {
	for _, folder := range []string{"config", "data"} {
		if err := os.MkdirAll(filepath.Join(h.dir, folder), privateFolder); err != nil {
			return err
		}
	}
	if err := h.node.SaveAs(filepath.Join(h.dir, nodeKeyFile)); err != nil {
		return err
	}
	h.consensus.Save() // itself with mode 0600
	for file, key := range map[string]accountKey{operatorKeyFile: h.operator, workerKeyFile: h.worker} {
		text, err := json.MarshalIndent(key.file(), "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(h.dir, file), append(text, '\n'), private); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(h.dir, genesisFile), genesis, private); err != nil {
		return err
	}
	h.writeConfig(plan, all)
	return nil
}
