package keeper

import (
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/canonical"
	"stateset.example/chain/x/notary/types"
)

var (
	early, undone, instead, later = [32]byte{1}, [32]byte{2}, [32]byte{3}, [32]byte{4}
)

func emptyStage(t *testing.T) *stage {
	t.Helper()
	return stageOf(t, rowOf(t, "an issuance without inputs and signatures"))
}

// branch is the stage over a state that is thrown away, as a rollback does; the index stays.
func (s *stage) branch() *stage {
	branched := *s
	branched.ctx, _ = s.ctx.CacheContext()
	return &branched
}

func (s *stage) places(ids ...[32]byte) *types.QueryPlacesResponse {
	s.t.Helper()
	asked := &types.QueryPlacesRequest{}
	for _, id := range ids {
		asked.Ids = append(asked.Ids, id[:])
	}
	found, err := Queries{s.keeper}.Places(s.ctx, asked)
	must(s.t, err)
	return found
}

// isAtItsPlace holds a place against the header of its block, as the chain does.
func (s *stage) isAtItsPlace(id [32]byte, place types.Place) bool {
	s.t.Helper()
	if place.Height == 0 {
		return false
	}
	header, err := s.keeper.sealedHeader(s.ctx, place.Height)
	must(s.t, err)
	return isAt(id, &place, header)
}

// An id that the index does not have counts as one that was never notarised: members would sign its
// absence. So the index must not trust heights alone when a block was undone and made otherwise.
func TestTheIndexAfterARollback(t *testing.T) {
	s := emptyStage(t)
	s.seal(1000, early)
	s.branch().seal(2000, [32]byte{8}, undone, [32]byte{9})

	s.seal(2000, instead)
	found := s.places(early, undone, instead)
	if !s.isAtItsPlace(early, found.Places[0]) || !s.isAtItsPlace(instead, found.Places[2]) {
		t.Errorf("what was notarised is not found: %v", found.Places)
	}
	if found.Places[1].Height != 0 {
		t.Errorf("what was undone has a place: %v", found.Places[1])
	}

	s.seal(3000, later, undone)
	if again := s.places(undone).Places[0]; !s.isAtItsPlace(undone, again) || again.Height != 3 {
		t.Errorf("what was notarised after all has the place %v", again)
	}
}

func TestTheIndexIsAheadAfterARollback(t *testing.T) {
	s := emptyStage(t)
	s.seal(1000, early)
	ahead := s.branch()
	ahead.seal(2000, undone)
	ahead.seal(3000, later)

	s.nextBlock() // which notarises nothing
	found := s.places(early, undone, later)
	if found.Height != 1 || found.Places[0].Height != 1 || found.Places[1].Height != 0 || found.Places[2].Height != 0 {
		t.Errorf("at %d: %v", found.Height, found.Places)
	}
	s.seal(2000, undone) // the same block again, as in a replay
	if place := s.places(undone).Places[0]; !s.isAtItsPlace(undone, place) {
		t.Errorf("the place of what was replayed is %v", place)
	}
}

// Without the newest block's time nobody may conclude that a window ended, but places are known.
func TestAStartTellsPlacesAndNoTime(t *testing.T) {
	s := emptyStage(t)
	s.seal(1000, early)
	s.keeper.index.sees(Seen{})
	must(t, s.keeper.CatchUp(s.ctx))
	found := s.places(early, undone)
	if !s.isAtItsPlace(early, found.Places[0]) || found.ChainHeight != 0 || found.ChainTime != 0 {
		t.Errorf("found %v", found)
	}
}

// The state that is asked may be older than the index: what only the newer one has is no absence.
func TestAnOlderStateIsAskedAgain(t *testing.T) {
	s := emptyStage(t)
	s.seal(1000, early)
	old := s.ctx
	s.ctx = func() sdk.Context { ctx, _ := s.ctx.CacheContext(); return ctx }()
	s.seal(2000, later)
	asked := &types.QueryPlacesRequest{Ids: [][]byte{later[:]}}
	if found, err := (Queries{s.keeper}).Places(old, asked); !types.ErrUnknownBlock.Is(err) {
		t.Errorf("got %v, %v", found, err)
	}
}

func TestPlacesOfManyBlocks(t *testing.T) {
	s := emptyStage(t)
	var asked [][32]byte
	for block := range byte(7) {
		var ids [][32]byte
		for index := range block + 1 {
			ids = append(ids, canonical.Hash{block + 1, index + 1})
		}
		s.seal(int64(block)*1000, ids...)
		asked = append(asked, ids...)
	}
	// As a worker asks: in no order, and some twice.
	for i := range asked {
		j := (i * 17) % len(asked)
		asked[i], asked[j] = asked[j], asked[i]
	}
	asked = append(asked, asked[3], [32]byte{99})
	places := s.places(asked...).Places
	for i, id := range asked[:len(asked)-1] {
		if !s.isAtItsPlace(id, places[i]) {
			t.Errorf("%x is not at %v", id[:2], places[i])
		}
	}
	if places[len(asked)-1].Height != 0 {
		t.Error("an unknown id has a place")
	}
	_, err := Queries{s.keeper}.Places(s.ctx, &types.QueryPlacesRequest{Ids: make([][]byte, placesMax+1)})
	if !types.ErrBadQuery.Is(err) {
		t.Errorf("too many ids: %v", err)
	}
}
