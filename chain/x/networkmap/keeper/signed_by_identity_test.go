package keeper_test

import (
	"bytes"
	"testing"

	storetypes "cosmossdk.io/store/types"

	"stateset.example/chain/canonical"
	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

var next = maptest.NewSigner("Alpenblick's next")

func (m *networkMap) rotation(id []byte, epoch uint64, from, to maptest.Signer) *types.MsgRotateKey {
	statement := types.KeyStatement(m.network, id, to.Key(), epoch)
	return &types.MsgRotateKey{
		Carrier: stranger, Id: id, Key: to.Key(), KeyEpoch: epoch,
		CurrentSignature: from.Sign(statement), NewSignature: to.Sign(statement),
	}
}

func (m *networkMap) rotate(msg *types.MsgRotateKey) func() error {
	return func() error { _, err := m.msgs.RotateKey(m.ctx, msg); return err }
}

func (m *networkMap) address(id []byte, by maptest.Signer, address types.Address) *types.MsgUpdateAddress {
	return &types.MsgUpdateAddress{
		Carrier: stranger, Id: id, Address: address,
		Signature: by.Sign(types.AddressStatement(m.network, id, &address)),
	}
}

func (m *networkMap) update(msg *types.MsgUpdateAddress) func() error {
	return func() error { _, err := m.msgs.UpdateAddress(m.ctx, msg); return err }
}

func TestRotateKey(t *testing.T) {
	m := newMap(t)
	id := m.register("Alpenblick", alpenblick.Key())
	first := m.rotation(id, 1, alpenblick, next)
	m.do(m.rotate(first))
	m.counts(id, next.Key())
	if identity := m.identity(id); identity.KeyEpoch != 1 || !bytes.Equal(identity.Id, id) {
		t.Fatalf("%v", identity)
	}
	m.attempt(types.ErrWrongEpoch, m.rotate(first))                                      // a replay
	m.attempt(types.ErrBadSignature, m.rotate(m.rotation(id, 2, alpenblick, m.third()))) // the old key
	m.do(m.rotate(m.rotation(id, 2, next, alpenblick)))
	m.attempt(types.ErrWrongEpoch, m.rotate(first)) // a replay, though its key counts again
	m.counts(id, alpenblick.Key())
}

func (m *networkMap) third() maptest.Signer { return maptest.NewSigner("a third") }

func TestRotateKeyRefuses(t *testing.T) {
	stranger := maptest.NewSigner("a stranger")
	for name, row := range map[string]struct {
		breaks func(m *networkMap, msg *types.MsgRotateKey)
		code   error
	}{
		"the wrong current key": {func(m *networkMap, msg *types.MsgRotateKey) {
			*msg = *m.rotation(msg.Id, 1, stranger, next)
		}, types.ErrBadSignature},
		"a new key of nobody's": {func(m *networkMap, msg *types.MsgRotateKey) {
			msg.NewSignature = msg.CurrentSignature
		}, types.ErrBadSignature},
		"another key than the signed one": {func(m *networkMap, msg *types.MsgRotateKey) {
			msg.Key = stranger.Key()
		}, types.ErrBadSignature},
		"a skipped epoch": {func(m *networkMap, msg *types.MsgRotateKey) {
			*msg = *m.rotation(msg.Id, 2, alpenblick, next)
		}, types.ErrWrongEpoch},
		"another epoch than the signed one": {func(m *networkMap, msg *types.MsgRotateKey) {
			*msg = *m.rotation(msg.Id, 2, alpenblick, next)
			msg.KeyEpoch = 1
		}, types.ErrBadSignature},
		"the same key": {func(m *networkMap, msg *types.MsgRotateKey) {
			*msg = *m.rotation(msg.Id, 1, alpenblick, alpenblick)
		}, types.ErrNoChange},
		"another network's signatures": {func(m *networkMap, msg *types.MsgRotateKey) {
			there := *m
			there.network = canonical.Hash{1}
			*msg = *there.rotation(msg.Id, 1, alpenblick, next)
		}, types.ErrBadSignature},
		"signatures for another purpose": {func(m *networkMap, msg *types.MsgRotateKey) {
			statement := types.KeyStatement(m.network, msg.Id, msg.Key, 1)
			statement.Purpose = types.PurposeIdentityAddress
			msg.CurrentSignature = alpenblick.Sign(statement)
		}, types.ErrBadSignature},
		"another identity's statement": {func(m *networkMap, msg *types.MsgRotateKey) {
			other := m.register("Another", alpenblick.Key())
			id := msg.Id
			*msg = *m.rotation(other, 1, alpenblick, next)
			msg.Id = id
		}, types.ErrBadSignature},
		"no key":              {func(_ *networkMap, msg *types.MsgRotateKey) { msg.Key = []byte{0xa0} }, types.ErrBadKey},
		"a very large key":    {func(_ *networkMap, msg *types.MsgRotateKey) { msg.Key = make([]byte, 1<<20) }, types.ErrOutOfBounds},
		"no signature":        {func(_ *networkMap, msg *types.MsgRotateKey) { msg.CurrentSignature = nil }, types.ErrMalformed},
		"trailing bytes":      {func(_ *networkMap, msg *types.MsgRotateKey) { msg.NewSignature = append(msg.NewSignature, 0) }, types.ErrMalformed},
		"a very large one":    {func(_ *networkMap, msg *types.MsgRotateKey) { msg.NewSignature = make([]byte, 1<<20) }, types.ErrOutOfBounds},
		"an unknown identity": {func(_ *networkMap, msg *types.MsgRotateKey) { msg.Id = make([]byte, 32) }, types.ErrUnknownIdentity},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMap(t)
			id := m.register("Alpenblick", alpenblick.Key())
			msg := m.rotation(id, 1, alpenblick, next)
			row.breaks(m, msg)
			m.attempt(row.code, m.rotate(msg))
			m.counts(id, alpenblick.Key())
		})
	}
}

