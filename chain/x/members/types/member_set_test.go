package types_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"stateset.example/chain/x/members/types"
)

// The example of docs/spec/wire-format.md, section 15.
func TestHashIsThatOfTheWireFormat(t *testing.T) {
	key, _ := hex.DecodeString("ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c")
	cluster := bytes.Repeat([]byte{0xa2}, 32)
	set := types.MemberSet{Epoch: 0, Quorum: 1, WorkerKeys: [][]byte{key}}
	hash := types.NewMemberSetRecord(cluster, set).Hash()
	const expected = "e53f05f003ff8a3691bde7709e0c788fee30b521716feec00353eb90d18b26be"
	if found := hex.EncodeToString(hash[:]); found != expected {
		t.Errorf("hash %s, expected %s", found, expected)
	}
}

func TestQuorumOverlapsInAnHonestMember(t *testing.T) {
	for n := 1; n <= types.MembersMax; n++ {
		quorum, faulty := int(types.Quorum(n)), (n-1)/3
		if overlap := 2*quorum - n; overlap <= faulty {
			t.Errorf("%d members: two quorums of %d overlap in %d, of which %d may be faulty", n, quorum, overlap, faulty)
		}
		if quorum > n-faulty {
			t.Errorf("%d members: %d faulty ones can withhold a quorum of %d", n, faulty, quorum)
		}
	}
}

func TestClusterIsNamedByAllThatItBeganWith(t *testing.T) {
	network := types.Network{NetworkId: bytes.Repeat([]byte{1}, 32), Kind: types.KindNonValidating}
	set := types.MemberSet{Quorum: 1, WorkerKeys: [][]byte{bytes.Repeat([]byte{2}, 32)}}
	seen := map[string]string{}
	note := func(what string, id []byte) {
		if other, isTaken := seen[string(id)]; isTaken {
			t.Errorf("%s has the id of %s", what, other)
		}
		seen[string(id)] = what
	}
	note("the cluster", types.ClusterID(network, "chain", set))
	note("another chain", types.ClusterID(network, "chain-2", set))
	validating := network
	validating.Kind = types.KindValidating
	note("another kind", types.ClusterID(validating, "chain", set))
	elsewhere := network
	elsewhere.NetworkId = bytes.Repeat([]byte{3}, 32)
	note("another network", types.ClusterID(elsewhere, "chain", set))
	others := types.MemberSet{Quorum: 1, WorkerKeys: [][]byte{bytes.Repeat([]byte{4}, 32)}}
	note("other members", types.ClusterID(network, "chain", others))
}
