package networkmap_test

import (
	"testing"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/msgservice"

	"stateset.example/chain/x/networkmap"
	"stateset.example/chain/x/networkmap/types"
)

func TestInterfaces(t *testing.T) {
	registry := codectypes.NewInterfaceRegistry()
	networkmap.AppModule{}.RegisterInterfaces(registry)
	if err := msgservice.ValidateProtoAnnotations(registry); err != nil {
		t.Fatal(err)
	}
	for _, msg := range []sdk.Msg{
		&types.MsgRegisterIdentity{}, &types.MsgSetStatus{}, &types.MsgSetRoles{}, &types.MsgUpdateAddress{},
		&types.MsgRotateKey{}, &types.MsgAnnounceParameters{}, &types.MsgWithdrawParameters{},
		&types.MsgAcceptParameters{}, &types.MsgSetRegistrars{}, &types.MsgSetNotice{},
	} {
		if _, err := registry.Resolve(sdk.MsgTypeURL(msg)); err != nil {
			t.Error(err)
		}
	}
}

func TestGenesisAsJSON(t *testing.T) {
	cdc := codec.NewProtoCodec(codectypes.NewInterfaceRegistry())
	module := networkmap.AppModule{}
	if err := module.ValidateGenesis(cdc, nil, module.DefaultGenesis(cdc)); err == nil {
		t.Fatal("a genesis without a network was taken")
	}
	if err := module.ValidateGenesis(cdc, nil, []byte(`{"unknown": 1}`)); err == nil {
		t.Fatal("an unknown field was taken")
	}
	network := make([]byte, 32)
	good := cdc.MustMarshalJSON(&types.GenesisState{Network: network, NoticeBlocks: 1})
	if err := module.ValidateGenesis(cdc, nil, good); err != nil {
		t.Fatal(err)
	}
}
