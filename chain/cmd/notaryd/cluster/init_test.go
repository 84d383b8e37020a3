package cluster_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/viper"

	"cosmossdk.io/log"

	"stateset.example/chain/app"
	"stateset.example/chain/cmd/notaryd/cluster"
)

func planIn(dir string) cluster.Plan {
	return cluster.Plan{
		Dir: dir, Members: 4, ChainID: "cluster-1", Kind: "non-validating", Network: make([]byte, 32),
		BasePort: 26_600, VotingPeriod: time.Hour,
	}
}

func initIn(plan cluster.Plan) (cluster.Made, error) {
	return cluster.Init(app.New(log.NewNopLogger(), dbm.NewMemDB(), nil, true, viper.New()), plan)
}

func TestSecretsAreTheOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	made, err := initIn(planIn(dir))
	if err != nil {
		t.Fatal(err)
	}
	keys := 0
	err = filepath.WalkDir(filepath.Join(dir, "m0"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		isKey := strings.HasSuffix(path, "_key.json")
		if isKey {
			keys++
		}
		if mode := info.Mode().Perm(); entry.IsDir() && mode != 0o700 || isKey && mode != 0o600 {
			t.Errorf("%s has mode %o", path, mode)
		}
		return nil
	})
	if err != nil || keys != 4 {
		t.Errorf("%d key files: %v", keys, err)
	}
	told, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range made.Members {
		for _, file := range []string{member.OperatorFile, member.WorkerFile} {
			var key struct{ Secret, Address string }
			content, err := os.ReadFile(file)
			if err != nil || json.Unmarshal(content, &key) != nil || len(key.Secret) != 64 {
				t.Fatalf("%s: %v", file, err)
			}
			if strings.Contains(string(told), key.Secret) {
				t.Errorf("the secret of %s is told", key.Address)
			}
		}
	}
}

func TestMembersShareNothingButTheGenesis(t *testing.T) {
	made, err := initIn(planIn(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	if made.Quorum != 3 || len(made.Members) != 4 {
		t.Fatalf("%d members, quorum %d", len(made.Members), made.Quorum)
	}
	seen, genesis := map[string]bool{}, map[string]bool{}
	for _, member := range made.Members {
		for _, own := range []string{
			member.Home, member.P2P, member.RPC, member.GRPC, member.NodeID,
			member.Operator, member.Worker, member.WorkerKey, member.ConsensusKey,
		} {
			if seen[own] {
				t.Errorf("%s stands twice", own)
			}
			seen[own] = true
		}
		content, err := os.ReadFile(filepath.Join(member.Home, "config/genesis.json"))
		if err != nil {
			t.Fatal(err)
		}
		genesis[string(content)] = true
	}
	if len(genesis) != 1 {
		t.Errorf("%d different genesis files", len(genesis))
	}
}

func TestPlansThatAreRefused(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "key"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	rows := map[string]func(*cluster.Plan){
		"no members":          func(p *cluster.Plan) { p.Members = 0 },
		"too many members":    func(p *cluster.Plan) { p.Members = 65 },
		"no network":          func(p *cluster.Plan) { p.Network = nil },
		"no kind":             func(p *cluster.Plan) { p.Kind = "" },
		"validating":          func(p *cluster.Plan) { p.Kind = "validating" },
		"no chain":            func(p *cluster.Plan) { p.ChainID = "" },
		"ports past the last": func(p *cluster.Plan) { p.BasePort = 65_530 },
		"a folder in use":     func(p *cluster.Plan) { p.Dir = full },
	}
	for name, change := range rows {
		t.Run(name, func(t *testing.T) {
			plan := planIn(t.TempDir())
			change(&plan)
			if _, err := initIn(plan); err == nil {
				t.Error("made")
			}
			if entries, err := os.ReadDir(filepath.Join(plan.Dir, "m0")); err == nil {
				t.Errorf("%d entries were written", len(entries))
			}
		})
	}
}
