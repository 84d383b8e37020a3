package keeper_test

import (
	"bytes"
	"strings"
	"testing"

	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

func TestStatus(t *testing.T) {
	m := newMap(t)
	id := m.register("Alpenblick", alpenblick.Key())
	for _, step := range []struct {
		status types.Status
		code   error
		counts []byte
	}{
		{types.STATUS_ACTIVE, types.ErrNoChange, alpenblick.Key()},
		{types.STATUS_UNSPECIFIED, types.ErrBadStatus, alpenblick.Key()},
		{types.STATUS_REVOKED + 1, types.ErrBadStatus, alpenblick.Key()},
		{types.STATUS_SUSPENDED, nil, nil},
		{types.STATUS_SUSPENDED, types.ErrNoChange, nil},
		{types.STATUS_ACTIVE, nil, alpenblick.Key()},
		{types.STATUS_SUSPENDED, nil, nil},
		{types.STATUS_REVOKED, nil, nil},
		{types.STATUS_REVOKED, types.ErrNoChange, nil},
		{types.STATUS_SUSPENDED, types.ErrRevoked, nil},
		{types.STATUS_ACTIVE, types.ErrRevoked, nil},
	} {
		m.attempt(step.code, func() error { return m.setStatus(id, step.status) })
		m.counts(id, step.counts)
	}
}

func TestStatusRefuses(t *testing.T) {
	for name, row := range map[string]struct {
		breaks func(*types.MsgSetStatus)
		code   error
	}{
		"a stranger":        {func(msg *types.MsgSetStatus) { msg.Registrar = stranger }, types.ErrNotRegistrar},
		"nobody known":      {func(msg *types.MsgSetStatus) { msg.Id = bytes.Repeat([]byte{1}, 32) }, types.ErrUnknownIdentity},
		"no id":             {func(msg *types.MsgSetStatus) { msg.Id = []byte{1} }, types.ErrMalformed},
		"a long reason":     {func(msg *types.MsgSetStatus) { msg.Reason = strings.Repeat("x", 257) }, types.ErrOutOfBounds},
		"lines of a reason": {func(msg *types.MsgSetStatus) { msg.Reason = "a\nb" }, types.ErrOutOfBounds},
		"no text":           {func(msg *types.MsgSetStatus) { msg.Reason = "\xff" }, types.ErrOutOfBounds},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMap(t)
			msg := &types.MsgSetStatus{Registrar: registrar, Status: types.STATUS_SUSPENDED}
			msg.Id = m.register("Alpenblick", alpenblick.Key())
			row.breaks(msg)
			m.attempt(row.code, func() error { _, err := m.msgs.SetStatus(m.ctx, msg); return err })
		})
	}
}

func TestSetRoles(t *testing.T) {
	m := newMap(t)
	id := m.register("Alpenblick", alpenblick.Key())
	set := func(registrar string, id []byte, roles ...types.Role) func() error {
		return func() error {
			_, err := m.msgs.SetRoles(m.ctx, &types.MsgSetRoles{Registrar: registrar, Id: id, Roles: roles})
			return err
		}
	}
	m.do(set(registrar, id, types.ROLE_NODE, types.ROLE_MEMBER, types.ROLE_OBSERVER, types.ROLE_OPERATOR))
	m.attempt(types.ErrNoChange, set(registrar, id, m.identity(id).Roles...))
	m.attempt(types.ErrBadRoles, set(registrar, id, types.ROLE_MEMBER, types.ROLE_NODE))
	m.attempt(types.ErrNotRegistrar, set(stranger, id))
	m.attempt(types.ErrUnknownIdentity, set(registrar, make([]byte, 32)))
	m.do(set(authority, id))
	if roles := m.identity(id).Roles; len(roles) != 0 {
		t.Fatalf("%v", roles)
	}
	m.do(func() error { return m.setStatus(id, types.STATUS_REVOKED) })
	m.attempt(types.ErrRevoked, set(registrar, id, types.ROLE_NODE))
}

func TestSetRegistrars(t *testing.T) {
	m := newMap(t)
	set := func(by string, registrars ...string) func() error {
		return func() error {
			_, err := m.msgs.SetRegistrars(m.ctx, &types.MsgSetRegistrars{Authority: by, Registrars: registrars})
			return err
		}
	}
	m.attempt(types.ErrNotAuthority, set(registrar, stranger))
	m.attempt(types.ErrNoChange, set(authority, registrar))
	m.attempt(types.ErrBadRegistrars, set(authority, stranger, stranger))
	m.attempt(types.ErrBadRegistrars, set(authority, "stateset1nobody"))
	m.attempt(types.ErrOutOfBounds, set(authority, many(17)...))
	m.do(set(authority, many(16)...))
	m.do(set(authority, stranger))

	id := m.identity(m.registerAs(stranger))
	m.attempt(types.ErrNotRegistrar, func() error { return m.setStatus(id.Id, types.STATUS_REVOKED) })
	m.do(set(authority))
	if registrars := m.export().Registrars; len(registrars) != 0 {
		t.Fatalf("%v", registrars)
	}
}

func (m *networkMap) registerAs(registrar string) []byte {
	m.Helper()
	msg := &types.MsgRegisterIdentity{
		Registrar: registrar, Registration: maptest.Registration(m.network, nameOf("Alpenblick"), "", alpenblick.Key()),
	}
	answer, err := m.msgs.RegisterIdentity(m.ctx, msg)
	if err != nil {
		m.Fatal(err)
	}
	return answer.Id
}

func many(accounts int) (named []string) {
	for i := range accounts {
		named = append(named, account("many"[:3]+string(rune('a'+i))))
	}
	return named
}
