package types

import (
	"google.golang.org/grpc/codes"

	errorsmod "cosmossdk.io/errors"
)

// What messages are refused with. A number, once given, stays.
var (
	ErrNotAuthority      = errorsmod.Register(ModuleName, 2, "only a proposal that passed may do this")
	ErrNotRegistrar      = errorsmod.Register(ModuleName, 3, "neither a registrar nor a proposal that passed")
	ErrMalformed         = errorsmod.Register(ModuleName, 4, "not the canonical bytes expected")
	ErrWrongNetwork      = errorsmod.Register(ModuleName, 5, "of another network")
	ErrBadName           = errorsmod.Register(ModuleName, 6, "not a name in its one form")
	ErrBadLEI            = errorsmod.Register(ModuleName, 7, "not a legal entity identifier")
	ErrBadKey            = errorsmod.Register(ModuleName, 8, "not a well-formed key")
	ErrTaken             = errorsmod.Register(ModuleName, 9, "another identity has it")
	ErrUnknownIdentity   = errorsmod.RegisterWithGRPCCode(ModuleName, 10, codes.NotFound, "unknown identity")
	ErrNotActive         = errorsmod.Register(ModuleName, 11, "the identity is suspended or revoked")
	ErrRevoked           = errorsmod.Register(ModuleName, 12, "the identity is revoked for ever")
	ErrBadCertificate    = errorsmod.Register(ModuleName, 13, "the certificates do not hold")
	ErrBadRoles          = errorsmod.Register(ModuleName, 14, "not roles in ascending order")
	ErrBadStatus         = errorsmod.Register(ModuleName, 15, "not a status")
	ErrBadAddress        = errorsmod.Register(ModuleName, 16, "not an address")
	ErrWrongEpoch        = errorsmod.Register(ModuleName, 17, "another epoch is due")
	ErrBadSignature      = errorsmod.Register(ModuleName, 18, "the signature does not hold or does not suffice")
	ErrNoChange          = errorsmod.Register(ModuleName, 19, "it is so already")
	ErrBadParameters     = errorsmod.Register(ModuleName, 20, "not parameters of a network")
	ErrUnknownParameters = errorsmod.RegisterWithGRPCCode(ModuleName, 21, codes.NotFound, "unknown parameters")
	ErrNotAnnounced      = errorsmod.Register(ModuleName, 22, "the parameters are not announced")
	ErrOtherAnnounced    = errorsmod.Register(ModuleName, 23, "other parameters are announced already")
	ErrBadFlagHeight     = errorsmod.Register(ModuleName, 24, "flag height too near or too far")
	ErrOutOfBounds       = errorsmod.Register(ModuleName, 25, "more or longer than the map takes")
	ErrNoParameters      = errorsmod.Register(ModuleName, 26, "no parameters are in force")
	ErrInvalidGenesis    = errorsmod.Register(ModuleName, 27, "invalid genesis")
	ErrBadRegistrars     = errorsmod.Register(ModuleName, 28, "not distinct accounts")
)
