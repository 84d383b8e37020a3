package keeper_test

import (
	"bytes"
	"testing"
	"time"

	"stateset.example/chain/canonical"
	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

var (
	alpenblick = maptest.NewSigner("Alpenblick")
	nodeKey    = maptest.NewSigner("Alpenblick node")
)

// registration is a message that is taken, with all that one can have.
func (m *networkMap) registration() *types.MsgRegisterIdentity {
	encoded := maptest.Registration(m.network, nameOf("Alpenblick"), maptest.LEI, alpenblick.Key())
	id := maptest.IdentityID(encoded)
	own := maptest.Issue(m, maptest.Own("Alpenblick", id[:]), rootContent, nodeKey, root)
	return &types.MsgRegisterIdentity{
		Registrar: registrar, Registration: encoded, Certificates: [][]byte{own},
		Roles:   []types.Role{types.ROLE_NODE, types.ROLE_OPERATOR},
		Address: &types.Address{Epoch: 1, Host: "node.alpenblick.example", Port: 10_001, TlsKey: nodeKey.Key()},
	}
}

func TestRegisterIdentity(t *testing.T) {
	m := newMap(t)
	msg := m.registration()
	m.do(func() error { _, err := m.msgs.RegisterIdentity(m.ctx, msg); return err })

	id := maptest.IdentityID(msg.Registration)
	identity := m.identity(id[:])
	if identity.Name != nameOf("Alpenblick") || identity.Lei != maptest.LEI || identity.Serial != 1 ||
		identity.Status != types.STATUS_ACTIVE || identity.KeyEpoch != 0 ||
		!bytes.Equal(identity.Registration, msg.Registration) || len(identity.Certificates) != 1 ||
		!types.AreSameRoles(identity.Roles, msg.Roles) || !identity.Address.IsSame(msg.Address) {
		t.Fatalf("%v", identity)
	}
	m.counts(id[:], alpenblick.Key())
	m.counts(bytes.Repeat([]byte{7}, 32), nil)
}

func TestProposalsRegister(t *testing.T) {
	m := newMap(t)
	msg := m.registration()
	msg.Registrar = authority
	m.do(func() error { _, err := m.msgs.RegisterIdentity(m.ctx, msg); return err })
}

func TestRegisterIdentityRefuses(t *testing.T) {
	other := canonical.Hash{1}
	for name, row := range map[string]struct {
		breaks func(m *networkMap, msg *types.MsgRegisterIdentity)
		code   error
	}{
		"a stranger":        {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Registrar = stranger }, types.ErrNotRegistrar},
		"no account":        {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Registrar = "x" }, types.ErrNotRegistrar},
		"trailing bytes":    {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Registration = append(msg.Registration, 0) }, types.ErrMalformed},
		"nothing":           {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Registration = nil }, types.ErrMalformed},
		"very much":         {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Registration = make([]byte, 1<<20) }, types.ErrOutOfBounds},
		"another network":   {registered(other, nameOf("A"), "", alpenblick.Key()), types.ErrWrongNetwork},
		"a bad name":        {registeredHere("O=A", "", alpenblick.Key()), types.ErrBadName},
		"another spelling":  {registeredHere("C=CH,O=A", "", alpenblick.Key()), types.ErrBadName},
		"a bad LEI":         {registeredHere(nameOf("A"), "54930084UKLVMY22DS17", alpenblick.Key()), types.ErrBadLEI},
		"an unsorted tree":  {registeredHere(nameOf("A"), "", unsortedTree()), types.ErrMalformed},
		"roles unsorted":    {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Roles = []types.Role{2, 1} }, types.ErrBadRoles},
		"a role twice":      {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Roles = []types.Role{1, 1} }, types.ErrBadRoles},
		"no role":           {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Roles = []types.Role{0} }, types.ErrBadRoles},
		"an unknown role":   {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Roles = []types.Role{5} }, types.ErrBadRoles},
		"a later address":   {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Address.Epoch = 2 }, types.ErrWrongEpoch},
		"a bad address":     {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Address.Host = "a b" }, types.ErrBadAddress},
		"a bad certificate": {func(_ *networkMap, msg *types.MsgRegisterIdentity) { msg.Certificates[0] = []byte{1} }, types.ErrBadCertificate},
		"an old certificate": {func(m *networkMap, _ *types.MsgRegisterIdentity) {
			m.ctx = m.ctx.WithBlockTime(maptest.Now.Add(2 * time.Hour))
		}, types.ErrBadCertificate},
		"a certificate of another root": {func(m *networkMap, msg *types.MsgRegisterIdentity) {
			id := maptest.IdentityID(msg.Registration)
			own := maptest.Own("Alpenblick", id[:])
			msg.Certificates[0] = maptest.Issue(m, own, rootContent, nodeKey, maptest.NewSigner("another root"))
		}, types.ErrBadCertificate},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMap(t)
			msg := m.registration()
			m.attempt(row.code, func() error {
				row.breaks(m, msg)
				_, err := m.msgs.RegisterIdentity(m.ctx, msg)
				return err
			})
		})
	}
}

