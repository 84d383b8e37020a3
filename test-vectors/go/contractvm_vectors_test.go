package testvectors

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/tetratelabs/wazero"
)

const (
	defaultMeteredWasm = "../../.stateset/build/contract-vm.wasm"
	// The interpreter is many times slower than the compiler: it runs what costs less than this.
	interpreterGasMax = 4_000_000
)

type vectorFile struct {
	MeteredWasmSHA256 string        `json:"meteredWasmSha256"`
	Intrinsics        uint64        `json:"intrinsics"`
	BootGas           int64         `json:"bootGas,string"`
	StackMarginBytes  uint64        `json:"stackMarginBytes"`
	Limits            vmLimits      `json:"limits"`
	Prelude           string        `json:"prelude"`
	Entries           []vectorEntry `json:"entries"`
}

type vectorEntry struct {
	Theme    string    `json:"theme"`
	Name     string    `json:"name"`
	Mode     string    `json:"mode"`
	Source   string    `json:"source"`
	InputHex string    `json:"inputHex"`
	Outcome  vmOutcome `json:"outcome"`
	Gas      int64     `json:"gas,string"`
}

func TestContractVMCompiled(t *testing.T) {
	wasm, vectors := readContractVM(t)
	e := newEngine(t, wazero.NewRuntimeConfigCompiler(), wasm, vectors)
	for _, entry := range vectors.Entries {
		t.Run(entry.Theme+"/"+entry.Name, func(t *testing.T) { checkEntry(t, e, entry) })
	}
}

func TestContractVMInterpreted(t *testing.T) {
	wasm, vectors := readContractVM(t)
	e := newEngine(t, wazero.NewRuntimeConfigInterpreter(), wasm, vectors)
	for _, entry := range vectors.Entries {
		if entry.Gas > interpreterGasMax {
			continue
		}
		t.Run(entry.Theme+"/"+entry.Name, func(t *testing.T) { checkEntry(t, e, entry) })
	}
}

func checkEntry(t *testing.T, e *engine, entry vectorEntry) {
	input, err := hex.DecodeString(entry.InputHex)
	if err != nil {
		t.Fatal(err)
	}
	run := e.loadAndCall
	if entry.Mode == "script" {
		run = e.runScript
	}
	outcome, gas := run(entry.Source, input)
	if !reflect.DeepEqual(outcome, entry.Outcome) {
		t.Errorf("outcome %s, expected %s", asJSON(outcome), asJSON(entry.Outcome))
	}
	if gas != entry.Gas {
		t.Errorf("gas %d, expected %d", gas, entry.Gas)
	}
}

func asJSON(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

func readContractVM(t *testing.T) ([]byte, *vectorFile) {
	t.Helper()
	path := os.Getenv("STATESET_METERED_WASM")
	if path == "" {
		path = defaultMeteredWasm
	}
	wasm, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v\nwrite it with: node packages/contract-vm/test/emit-wasm.ts", err)
	}
	content, err := os.ReadFile("../contract-vm.json")
	if err != nil {
		t.Fatal(err)
	}
	vectors := &vectorFile{}
	if err := json.Unmarshal(content, vectors); err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(wasm); hex.EncodeToString(sum[:]) != vectors.MeteredWasmSHA256 {
		t.Fatalf("%s is not the wasm of the vectors\nwrite it with: node packages/contract-vm/test/emit-wasm.ts", path)
	}
	return wasm, vectors
}
