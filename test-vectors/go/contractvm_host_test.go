package testvectors

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// A second host of the contract VM, written against the metered wasm alone. It makes the same
// engine calls in the same order as packages/contract-vm/src/engine/guest-machine.ts, because each
// of them costs gas.

const (
	pageBytes          = 65536
	memoryPagesMax     = 1024
	badDescriptor      = 8
	tagException       = 6
	valueUndefined     = uint64(3) << 32
	lengthCellOffset   = 16
	cellsBytes         = 20
	memoryDeniedByHost = 2

	operationDescribe     = 0
	operationBind         = 1
	operationCallContract = 2
	operationRender       = 3
)

type vmLimits struct {
	Gas            int64 `json:"gas,string"`
	MemoryBytes    int64 `json:"memoryBytes"`
	StackBytes     int64 `json:"stackBytes"`
	CallDepth      int64 `json:"callDepth"`
	ResultBytesMax int64 `json:"resultBytesMax"`
}

type position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// vmOutcome is the verdict on one run; Result is nil where the script had no result.
type vmOutcome struct {
	OK       bool      `json:"ok"`
	Result   *string   `json:"result"`
	Code     string    `json:"code"`
	Detail   string    `json:"detail"`
	Position *position `json:"position"`
}

func failed(code, detail string) vmOutcome { return vmOutcome{Code: code, Detail: detail} }

var (
	outOfMemory  = failed("out-of-memory", "out of memory")
	asyncRefused = failed("threw", "asynchronous code is not supported")
)

type engine struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	vectors  *vectorFile
	boot     *machineState
}

type machineState struct {
	memory                             []byte
	pages                              uint32
	stackPointer, stackFloor           uint64
	context, guestRuntime, cells, file uint64
	prelude                            uint64
}

// machine is one instance with the state it was restored to.
type machine struct {
	engine       *engine
	module       api.Module
	ctx          context.Context
	state        machineState
	hasRejection bool
}

type machineKey struct{}

func newEngine(t *testing.T, config wazero.RuntimeConfig, wasm []byte, vectors *vectorFile) *engine {
	t.Helper()
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, config)
	t.Cleanup(func() { _ = runtime.Close(ctx) })
	compiled, err := runtime.CompileModule(ctx, wasm)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"env", "wasi_snapshot_preview1"} {
		builder := runtime.NewHostModuleBuilder(name)
		for _, definition := range compiled.ImportedFunctions() {
			module, function, _ := definition.Import()
			if module != name {
				continue
			}
			stub, ok := stubs[function]
			if !ok {
				t.Fatalf("unexpected import %s.%s", module, function)
			}
			builder.NewFunctionBuilder().
				WithGoModuleFunction(stub, definition.ParamTypes(), definition.ResultTypes()).Export(function)
		}
		if _, err := builder.Instantiate(ctx); err != nil {
			t.Fatal(err)
		}
	}
	e := &engine{runtime: runtime, compiled: compiled, vectors: vectors}
	if err := e.bootUp(); err != nil {
		t.Fatal(err)
	}
	return e
}

func answer(value uint64) api.GoModuleFunc {
	return func(_ context.Context, _ api.Module, stack []uint64) {
		if len(stack) > 0 {
			stack[0] = value
		}
	}
}

var stubs = map[string]api.GoModuleFunc{
	"host_get_timezone_offset": answer(0),
	"host_interrupt":           answer(0),
	"host_module_normalize":    answer(0),
	"host_module_load":         answer(0),
	"host_call":                answer(0),
	"host_promise_rejection": func(ctx context.Context, _ api.Module, _ []uint64) {
		ctx.Value(machineKey{}).(*machine).hasRejection = true
	},
	"clock_time_get": func(_ context.Context, module api.Module, stack []uint64) {
		module.Memory().WriteUint64Le(uint32(stack[2]), 0)
		stack[0] = 0
	},
	"random_get": func(_ context.Context, module api.Module, stack []uint64) {
		module.Memory().Write(uint32(stack[0]), make([]byte, uint32(stack[1])))
		stack[0] = 0
	},
	"fd_close":      answer(badDescriptor),
	"fd_fdstat_get": answer(badDescriptor),
	"fd_seek":       answer(badDescriptor),
	"fd_write":      answer(badDescriptor),
}

func (e *engine) instantiate() (*machine, error) {
	m := &machine{engine: e}
	m.ctx = context.WithValue(context.Background(), machineKey{}, m)
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	module, err := e.runtime.InstantiateModule(m.ctx, e.compiled, config)
	m.module = module
	return m, err
}

// trap carries a failed engine call up to run.
type trap struct{ err error }

