package types

import errorsmod "cosmossdk.io/errors"

// What is wrong with a whole message. What is wrong with one request is a fault in its verdict.
var (
	ErrNotAWorker    = errorsmod.Register(ModuleName, 2, "only an active member's worker submits requests")
	ErrBatch         = errorsmod.Register(ModuleName, 3, "the batch is empty or has too many requests")
	ErrNotAuthority  = errorsmod.Register(ModuleName, 4, "only a proposal that passed may do this")
	ErrInvalidParams = errorsmod.Register(ModuleName, 5, "the parameters are not usable")
	ErrMixed         = errorsmod.Register(ModuleName, 6, "a transaction that notarises has one message")
	ErrUnknownBlock  = errorsmod.Register(ModuleName, 7, "there is no such sealed block")
	ErrBadQuery      = errorsmod.Register(ModuleName, 8, "the question is malformed")
	ErrCorrupt       = errorsmod.Register(ModuleName, 9, "a record of the store cannot be read")
	ErrGenesis       = errorsmod.Register(ModuleName, 10, "the genesis is not usable")
)
