package keeper_test

import (
	"bytes"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

func TestEventsSayWhatChanged(t *testing.T) {
	m := newMap(t)
	id := m.register("Alpenblick", alpenblick.Key())
	one := m.parameters(1, 1)
	hash := maptest.ParametersHash(one)
	steps := []struct {
		do     func() error
		wanted types.EventMapChanged
	}{
		{
			func() error { return m.setStatus(id, types.STATUS_SUSPENDED) },
			types.EventMapChanged{What: types.CHANGE_STATUS, Id: id, Reason: "a test"},
		},
		{
			func() error { return m.setStatus(id, types.STATUS_ACTIVE) },
			types.EventMapChanged{What: types.CHANGE_STATUS, Id: id, Reason: "a test"},
		},
		{m.rotate(m.rotation(id, 1, alpenblick, next)), types.EventMapChanged{What: types.CHANGE_KEY, Id: id}},
		{m.announce(one, 110), types.EventMapChanged{What: types.CHANGE_PARAMETERS_ANNOUNCED, Parameters: hash}},
		{m.accept(id, next, hash), types.EventMapChanged{What: types.CHANGE_PARAMETERS_ACCEPTED, Id: id, Parameters: hash}},
		{
			func() error { return m.keeper.BeginBlock(m.ctx.WithBlockHeight(110)) },
			types.EventMapChanged{What: types.CHANGE_PARAMETERS_IN_FORCE, Parameters: hash},
		},
	}
	for i, step := range steps {
		m.ctx = m.ctx.WithEventManager(sdk.NewEventManager())
		if err := step.do(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		events := m.ctx.EventManager().ABCIEvents()
		if len(events) != 1 {
			t.Fatalf("step %d: %d events", i, len(events))
		}
		parsed, err := sdk.ParseTypedEvent(events[0])
		if err != nil {
			t.Fatal(err)
		}
		told, wanted := parsed.(*types.EventMapChanged), step.wanted
		if told.Serial != uint64(i)+2 || told.What != wanted.What || told.Reason != wanted.Reason ||
			!bytes.Equal(told.Id, wanted.Id) || !bytes.Equal(told.Parameters, wanted.Parameters) {
			t.Fatalf("step %d: %v", i, told)
		}
	}
}