func TestKeyOfSeveralSigners(t *testing.T) {
	m := newMap(t)
	a, b := maptest.NewSigner("a"), maptest.NewSigner("b")
	tree := maptest.TwoOf(a, b)
	id := m.register("Alpenblick", tree)
	statement := types.KeyStatement(m.network, id, next.Key(), 1)
	msg := &types.MsgRotateKey{Carrier: stranger, Id: id, Key: next.Key(), KeyEpoch: 1, NewSignature: next.Sign(statement)}

	msg.CurrentSignature = a.Sign(statement)
	m.attempt(types.ErrBadSignature, m.rotate(msg))
	msg.CurrentSignature = maptest.SignBoth(a, b, statement)
	before := m.ctx.GasMeter().GasConsumed()
	m.ctx = m.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
	m.do(m.rotate(msg))
	if used := m.ctx.GasMeter().GasConsumed() - before; used < 9_000 {
		t.Fatalf("three signatures cost %d gas", used)
	}
	m.counts(id, next.Key())
}

func TestUpdateAddress(t *testing.T) {
	m := newMap(t)
	id := m.register("Alpenblick", alpenblick.Key())
	tls := maptest.NewSigner("tls").Key()
	first := m.address(id, alpenblick, types.Address{Epoch: 3, Host: "10.0.0.1", Port: 1, TlsKey: tls})
	m.do(m.update(first))
	m.attempt(types.ErrNoChange, m.update(first)) // a replay
	m.attempt(types.ErrWrongEpoch, m.update(m.address(id, alpenblick, types.Address{Epoch: 3, TlsKey: tls})))
	m.attempt(types.ErrWrongEpoch, m.update(m.address(id, alpenblick, types.Address{Epoch: 2, TlsKey: tls})))

	other := m.register("Another", maptest.NewSigner("another").Key())
	taken := m.address(other, maptest.NewSigner("another"), types.Address{Epoch: 1, TlsKey: tls})
	m.attempt(types.ErrTaken, m.update(taken))

	m.do(m.update(m.address(id, alpenblick, types.Address{Epoch: 9, TlsKey: nodeKey.Key()})))
	m.attempt(types.ErrWrongEpoch, m.update(first)) // a late replay
	m.do(m.update(taken))                           // the TLS key is free again
	if address := m.identity(id).Address; address.Epoch != 9 || address.Host != "" {
		t.Fatalf("%v", address)
	}
}

