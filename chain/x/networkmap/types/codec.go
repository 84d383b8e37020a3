package types

import (
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/msgservice"
)

// RegisterInterfaces makes the module's messages known.
func RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	registry.RegisterImplementations((*sdk.Msg)(nil),
		&MsgRegisterIdentity{}, &MsgSetStatus{}, &MsgSetRoles{},
		&MsgUpdateAddress{}, &MsgRotateKey{},
		&MsgAnnounceParameters{}, &MsgWithdrawParameters{}, &MsgAcceptParameters{},
		&MsgSetRegistrars{}, &MsgSetNotice{})
	msgservice.RegisterMsgServiceDesc(registry, &_Msg_serviceDesc)
}
