package cluster

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/viper"

	"cosmossdk.io/log"

	"stateset.example/chain/app"
	networkmaptypes "stateset.example/chain/x/networkmap/types"
)

func planWith(t *testing.T, module, content string) Plan {
	t.Helper()
	path := filepath.Join(t.TempDir(), "genesis.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return Plan{ModuleGenesis: map[string]string{module: path}}
}

func TestModuleGenesis(t *testing.T) {
	blank := app.New(log.NewNopLogger(), dbm.NewMemDB(), nil, true, viper.New())
	standing := networkmaptypes.DefaultGenesisState()
	standing.Registrars = []string{"operator"}
	states := func() app.Genesis {
		states := blank.DefaultGenesis()
		states.Put(blank.Codec(), networkmaptypes.ModuleName, standing)
		return states
	}

	t.Run("what is given stands, and operators stay registrars", func(t *testing.T) {
		states := states()
		plan := planWith(t, "networkmap", `{"network":"AAEC","noticeBlocks":"7"}`)
		if err := plan.putModuleGenesis(blank.Codec(), states); err != nil {
			t.Fatal(err)
		}
		var state networkmaptypes.GenesisState
		blank.Codec().MustUnmarshalJSON(states["networkmap"], &state)
		if state.NoticeBlocks != 7 || !bytes.Equal(state.Network, []byte{0, 1, 2}) {
			t.Errorf("map begins with %v", &state)
		}
		if len(state.Registrars) != 1 || state.Registrars[0] != "operator" {
			t.Errorf("registrars %v", state.Registrars)
		}
	})

	t.Run("registrars that are given stand", func(t *testing.T) {
		states := states()
		plan := planWith(t, "networkmap", `{"registrars":["other"]}`)
		if err := plan.putModuleGenesis(blank.Codec(), states); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(states["networkmap"]), `["other"]`) {
			t.Errorf("map begins with %s", states["networkmap"])
		}
	})

	t.Run("another module's is taken as it is", func(t *testing.T) {
		states := states()
		if err := planWith(t, "bank", `{"a":1}`).putModuleGenesis(blank.Codec(), states); err != nil {
			t.Fatal(err)
		}
		if string(states["bank"]) != `{"a":1}` {
			t.Errorf("bank begins with %s", states["bank"])
		}
	})

	refused := map[string]struct {
		plan Plan
		told string
	}{
		"an unknown module": {planWith(t, "nothing", `{}`), "no module"},
		"no JSON":           {planWith(t, "bank", `{`), "not JSON"},
		"an unknown field":  {planWith(t, "networkmap", `{"cereal":"1"}`), "cereal"},
		"a missing file":    {Plan{ModuleGenesis: map[string]string{"bank": filepath.Join(t.TempDir(), "none")}}, "no such file"},
	}
	for name, row := range refused {
		t.Run(name+" is refused", func(t *testing.T) {
			err := row.plan.putModuleGenesis(blank.Codec(), states())
			if err == nil || !strings.Contains(err.Error(), row.told) {
				t.Errorf("told %v", err)
			}
		})
	}
}
