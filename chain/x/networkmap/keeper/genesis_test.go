package keeper_test

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	"github.com/cosmos/gogoproto/proto"

	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

// livedMap is a map on which everything happened once.
func livedMap(t *testing.T) *networkMap {
	t.Helper()
	m := newMap(t)
	m.do(func() error { _, err := m.msgs.RegisterIdentity(m.ctx, m.registration()); return err })
	own := maptest.IdentityID(m.registration().Registration)
	gone := m.register("Gone", maptest.NewSigner("gone").Key())
	away := m.register("Away", maptest.NewSigner("away").Key())
	again := m.register("Another", maptest.NewSigner("another").Key())
	m.do(m.rotate(m.rotation(own[:], 1, alpenblick, next)))
	m.do(m.update(m.address(again, maptest.NewSigner("another"), types.Address{Epoch: 7, TlsKey: maptest.NewSigner("tls").Key()})))
	m.do(func() error { return m.setStatus(gone, types.STATUS_REVOKED) })
	m.do(func() error { return m.setStatus(away, types.STATUS_SUSPENDED) })
	m.register("Gone", maptest.NewSigner("come back").Key())

	m.do(m.announce(m.parameters(1, 1), 110))
	m.do(m.accept(own[:], next, maptest.ParametersHash(m.parameters(1, 1))))
	m.block(110)
	m.do(m.announce(m.parameters(2, 1), 130))
	m.do(m.withdraw(maptest.ParametersHash(m.parameters(2, 1))))
	m.do(m.announce(m.parameters(2, 2), 140))
	m.do(m.accept(again, maptest.NewSigner("another"), maptest.ParametersHash(m.parameters(2, 2))))
	m.do(m.accept(own[:], next, maptest.ParametersHash(m.parameters(2, 2))))
	return m
}

func TestGenesisRoundTrip(t *testing.T) {
	exported := livedMap(t).export()
	if n := len(exported.Identities); n != 5 || len(exported.Parameters) != 4 || len(exported.Acceptances) != 3 {
		t.Fatalf("%v", exported)
	}
	m := mapOf(t, *exported)
	if again := m.export(); !reflect.DeepEqual(exported, again) {
		t.Fatalf("%v\nis not\n%v", again, exported)
	}
	// The map goes on as if nothing had been: what is derived was made anew.
	own := maptest.IdentityID(m.registration().Registration)
	m.counts(own[:], next.Key())
	for _, identity := range exported.Identities {
		if identity.Status != types.STATUS_ACTIVE {
			m.counts(identity.Id, nil)
		}
	}
	m.attempt(types.ErrTaken, func() error {
		msg := &types.MsgRegisterIdentity{Registrar: registrar, Registration: maptest.Registration(m.network, nameOf("Away"), "", next.Key())}
		_, err := m.msgs.RegisterIdentity(m.ctx, msg)
		return err
	})
	m.attempt(types.ErrNoChange, m.accept(own[:], next, maptest.ParametersHash(m.parameters(2, 2))))
	m.stands(maptest.ParametersHash(m.parameters(1, 1)), m.genesis.Parameters[0].Hash)
	m.block(140)
	m.stands(maptest.ParametersHash(m.parameters(2, 2)), maptest.ParametersHash(m.parameters(1, 1)))
}

func TestSameMessagesSameMap(t *testing.T) {
	encoded := func() []byte {
		// Certificates are Ed25519 and all times fixed, so that nothing in them is by chance.
		bytes, err := proto.Marshal(livedMap(t).export())
		if err != nil {
			t.Fatal(err)
		}
		return bytes
	}
	if !bytes.Equal(encoded(), encoded()) {
		t.Fatal("the same messages made another map")
	}
}