func TestWhatOnlyOneIdentityHas(t *testing.T) {
	another := maptest.NewSigner("another")
	for name, breaks := range map[string]func(m *networkMap, msg *types.MsgRegisterIdentity){
		"its registration": func(m *networkMap, msg *types.MsgRegisterIdentity) {
			msg.Registration = m.registration().Registration
		},
		"its name": registeredHere(nameOf("Alpenblick"), "", another.Key()),
		"its LEI":  registeredHere(nameOf("Another"), maptest.LEI, another.Key()),
		"its TLS key": func(_ *networkMap, msg *types.MsgRegisterIdentity) {
			msg.Address = &types.Address{Epoch: 1, TlsKey: nodeKey.Key()}
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMap(t)
			m.do(func() error { _, err := m.msgs.RegisterIdentity(m.ctx, m.registration()); return err })
			msg := &types.MsgRegisterIdentity{
				Registrar: registrar, Registration: maptest.Registration(m.network, nameOf("Another"), "", another.Key()),
			}
			m.attempt(types.ErrTaken, func() error {
				breaks(m, msg)
				_, err := m.msgs.RegisterIdentity(m.ctx, msg)
				return err
			})
			if name == "its registration" {
				return // the same bytes stay the same identity, for ever revoked
			}
			id := maptest.IdentityID(m.registration().Registration)
			m.do(func() error { return m.setStatus(id[:], types.STATUS_REVOKED) })
			m.do(func() error { _, err := m.msgs.RegisterIdentity(m.ctx, msg); return err })
		})
	}
}

// registered breaks a message by another registration, which no certificate is for.
func registered(network canonical.Hash, name, lei string, key []byte) func(*networkMap, *types.MsgRegisterIdentity) {
	return func(_ *networkMap, msg *types.MsgRegisterIdentity) {
		msg.Registration, msg.Certificates = maptest.Registration(network, name, lei, key), nil
	}
}

func registeredHere(name, lei string, key []byte) func(*networkMap, *types.MsgRegisterIdentity) {
	return func(m *networkMap, msg *types.MsgRegisterIdentity) { registered(m.network, name, lei, key)(m, msg) }
}

// unsortedTree is a threshold of two keys in the wrong order.
func unsortedTree() []byte {
	a, b := maptest.NewSigner("a").Key(), maptest.NewSigner("b").Key()
	tree := maptest.TwoOf(maptest.NewSigner("a"), maptest.NewSigner("b"))
	swapped := bytes.ReplaceAll(tree, a, bytes.Repeat([]byte{0xff}, len(a)))
	swapped = bytes.ReplaceAll(swapped, b, a)
	return bytes.ReplaceAll(swapped, bytes.Repeat([]byte{0xff}, len(a)), b)
}
