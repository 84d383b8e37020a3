// Package cluster makes the homes of a new cluster on one machine, for development and tests.
package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"stateset.example/chain/app"
	"stateset.example/chain/x/members/types"
)

// Plan is what a cluster is made by.
type Plan struct {
	Dir     string
	Members int
	ChainID string
	// Network is the id of the network that is served, and NetworkGenesis what that is the hash of:
	// where it is given, certificates must lead to its root.
	Network, NetworkGenesis []byte

	Kind         string
	BasePort     int
	VotingPeriod time.Duration
	// IdleInterval lies between blocks while nothing is asked; a second if it is 0.
	IdleInterval     time.Duration
	SnapshotInterval uint64
	// ModuleGenesis names files with what modules begin with, by the modules' names.
	ModuleGenesis map[string]string
}

// Made is what there is now, without the secrets.
type Made struct {
	ChainID     string       `json:"chainId"`
	Cluster     string       `json:"cluster"`
	Network     string       `json:"network"`
	Kind        string       `json:"kind"`
	Quorum      uint32       `json:"quorum"`
	GenesisHash string       `json:"genesisHash"`
	Members     []MadeMember `json:"members"`
}

// MadeMember is one home, and how its member is reached and named.
type MadeMember struct {
	Name         string `json:"name"`
	Index        uint32 `json:"index"`
	Home         string `json:"home"`
	P2P          string `json:"p2p"`
	RPC          string `json:"rpc"`
	GRPC         string `json:"grpc"`
	NodeID       string `json:"nodeId"`
	Operator     string `json:"operator"`
	Worker       string `json:"worker"`
	WorkerKey    string `json:"workerKey"`
	ConsensusKey string `json:"consensusKey"`
	OperatorFile string `json:"operatorKeyFile"`
	WorkerFile   string `json:"workerKeyFile"`
}

// Init writes everything, or nothing that could be started.
func Init(blank *app.App, plan Plan) (Made, error) {
	if err := plan.check(); err != nil {
		return Made{}, err
	}
	homes := make([]home, plan.Members)
	ports, err := choosePorts(plan.BasePort, plan.Members)
	if err != nil {
		return Made{}, err
	}
	for i := range homes {
		if homes[i], err = newHome(plan.Dir, i, ports[i]); err != nil {
			return Made{}, err
		}
	}
	genesis, err := newGenesis(blank, plan, membersOf(homes))
	if err != nil {
		return Made{}, err
	}
	for _, h := range homes {
		if err := h.write(plan, homes, genesis); err != nil {
			return Made{}, err
		}
	}
	return report(plan, homes, genesis), nil
}

func (p Plan) check() error {
	if p.Members < 1 || p.Members > types.MembersMax {
		return fmt.Errorf("1 to %d members expected, not %d", types.MembersMax, p.Members)
	}
	if err := (types.Network{NetworkId: p.Network, Kind: p.Kind}).Validate(); err != nil {
		return err
	}
	entries, err := os.ReadDir(p.Dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty: keys are never overwritten", p.Dir)
	}
	return nil
}

func membersOf(homes []home) []types.Member {
	members := make([]types.Member, len(homes))
	for i, h := range homes {
		members[i] = types.Member{
			Index: uint32(i), Name: h.name, Operator: h.operator.address().String(),
			ConsensusKey: h.consensusKey(), WorkerKey: h.worker.public(), Status: types.Status_STATUS_ACTIVE,
		}
	}
	return members
}

func report(plan Plan, homes []home, genesis []byte) Made {
	set := types.NewMemberSet(0, membersOf(homes))
	network := types.Network{NetworkId: plan.Network, Kind: plan.Kind}
	hash := sha256.Sum256(genesis)
	made := Made{
		ChainID: plan.ChainID, Network: hex.EncodeToString(plan.Network), Kind: plan.Kind, Quorum: set.Quorum,
		Cluster:     hex.EncodeToString(types.ClusterID(network, plan.ChainID, set)),
		GenesisHash: hex.EncodeToString(hash[:]),
	}
	for i, h := range homes {
		made.Members = append(made.Members, MadeMember{
			Name: h.name, Index: uint32(i), Home: h.dir, NodeID: string(h.node.ID()),
			P2P: h.ports.p2p(), RPC: h.ports.rpc(), GRPC: h.ports.grpc(),
			Operator: h.operator.address().String(), Worker: h.worker.address().String(),
			WorkerKey: hex.EncodeToString(h.worker.public()), ConsensusKey: hex.EncodeToString(h.consensusKey()),
			OperatorFile: filepath.Join(h.dir, operatorKeyFile), WorkerFile: filepath.Join(h.dir, workerKeyFile),
		})
	}
	return made
}
