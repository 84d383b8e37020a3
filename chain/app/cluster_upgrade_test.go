package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	upgradetypes "cosmossdk.io/x/upgrade/types"

	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"

	"stateset.example/chain/canonical"
	"stateset.example/chain/x/notary/rules"
	"stateset.example/chain/x/notary/rules/rulestest"
	notarytypes "stateset.example/chain/x/notary/types"
)

// heightsAhead is that of an upgrade when it is proposed: many more blocks than are made until it is
// decided, since an idle cluster makes one in 200 ms and the voting takes a second.
const heightsAhead = 40

// One binary stops at the height that was decided, and another goes on from there.
func TestAnUpgradeFromOneBinaryToAnother(t *testing.T) {
	before, after := buildNotaryd(t, ""), buildNotaryd(t, rehearsed)
	c := startCluster(t, before, 4, 4)
	first := c.members[0]
	issued := c.issue("coins", 3)
	c.notarise(first, 0, issued)
	coins := rulestest.OutputsOf(issued.Transaction())
	spent := consuming(c.issue("spent before", 1), coins[0])
	verdict := c.notarise(first, 0, spent)
	first.mustCarryOut(c.bulky(first, "accepted"))

	height := first.height() + heightsAhead
	c.pass(first, 1, []int{0, 1, 2}, c.smallBlocks(first), &upgradetypes.MsgSoftwareUpgrade{
		Authority: govAuthority(), Plan: upgradetypes.Plan{Name: rehearsed, Height: height},
	})
	asked := c.askUntilHalted(height)
	for _, member := range c.members {
		member.waitFor("the upgrade", func() bool { return hasHalted(member, height) })
	}
	for i, member := range c.members {
		member.kill()
		c.members[i] = startMember(t, after, member.MadeMember)
	}
	first = c.members[0]
	for _, member := range c.members {
		member.waitForHeight(height + 3)
	}
	for _, at := range []int64{height, height + 1, height + 2, height + 3} {
		expectSameState(t, at, c.members)
	}
	var applied upgradetypes.QueryAppliedPlanResponse
	first.mustQuery("/cosmos.upgrade.v1beta1.Query/AppliedPlan",
		&upgradetypes.QueryAppliedPlanRequest{Name: rehearsed}, &applied)
	if applied.Height != height {
		t.Errorf("the upgrade was at height %d, of %d", applied.Height, height)
	}

	if again := c.notarise(first, 0, spent); !bytes.Equal(again, verdict) {
		t.Errorf("%q is what was notarised as %q", again, verdict)
	}
	twice := c.notarise(first, 1, consuming(c.issue("spent again", 1), coins[0]))
	if !bytes.Contains(twice, []byte(rules.Conflict)) {
		t.Errorf("spent before and after the upgrade: %q", twice)
	}
	for _, draft := range append(asked, consuming(c.issue("spent after", 1), coins[1])) {
		if verdict := c.notarise(first, 2, draft); !bytes.Contains(verdict, []byte("notarised")) {
			t.Errorf("%s: %q", draft.Salt, verdict)
		}
	}
	if answer, err := first.rpc.BroadcastTxSync(t.Context(), c.bulky(first, "refused")); err == nil {
		t.Errorf("a transaction larger than a block: %v", answer)
	}
	for _, member := range c.members {
		member.stop()
	}
}

// askUntilHalted goes on with requests to all members, and gives them; the last may have got no
// answer.
func (c *clusterClient) askUntilHalted(height int64) (asked []rulestest.Draft) {
	c.Helper()
	for i := 0; !hasHalted(c.members[0], height); i++ {
		draft, via := c.issue(fmt.Sprint("asked ", i), 1), i%len(c.members)
		asked = append(asked, draft)
		member := c.members[via]
		answer, err := member.rpc.BroadcastTxSync(c.Context(), c.batch(member, via, draft))
		if err != nil || answer.Code != 0 {
			c.Fatalf("%s refuses a request: %v %v", member.Name, err, answer)
		}
		id := draft.Transaction().ID()
		member.waitFor("a place, or the upgrade", func() bool {
			return member.places(canonical.Hash(id)).Places[0].Height > 0 || hasHalted(member, height)
		})
	}
	return asked
}

// hasHalted tells whether the member left word of the upgrade for the next binary.
func hasHalted(member *process, height int64) bool {
	var plan upgradetypes.Plan
	word, err := os.ReadFile(filepath.Join(member.Home, "data", upgradetypes.UpgradeInfoFilename))
	return err == nil && json.Unmarshal(word, &plan) == nil && plan.Name == rehearsed && plan.Height == height
}

const smallBlockBytes = 64 << 10

func (c *clusterClient) smallBlocks(via *process) *consensustypes.MsgUpdateParams {
	c.Helper()
	now := must(via.rpc.ConsensusParams(c.Context(), nil)).ConsensusParams.ToProto()
	now.Evidence.MaxBytes = smallBlockBytes / 2
	return &consensustypes.MsgUpdateParams{
		Authority: govAuthority(), Evidence: now.Evidence, Validator: now.Validator,
		Block: &cmtproto.BlockParams{MaxBytes: smallBlockBytes, MaxGas: -1},
	}
}

// bulky is a batch that fits into no small block. What it asks is refused, and that is an answer.
func (c *clusterClient) bulky(via *process, salt string) []byte {
	c.Helper()
	return c.workerTx(via, 3, &notarytypes.MsgNotarise{
		Worker:   c.made.Members[3].Worker,
		Requests: []notarytypes.Request{{Shown: append(make([]byte, smallBlockBytes), salt...)}},
	})
}
