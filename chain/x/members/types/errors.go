package types

import errorsmod "cosmossdk.io/errors"

var (
	ErrNotAuthority   = errorsmod.Register(ModuleName, 2, "only a proposal that passed may do this")
	ErrInvalidMember  = errorsmod.Register(ModuleName, 3, "invalid member")
	ErrUnknownMember  = errorsmod.Register(ModuleName, 4, "unknown member")
	ErrOutOfBounds    = errorsmod.Register(ModuleName, 5, "change out of bounds")
	ErrNotWorker      = errorsmod.Register(ModuleName, 6, "not the worker of an active member")
	ErrNothingPending = errorsmod.Register(ModuleName, 7, "no member set waits for signatures")
	ErrWrongEpoch     = errorsmod.Register(ModuleName, 8, "another epoch is pending")
	ErrBadSignature   = errorsmod.Register(ModuleName, 9, "signature does not hold")
	ErrAlreadySigned  = errorsmod.Register(ModuleName, 10, "already signed by this worker")
	ErrInvalidGenesis = errorsmod.Register(ModuleName, 11, "invalid genesis")
	ErrLastMember     = errorsmod.Register(ModuleName, 12, "the last active member cannot be suspended")
)
