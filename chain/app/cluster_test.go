package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"stateset.example/chain/cmd/notaryd/cluster"
)

const (
	patience = 2 * time.Minute
	glance   = 50 * time.Millisecond
)

// Real processes that talk over real sockets: what the replicas of the other tests cannot show.
func TestAClusterOutlivesAMember(t *testing.T) {
	binary := buildNotaryd(t)
	made, err := cluster.Init(newApp(), cluster.Plan{
		Dir: t.TempDir(), Members: 4, ChainID: chainID, Kind: "non-validating", Network: make([]byte, 32),
		VotingPeriod: votingPeriod, IdleInterval: 200 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	members := make([]*process, len(made.Members))
	for i, member := range made.Members {
		members[i] = startMember(t, binary, member)
	}
	for _, member := range members {
		member.waitForHeight(5)
	}
	expected := members[0].appHash(5)
	for _, member := range members[1:] {
		if hash := member.appHash(5); hash != expected {
			t.Errorf("%s has app hash %s, m0 has %s", member.Name, hash, expected)
		}
	}

	members[3].kill()
	reached := members[0].height()
	for _, member := range members[:3] {
		member.waitForHeight(reached + 3)
	}
	members[3] = startMember(t, binary, made.Members[3])
	members[3].waitForHeight(members[0].height())
	for _, member := range members {
		member.stop()
	}
}

func buildNotaryd(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "notaryd")
	build := exec.Command("go", "build", "-o", binary, "stateset.example/chain/cmd/notaryd")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%s", err, output)
	}
	return binary
}

// process is a running member.
type process struct {
	*testing.T
	cluster.MadeMember
	command *exec.Cmd
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
	p := &process{T: t, MadeMember: member, command: command, ended: make(chan error, 1)}
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

func (p *process) waitForHeight(height int64) {
	p.Helper()
	for deadline := time.Now().Add(patience); p.height() < height; time.Sleep(glance) {
		select {
		case err := <-p.ended:
			p.failWithLog(fmt.Sprintf("ended before height %d: %v", height, err))
		default:
		}
		if time.Now().After(deadline) {
			p.failWithLog(fmt.Sprintf("is at height %d, not %d", p.height(), height))
		}
	}
}

// height is 0 while the member does not answer yet.
func (p *process) height() int64 {
	var status struct {
		Result struct {
			SyncInfo struct {
				Height string `json:"latest_block_height"`
			} `json:"sync_info"`
		}
	}
	if p.ask("status", &status) != nil {
		return 0
	}
	height, _ := strconv.ParseInt(status.Result.SyncInfo.Height, 10, 64)
	return height
}

func (p *process) appHash(height int64) string {
	p.Helper()
	var block struct {
		Result struct {
			Block struct {
				Header struct {
					AppHash string `json:"app_hash"`
				}
			}
		}
	}
	if err := p.ask(fmt.Sprintf("block?height=%d", height), &block); err != nil || block.Result.Block.Header.AppHash == "" {
		p.Fatalf("%s has no block %d: %v", p.Name, height, err)
	}
	return block.Result.Block.Header.AppHash
}

func (p *process) ask(path string, into any) error {
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Get("http://" + p.RPC + "/" + path)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return json.NewDecoder(answer.Body).Decode(into)
}

func (p *process) failWithLog(what string) {
	p.Helper()
	log, _ := os.ReadFile(filepath.Join(p.Home, "log"))
	p.Fatalf("%s %s\n%s", p.Name, what, log)
}