func (m *machine) invoke(name string, arguments ...uint64) uint64 {
	results, err := m.module.ExportedFunction(name).Call(m.ctx, arguments...)
	if err != nil {
		panic(trap{err})
	}
	if len(results) == 0 {
		return 0
	}
	return results[0]
}

func (m *machine) global(name string) api.MutableGlobal {
	return m.module.ExportedGlobal(name).(api.MutableGlobal)
}

func (m *machine) setLimits(limits vmLimits) {
	m.global("gas_left").Set(uint64(limits.Gas))
	m.global("frame_slots_left").Set(uint64(limits.CallDepth))
	m.global("memory_denied").Set(0)
	pages := min(uint64(limits.MemoryBytes/pageBytes), memoryPagesMax)
	m.global("memory_page_limit").Set(max(pages, m.global("memory_pages").Get()))
}

func (e *engine) bootUp() (err error) {
	m, err := e.instantiate()
	if err != nil {
		return err
	}
	defer func() {
		if caught, ok := recover().(trap); ok {
			err = caught.err
		}
	}()
	v := e.vectors
	limits := v.Limits
	limits.Gas = v.BootGas
	m.setLimits(limits)
	m.invoke("_initialize")
	if m.invoke("qjs_init2", v.Intrinsics) != 0 {
		return errors.New("the engine did not start")
	}
	s := &m.state
	s.context = m.invoke("qjs_get_context_ptr")
	s.guestRuntime = m.invoke("qjs_get_runtime_ptr")
	m.global("stack_floor").Set(m.global("__stack_pointer").Get() - uint64(limits.StackBytes) - v.StackMarginBytes)
	m.invoke("JS_SetMaxStackSize", s.guestRuntime, uint64(limits.StackBytes))
	m.invoke("qjs_set_promise_rejection_handler", 1)
	name := m.put([]byte("prelude.js"))
	source := m.put([]byte(v.Prelude))
	s.prelude = m.invoke("JS_Eval", s.context, source, uint64(len(v.Prelude)), name, 0)
	if isException(s.prelude) {
		return errors.New("the prelude failed")
	}
	s.cells = m.invoke("wasm_malloc", cellsBytes)
	s.file = m.put([]byte("contract.js"))
	e.boot = m.snapshot()
	return nil
}

func (m *machine) snapshot() *machineState {
	s := m.state
	s.pages = uint32(m.global("memory_pages").Get())
	view, _ := m.module.Memory().Read(0, s.pages*pageBytes)
	s.memory = bytes.Clone(view)
	s.stackPointer = m.global("__stack_pointer").Get()
	s.stackFloor = m.global("stack_floor").Get()
	return &s
}

func (e *engine) restore(s *machineState) *machine {
	m, err := e.instantiate()
	if err != nil {
		panic(err)
	}
	memory := m.module.Memory()
	if missing := int64(s.pages) - int64(memory.Size()/pageBytes); missing > 0 {
		if _, ok := memory.Grow(uint32(missing)); !ok {
			panic("the host has no memory")
		}
	}
	memory.Write(0, s.memory)
	m.global("memory_pages").Set(uint64(s.pages))
	m.global("__stack_pointer").Set(s.stackPointer)
	m.global("stack_floor").Set(s.stackFloor)
	m.state = *s
	return m
}

// put copies bytes into the guest, with a zero after them; 0 means no memory.
func (m *machine) put(content []byte) uint64 {
	address := m.invoke("wasm_malloc", uint64(len(content)+1))
	if address != 0 {
		m.module.Memory().Write(uint32(address), append(bytes.Clone(content), 0))
	}
	return address
}

// evaluate gives the script's value, or an outcome if it has none.
func (m *machine) evaluate(source string) (uint64, *vmOutcome) {
	address := m.put([]byte(source))
	if address == 0 {
		return 0, &outOfMemory
	}
	value := m.invoke("JS_Eval", m.state.context, address, uint64(len(source)), m.state.file, 0)
	if isException(value) {
		outcome := m.ask(operationDescribe, m.invoke("JS_GetException", m.state.context))
		return 0, &outcome
	}
	return value, nil
}

func (m *machine) callContract(input []byte) vmOutcome {
	address := m.put(input)
	if address == 0 {
		return outOfMemory
	}
	value := m.invoke("JS_ReadObject", m.state.context, address, uint64(len(input)), 0)
	if isException(value) {
		return outOfMemory
	}
	return m.ask(operationCallContract, value)
}

