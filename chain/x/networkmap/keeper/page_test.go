package keeper

import (
	"testing"

	"github.com/cosmos/gogoproto/proto"

	"stateset.example/chain/x/networkmap/types"
)

func TestLargeEntriesEndAPage(t *testing.T) {
	for bytes, wanted := range map[int]int{1 << 20: 3, 2 << 20: 1, 5 << 20: 1} {
		value, err := proto.Marshal(&types.Identity{Registration: make([]byte, bytes)})
		if err != nil {
			t.Fatal(err)
		}
		page := newPage(0)
		for more := true; more; {
			if more, err = page.add(value); err != nil {
				t.Fatal(err)
			}
		}
		if len(page.identities) != wanted || !page.hasMore {
			t.Errorf("%d entries of %d bytes", len(page.identities), bytes)
		}
	}
}
