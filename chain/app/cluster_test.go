package app_test

import (
	"testing"
	"time"

	"stateset.example/chain/cmd/notaryd/cluster"
)

// Real processes that talk over real sockets: what the replicas of the other tests cannot show.
func TestAClusterOutlivesAMember(t *testing.T) {
	binary := buildNotaryd(t, "")
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
	expectSameState(t, 5, members)

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

// expectSameState is that of the state before the block of this height.
func expectSameState(t *testing.T, height int64, members []*process) {
	t.Helper()
	expected := members[0].appHash(height)
	for _, member := range members[1:] {
		if hash := member.appHash(height); hash != expected {
			t.Errorf("at height %d %s has app hash %s, %s has %s",
				height, member.Name, hash, members[0].Name, expected)
		}
	}
}