func TestGenesisRefuses(t *testing.T) {
	for name, row := range map[string]struct {
		breaks func(g *types.GenesisState)
		code   error
	}{
		"no network":                    {func(g *types.GenesisState) { g.Network = nil }, types.ErrMalformed},
		"another network":               {func(g *types.GenesisState) { g.Network = make([]byte, 32) }, types.ErrWrongNetwork},
		"another network's genesis":     {func(g *types.GenesisState) { g.NetworkGenesis = maptest.NetworkGenesis("other", []byte{1}) }, types.ErrWrongNetwork},
		"no notice":                     {func(g *types.GenesisState) { g.NoticeBlocks = 0 }, types.ErrOutOfBounds},
		"a registrar twice":             {func(g *types.GenesisState) { g.Registrars = []string{registrar, registrar} }, types.ErrBadRegistrars},
		"too many registrars":           {func(g *types.GenesisState) { g.Registrars = many(17) }, types.ErrOutOfBounds},
		"an identity twice":             {func(g *types.GenesisState) { g.Identities = append(g.Identities, g.Identities[0]) }, types.ErrTaken},
		"identities unsorted":           {func(g *types.GenesisState) { g.Identities[0], g.Identities[1] = g.Identities[1], g.Identities[0] }, types.ErrTaken},
		"another id":                    {func(g *types.GenesisState) { g.Identities[0].Id = make([]byte, 32) }, types.ErrMalformed},
		"another name":                  {func(g *types.GenesisState) { g.Identities[0].Name = nameOf("B") }, types.ErrMalformed},
		"another LEI":                   {func(g *types.GenesisState) { g.Identities[0].Lei = "5493001KJTIIGC8Y1R12" }, types.ErrMalformed},
		"no registration":               {func(g *types.GenesisState) { g.Identities[0].Registration = nil }, types.ErrMalformed},
		"no key":                        {func(g *types.GenesisState) { g.Identities[0].KeyEpoch, g.Identities[0].Key = 1, nil }, types.ErrBadKey},
		"another key that never was":    {func(g *types.GenesisState) { g.Identities[0].KeyEpoch, g.Identities[0].Key = 0, nodeKey.Key() }, types.ErrMalformed},
		"the last key epoch":            {func(g *types.GenesisState) { g.Identities[0].KeyEpoch = 1<<64 - 1 }, types.ErrWrongEpoch},
		"no status":                     {func(g *types.GenesisState) { g.Identities[0].Status = 0 }, types.ErrBadStatus},
		"bad roles":                     {func(g *types.GenesisState) { g.Identities[0].Roles = []types.Role{2, 1} }, types.ErrBadRoles},
		"a bad certificate":             {func(g *types.GenesisState) { g.Identities[0].Certificates = [][]byte{{1}} }, types.ErrBadCertificate},
		"a bad address":                 {func(g *types.GenesisState) { g.Identities[0].Address = &types.Address{} }, types.ErrBadAddress},
		"a serial to come":              {func(g *types.GenesisState) { g.Identities[0].Serial = g.Serial + 1 }, types.ErrOutOfBounds},
		"a serial twice":                {func(g *types.GenesisState) { g.Identities[0].Serial = g.Identities[1].Serial }, types.ErrOutOfBounds},
		"a name twice":                  {revive, types.ErrTaken},
		"a TLS key twice":               {shareTLSKey, types.ErrTaken},
		"parameters twice":              {func(g *types.GenesisState) { g.Parameters = append(g.Parameters, g.Parameters[3]) }, types.ErrNoChange},
		"parameters unsorted":           {func(g *types.GenesisState) { g.Parameters[0], g.Parameters[1] = g.Parameters[1], g.Parameters[0] }, types.ErrWrongEpoch},
		"a gap in epochs":               {func(g *types.GenesisState) { g.Parameters = append(g.Parameters[:1], g.Parameters[3]) }, types.ErrWrongEpoch},
		"nothing in force":              {func(g *types.GenesisState) { g.Parameters[1].Approval = types.APPROVAL_SUPERSEDED }, types.ErrNoParameters},
		"two in force":                  {func(g *types.GenesisState) { g.Parameters[0].Approval = types.APPROVAL_IN_FORCE }, types.ErrBadParameters},
		"two announced":                 {func(g *types.GenesisState) { g.Parameters[2].Approval = types.APPROVAL_ANNOUNCED }, types.ErrOtherAnnounced},
		"announced for no height":       {func(g *types.GenesisState) { g.Parameters[3].FlagHeight = 0 }, types.ErrBadFlagHeight},
		"a negative height":             {func(g *types.GenesisState) { g.Parameters[0].FlagHeight = -1 }, types.ErrBadFlagHeight},
		"no approval":                   {func(g *types.GenesisState) { g.Parameters[0].Approval = 0 }, types.ErrBadFlagHeight},
		"an unknown approval":           {func(g *types.GenesisState) { g.Parameters[2].Approval = 5 }, types.ErrBadFlagHeight},
		"another hash":                  {func(g *types.GenesisState) { g.Parameters[0].Hash = make([]byte, 32) }, types.ErrBadParameters},
		"another epoch":                 {func(g *types.GenesisState) { g.Parameters[2].Epoch = 3 }, types.ErrBadParameters},
		"another network's parameters":  {otherParameters, types.ErrWrongNetwork},
		"an acceptance twice":           {func(g *types.GenesisState) { g.Acceptances = append(g.Acceptances, g.Acceptances[2]) }, types.ErrNoChange},
		"an acceptance by nobody":       {func(g *types.GenesisState) { g.Acceptances[0].Id = make([]byte, 32) }, types.ErrUnknownIdentity},
		"an acceptance of nothing":      {func(g *types.GenesisState) { g.Acceptances[0].Hash = make([]byte, 32) }, types.ErrUnknownParameters},
		"an acceptance in another form": {func(g *types.GenesisState) { g.Acceptances[0].Id = nil }, types.ErrUnknownIdentity},
	} {
		t.Run(name, func(t *testing.T) {
			genesis := livedMap(t).export()
			if err := genesis.Validate(); err != nil {
				t.Fatal(err)
			}
			row.breaks(genesis)
			if err := genesis.Validate(); !errors.Is(err, types.ErrInvalidGenesis) || !errors.Is(err, row.code) {
				t.Fatalf("%v", err)
			}
		})
	}
	if err := types.DefaultGenesisState().Validate(); !errors.Is(err, types.ErrInvalidGenesis) {
		t.Fatalf("%v", err)
	}
}

// revive makes active who is revoked, and whose name another has since.
func revive(g *types.GenesisState) {
	for i := range g.Identities {
		g.Identities[i].Status = types.STATUS_ACTIVE
	}
}

func shareTLSKey(g *types.GenesisState) {
	for i := range g.Identities {
		g.Identities[i].Address = &types.Address{Epoch: 1, TlsKey: nodeKey.Key()}
	}
}

func otherParameters(g *types.GenesisState) {
	other := maptest.Parameters([32]byte{1}, 0, 1)
	g.Parameters[0].Canonical, g.Parameters[0].Hash = other, maptest.ParametersHash(other)
}