func TestUpdateAddressRefuses(t *testing.T) {
	tls := maptest.NewSigner("tls").Key()
	good := types.Address{Epoch: 1, Host: "node.example", Port: 10_001, TlsKey: tls}
	for name, row := range map[string]struct {
		breaks func(m *networkMap, msg *types.MsgUpdateAddress)
		code   error
	}{
		"another's key": {func(m *networkMap, msg *types.MsgUpdateAddress) {
			*msg = *m.address(msg.Id, next, good)
		}, types.ErrBadSignature},
		"another address than the signed one": {func(_ *networkMap, msg *types.MsgUpdateAddress) {
			msg.Address.Port++
		}, types.ErrBadSignature},
		"another network's signature": {func(m *networkMap, msg *types.MsgUpdateAddress) {
			there := *m
			there.network = canonical.Hash{1}
			*msg = *there.address(msg.Id, alpenblick, good)
		}, types.ErrBadSignature},
		"the key before": {func(m *networkMap, msg *types.MsgUpdateAddress) {
			if err := m.rotate(m.rotation(msg.Id, 1, alpenblick, next))(); err != nil {
				m.Fatal(err)
			}
		}, types.ErrBadSignature},
		"no epoch": {addressed(good, func(a *types.Address) { a.Epoch = 0 }), types.ErrBadAddress},
		"an epoch that no canonical bytes hold": {addressed(good, func(a *types.Address) {
			a.Epoch = 1 << 53
		}), types.ErrBadAddress},
		"a port without a host": {addressed(good, func(a *types.Address) { a.Host = "" }), types.ErrBadAddress},
		"a host without a port": {addressed(good, func(a *types.Address) { a.Port = 0 }), types.ErrBadAddress},
		"no such port":          {addressed(good, func(a *types.Address) { a.Port = 65_536 }), types.ErrBadAddress},
		"no such host":          {addressed(good, func(a *types.Address) { a.Host = "a/b" }), types.ErrBadAddress},
		"a long host": {addressed(good, func(a *types.Address) {
			a.Host = string(bytes.Repeat([]byte{'a'}, 254))
		}), types.ErrBadAddress},
		"no TLS key": {addressed(good, func(a *types.Address) { a.TlsKey = nil }), types.ErrBadAddress},
		"a TLS key of several": {addressed(good, func(a *types.Address) {
			a.TlsKey = maptest.TwoOf(alpenblick, next)
		}), types.ErrBadAddress},
		"a P-256 TLS key": {addressed(good, func(a *types.Address) {
			a.TlsKey = canonical.AppendBytesField(canonical.AppendVariant(nil, "p256", 1), "key", make([]byte, 33))
		}), types.ErrBadAddress},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMap(t)
			msg := m.address(m.register("Alpenblick", alpenblick.Key()), alpenblick, good)
			row.breaks(m, msg)
			m.attempt(row.code, m.update(msg))
		})
	}
}

// addressed is a message whose signature is one over the broken address.
func addressed(address types.Address, breaks func(*types.Address)) func(*networkMap, *types.MsgUpdateAddress) {
	return func(m *networkMap, msg *types.MsgUpdateAddress) {
		breaks(&address)
		*msg = *m.address(msg.Id, alpenblick, address)
	}
}

func TestWhoIsNotActiveCannotSpeak(t *testing.T) {
	for _, status := range []types.Status{types.STATUS_SUSPENDED, types.STATUS_REVOKED} {
		m := newMap(t)
		id := m.register("Alpenblick", alpenblick.Key())
		m.do(func() error { return m.setStatus(id, status) })
		m.attempt(types.ErrNotActive, m.rotate(m.rotation(id, 1, alpenblick, next)))
		m.attempt(types.ErrNotActive, m.update(m.address(id, alpenblick, types.Address{Epoch: 1, TlsKey: nodeKey.Key()})))
		m.attempt(types.ErrNotActive, m.accept(id, alpenblick, make([]byte, 32)))
	}
}
