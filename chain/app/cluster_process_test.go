package app_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	rpchttp "github.com/cometbft/cometbft/rpc/client/http"

	"stateset.example/chain/cmd/notaryd/cluster"
)

const (
	patience = 2 * time.Minute
	glance   = 50 * time.Millisecond
	// answerSeconds is how long one answer of a member may take.
	answerSeconds = 20
	// rehearsed is the upgrade that only the second of the two binaries knows.
	rehearsed = "rehearsal"
)

// binaries are built once for all tests, where a test needs them.
var binaries struct {
	sync.Mutex
	dir   string
	built map[string]string
}

func TestMain(m *testing.M) {
	code := m.Run()
	if binaries.dir != "" {
		_ = os.RemoveAll(binaries.dir)
	}
	os.Exit(code)
}

// buildNotaryd is the binary of a release, or one that also knows an upgrade.
func buildNotaryd(t *testing.T, upgrade string) string {
	t.Helper()
	binaries.Lock()
	defer binaries.Unlock()
	if binaries.dir == "" {
		binaries.dir = must(os.MkdirTemp("", "notaryd"))
		binaries.built = map[string]string{}
	}
	if binary := binaries.built[upgrade]; binary != "" {
		return binary
	}
	binary := filepath.Join(binaries.dir, "notaryd-"+upgrade)
	// Without what debuggers need the link takes half as long.
	flags := "-s -w -X stateset.example/chain/app/upgrades.rehearsalName=" + upgrade
	build := exec.Command("go", "build", "-ldflags", flags, "-o", binary, "stateset.example/chain/cmd/notaryd")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%s", err, output)
	}
	binaries.built[upgrade] = binary
	return binary
}

// process is a running member.
type process struct {
	*testing.T
	cluster.MadeMember
	command *exec.Cmd
	rpc     *rpchttp.HTTP
	ended   chan error
}

func startMember(t *testing.T, binary string, member cluster.MadeMember) *process {
	t.Helper()
	log, err := os.OpenFile(filepath.Join(member.Home, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	command := exec.Command(binary, "start", "--home", member.Home)
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{
		T: t, MadeMember: member, command: command, ended: make(chan error, 1),
		rpc: must(rpchttp.NewWithTimeout("http://"+member.RPC, "/websocket", answerSeconds)),
	}
	go func() { p.ended <- command.Wait() }()
	t.Cleanup(func() { _ = command.Process.Kill() })
	return p
}

// kill gives the member no chance to put anything in order.
func (p *process) kill() {
	p.Helper()
	if err := p.command.Process.Kill(); err != nil {
		p.Fatal(err)
	}
	<-p.ended
}

// stop asks the member to end, which it must do cleanly.
func (p *process) stop() {
	p.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		p.Fatal(err)
	}
	select {
	case err := <-p.ended:
		if err != nil {
			p.failWithLog("ended with " + err.Error())
		}
	case <-time.After(patience):
		p.failWithLog("does not end")
	}
}

// waitFor looks again and again, until something holds of the member.
func (p *process) waitFor(what string, holds func() bool) {
	p.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(glance) {
		select {
		case err := <-p.ended:
			p.failWithLog(fmt.Sprintf("ended before %s: %v", what, err))
		default:
		}
		if time.Now().After(deadline) {
			p.failWithLog(fmt.Sprintf("has waited for %s for too long, at height %d", what, p.height()))
		}
	}
}

func (p *process) waitForHeight(height int64) {
	p.Helper()
	p.waitFor(fmt.Sprint("height ", height), func() bool { return p.height() >= height })
}

// height is 0 while the member does not answer yet.
func (p *process) height() int64 {
	status, err := p.rpc.Status(p.Context())
	if err != nil {
		return 0
	}
	return status.SyncInfo.LatestBlockHeight
}

// appHash is that of the state before the block.
func (p *process) appHash(height int64) string {
	p.Helper()
	block, err := p.rpc.Block(p.Context(), &height)
	if err != nil || block.Block == nil {
		p.Fatalf("%s has no block %d: %v", p.Name, height, err)
	}
	return block.Block.AppHash.String()
}

func (p *process) failWithLog(what string) {
	p.Helper()
	log, _ := os.ReadFile(filepath.Join(p.Home, "log"))
	p.Fatalf("%s %s\n%s", p.Name, what, log)
}
