package types

// DefaultParams admit what nodes send today, with room.
func DefaultParams() Params {
	return Params{
		BatchMax:        512,
		RequestBytesMax: 2 << 20,
		RequestGasMax:   20_000_000,
		RequesterQuota:  0,
		Gas: GasSchedule{
			Request:   20_000,
			Byte:      2,
			Signature: 60_000,
			State:     25_000,
			Output:    2_000,
			UniqueKey: 80_000,
			Opening:   2_000,
		},
	}
}

const (
	batchLimit        = 4096
	requestBytesLimit = 4 << 20
	gasUnitLimit      = 1 << 32
)

// Validate refuses parameters under which nothing could be notarised, or a request cost no bound.
func (p Params) Validate() error {
	for _, unit := range []uint64{p.Gas.Request, p.Gas.Byte, p.Gas.Signature, p.Gas.State, p.Gas.Output, p.Gas.UniqueKey, p.Gas.Opening} {
		if unit == 0 || unit > gasUnitLimit {
			return ErrInvalidParams.Wrapf("a unit of gas is %d, of 1 to %d", unit, gasUnitLimit)
		}
	}
	switch {
	case p.BatchMax == 0 || p.BatchMax > batchLimit:
		return ErrInvalidParams.Wrapf("batch_max is %d, of 1 to %d", p.BatchMax, batchLimit)
	case p.RequestBytesMax == 0 || p.RequestBytesMax > requestBytesLimit:
		return ErrInvalidParams.Wrapf("request_bytes_max is %d, of 1 to %d", p.RequestBytesMax, requestBytesLimit)
	case p.RequestGasMax < p.Gas.Request+p.Gas.Signature+p.Gas.State+p.Gas.Output:
		return ErrInvalidParams.Wrapf("request_gas_max is %d, less than a payment costs", p.RequestGasMax)
	}
	return nil
}
