package keeper_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

func TestMapQuery(t *testing.T) {
	m := livedMap(t)
	answer, err := m.queries.Map(m.ctx, &types.QueryMapRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if answer.Serial != m.serial() || !bytes.Equal(answer.Network, m.network[:]) || answer.NoticeBlocks != noticeBlocks ||
		!bytes.Equal(answer.NetworkGenesis, m.genesis.NetworkGenesis) || len(answer.Registrars) != 1 ||
		!bytes.Equal(answer.Previous, m.genesis.Parameters[0].Hash) ||
		!bytes.Equal(answer.Current, maptest.ParametersHash(m.parameters(1, 1))) ||
		!bytes.Equal(answer.Announced, maptest.ParametersHash(m.parameters(2, 2))) {
		t.Fatalf("%v", answer)
	}
}

func TestIdentityQuery(t *testing.T) {
	m := newMap(t)
	id := m.register("Alpenblick", alpenblick.Key())
	for _, row := range []struct {
		id   []byte
		code error
	}{{id, nil}, {make([]byte, 32), types.ErrUnknownIdentity}, {nil, types.ErrMalformed}, {append(id, 0), types.ErrMalformed}} {
		answer, err := m.queries.Identity(m.ctx, &types.QueryIdentityRequest{Id: row.id})
		if !errors.Is(err, row.code) || err == nil && answer.Identity.Name != nameOf("Alpenblick") {
			t.Fatalf("%x: %v, %v", row.id, answer, err)
		}
	}
}

func TestPagesOfIdentities(t *testing.T) {
	m := newMap(t)
	for i := range 300 {
		name := fmt.Sprintf("Company %d", i)
		m.register(name, maptest.NewSigner(name).Key())
	}
	for _, limit := range []uint32{0, 1, 100, 256, 1000} {
		var all []types.Identity
		for request := (types.QueryIdentitiesRequest{Limit: limit}); ; {
			page, err := m.queries.Identities(m.ctx, &request)
			if err != nil || page.Serial != 300 || len(page.Identities) > 256 {
				t.Fatalf("%v, %v", page, err)
			}
			all = append(all, page.Identities...)
			if !page.HasMore {
				break
			}
			request.After = page.Identities[len(page.Identities)-1].Id
		}
		if len(all) != 300 {
			t.Fatalf("%d identities in pages of %d", len(all), limit)
		}
		for i := 1; i < len(all); i++ {
			if bytes.Compare(all[i-1].Id, all[i].Id) >= 0 {
				t.Fatalf("%x after %x", all[i].Id, all[i-1].Id)
			}
		}
	}
	if _, err := m.queries.Identities(m.ctx, &types.QueryIdentitiesRequest{After: []byte{1}}); !errors.Is(err, types.ErrMalformed) {
		t.Fatalf("%v", err)
	}
}

func TestChangesQuery(t *testing.T) {
	m := newMap(t)
	first := m.register("A", maptest.NewSigner("a").Key())                   // serial 1
	second := m.register("B", maptest.NewSigner("b").Key())                  // 2
	m.do(func() error { return m.setStatus(first, types.STATUS_SUSPENDED) }) // 3
	m.do(m.announce(m.parameters(1, 1), 110))                                // 4, of no identity
	for _, row := range []struct {
		after   uint64
		limit   uint32
		ids     [][]byte
		hasMore bool
	}{
		{0, 0, [][]byte{second, first}, false},
		{0, 1, [][]byte{second}, true},
		{1, 0, [][]byte{second, first}, false},
		{2, 0, [][]byte{first}, false},
		{3, 0, nil, false},
		{4, 0, nil, false},
		{1<<64 - 1, 0, nil, false},
	} {
		page, err := m.queries.Changes(m.ctx, &types.QueryChangesRequest{AfterSerial: row.after, Limit: row.limit})
		if err != nil || page.Serial != 4 || page.HasMore != row.hasMore || len(page.Identities) != len(row.ids) {
			t.Fatalf("after %d: %v, %v", row.after, page, err)
		}
		for i, id := range row.ids {
			if !bytes.Equal(page.Identities[i].Id, id) {
				t.Fatalf("after %d: %x", row.after, page.Identities[i].Id)
			}
		}
	}
}

func TestPagesOfParameters(t *testing.T) {
	m := newMap(t)
	for epoch := range uint64(20) {
		height := m.ctx.BlockHeight() + noticeBlocks
		m.do(m.announce(m.parameters(epoch+1, 1), height))
		m.block(height)
	}
	for _, row := range []struct {
		offset  uint64
		limit   uint32
		count   int
		hasMore bool
	}{{0, 0, 16, true}, {16, 0, 5, false}, {5, 16, 16, false}, {4, 16, 16, true}, {0, 3, 3, true}, {21, 0, 0, false}, {1<<64 - 1, 0, 0, false}} {
		page, err := m.queries.Parameters(m.ctx, &types.QueryParametersRequest{Offset: row.offset, Limit: row.limit})
		if err != nil || len(page.Parameters) != row.count || page.HasMore != row.hasMore {
			t.Fatalf("%v: %d, %t, %v", row, len(page.Parameters), page.HasMore, err)
		}
		if row.count > 0 && page.Parameters[0].Epoch != row.offset {
			t.Fatalf("%v: epoch %d", row, page.Parameters[0].Epoch)
		}
		if !bytes.Equal(page.Current, maptest.ParametersHash(m.parameters(20, 1))) ||
			!bytes.Equal(page.Previous, maptest.ParametersHash(m.parameters(19, 1))) {
			t.Fatalf("%x, %x", page.Current, page.Previous)
		}
	}
}

func TestPagesOfAcceptances(t *testing.T) {
	m := livedMap(t)
	hash := maptest.ParametersHash(m.parameters(2, 2))
	first, err := m.queries.Acceptances(m.ctx, &types.QueryAcceptancesRequest{Hash: hash, Limit: 1})
	if err != nil || len(first.Ids) != 1 || !first.HasMore {
		t.Fatalf("%v, %v", first, err)
	}
	second, err := m.queries.Acceptances(m.ctx, &types.QueryAcceptancesRequest{Hash: hash, After: first.Ids[0]})
	if err != nil || len(second.Ids) != 1 || second.HasMore || bytes.Compare(first.Ids[0], second.Ids[0]) >= 0 {
		t.Fatalf("%v, %v", second, err)
	}
	for _, request := range []types.QueryAcceptancesRequest{{}, {Hash: hash, After: []byte{1}}} {
		if _, err := m.queries.Acceptances(m.ctx, &request); !errors.Is(err, types.ErrMalformed) {
			t.Fatalf("%v", err)
		}
	}
}
