package cluster

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/cosmos/cosmos-sdk/codec"

	"stateset.example/chain/app"
	networkmaptypes "stateset.example/chain/x/networkmap/types"
)

// moduleGenesisBytesMax is more than the map of any network that fits on one machine takes.
const moduleGenesisBytesMax = 64 << 20

// putModuleGenesis lets files say what modules begin with, in place of what stands there. A map
// without registrars keeps the operators.
func (p Plan) putModuleGenesis(cdc codec.JSONCodec, states app.Genesis) error {
	for _, name := range slices.Sorted(maps.Keys(p.ModuleGenesis)) {
		if _, isKnown := states[name]; !isKnown {
			return fmt.Errorf("there is no module %q", name)
		}
		state, err := readModuleGenesis(p.ModuleGenesis[name])
		if err != nil {
			return fmt.Errorf("genesis of %s: %w", name, err)
		}
		if name == networkmaptypes.ModuleName {
			if state, err = withRegistrars(cdc, state, states[name]); err != nil {
				return fmt.Errorf("genesis of %s: %w", name, err)
			}
		}
		states[name] = state
	}
	return nil
}

func readModuleGenesis(path string) (json.RawMessage, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > moduleGenesisBytesMax {
		return nil, fmt.Errorf("%s has more than %d bytes", path, moduleGenesisBytesMax)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !json.Valid(content) {
		return nil, fmt.Errorf("%s is not JSON", path)
	}
	return content, nil
}

func withRegistrars(cdc codec.JSONCodec, given, standing json.RawMessage) (json.RawMessage, error) {
	var state, before networkmaptypes.GenesisState
	if err := cdc.UnmarshalJSON(given, &state); err != nil {
		return nil, err
	}
	if err := cdc.UnmarshalJSON(standing, &before); err != nil {
		return nil, err
	}
	if len(state.Registrars) == 0 {
		state.Registrars = before.Registrars
	}
	return cdc.MarshalJSON(&state)
}