// ask calls the prelude's function and decodes its reply.
func (m *machine) ask(operation, value uint64) vmOutcome {
	s := &m.state
	memory := m.module.Memory()
	words := binary.LittleEndian.AppendUint64(nil, operation)
	memory.Write(uint32(s.cells), binary.LittleEndian.AppendUint64(words, value))
	reply := m.invoke("JS_Call", s.context, s.prelude, valueUndefined, 2, s.cells)
	if isException(reply) {
		return outOfMemory
	}
	address := m.invoke("JS_ToCStringLen2", s.context, s.cells+lengthCellOffset, reply, 0)
	if address == 0 {
		return outOfMemory
	}
	length, _ := memory.ReadUint32Le(uint32(s.cells) + lengthCellOffset)
	limit := m.engine.vectors.Limits.ResultBytesMax
	if (operation == operationCallContract || operation == operationRender) && int64(length)-1 > limit {
		return failed("threw", fmt.Sprintf("the result is over %d bytes", limit))
	}
	text, _ := memory.Read(uint32(address), length)
	return parseReply(string(text), m.global("memory_denied").Get() != 0)
}

func (m *machine) settle(outcome vmOutcome) vmOutcome {
	if outcome.OK && (m.hasRejection || m.invoke("JS_IsJobPending", m.state.guestRuntime) != 0) {
		return asyncRefused
	}
	return outcome
}

// run executes steps under the limits and gives their outcome with the gas used.
func (m *machine) run(steps func() vmOutcome) (outcome vmOutcome, gas int64) {
	limits := m.engine.vectors.Limits
	m.setLimits(limits)
	defer func() {
		caught := recover()
		if reason, ok := caught.(trap); ok {
			outcome = m.explain(reason.err)
		} else if caught != nil {
			panic(caught)
		}
		gas = limits.Gas - int64(m.global("gas_left").Get())
	}()
	return steps(), 0
}

func (m *machine) explain(err error) vmOutcome {
	switch {
	case int64(m.global("gas_left").Get()) < 0:
		return failed("out-of-gas", "the gas limit is used up")
	case int32(m.global("frame_slots_left").Get()) < 0,
		uint32(m.global("__stack_pointer").Get()) < uint32(m.global("stack_floor").Get()):
		return failed("stack-overflow", "calls are nested too deep")
	case m.global("memory_denied").Get() == memoryDeniedByHost:
		return failed("host-memory", err.Error())
	case regexp.MustCompile("stack overflow").MatchString(err.Error()):
		return failed("host-stack", err.Error())
	}
	return failed("trapped", "the engine failed")
}

func (e *engine) runScript(source string, input []byte) (vmOutcome, int64) {
	m := e.restore(e.boot)
	defer m.module.Close(m.ctx)
	return m.run(func() vmOutcome {
		value, failure := m.evaluate(source)
		if failure != nil {
			return *failure
		}
		if m.ask(operationBind, valueUndefined).OK {
			return m.settle(m.callContract(input))
		}
		return m.settle(m.ask(operationRender, value))
	})
}

func (e *engine) loadAndCall(source string, input []byte) (vmOutcome, int64) {
	loader := e.restore(e.boot)
	defer loader.module.Close(loader.ctx)
	outcome, gas := loader.run(func() vmOutcome {
		value, failure := loader.evaluate(source)
		if failure != nil {
			return *failure
		}
		loader.invoke("JS_FreeValue", loader.state.context, value)
		return loader.settle(loader.ask(operationBind, valueUndefined))
	})
	if !outcome.OK {
		if outcome.Code != "invalid-bundle" {
			outcome.Detail = outcome.Code + ": " + outcome.Detail
			outcome.Code = "invalid-bundle"
		}
		return outcome, gas
	}
	m := e.restore(loader.snapshot())
	defer m.module.Close(m.ctx)
	return m.run(func() vmOutcome { return m.settle(m.callContract(input)) })
}

func isException(value uint64) bool { return value>>32 == tagException }

var replyCodes = map[byte]string{'t': "threw", 'n': "threw", 'm': "out-of-memory", 's': "stack-overflow", 'b': "invalid-bundle"}
var replyPosition = regexp.MustCompile(`^(\d+):(\d+)`)

// parseReply follows the grammar in guest-prelude.js.
func parseReply(reply string, wasMemoryDenied bool) vmOutcome {
	switch reply[0] {
	case 'r':
		text := reply[1:]
		return vmOutcome{OK: true, Result: &text}
	case 'u':
		return vmOutcome{OK: true}
	}
	if reply[0] == 'n' && wasMemoryDenied {
		return outOfMemory
	}
	head, detail, _ := bytes.Cut([]byte(reply), []byte{0})
	outcome := failed(replyCodes[reply[0]], string(detail))
	if found := replyPosition.FindSubmatch(head[1:]); found != nil {
		line, _ := strconv.Atoi(string(found[1]))
		column, _ := strconv.Atoi(string(found[2]))
		outcome.Position = &position{line, column}
	}
	return outcome
}
