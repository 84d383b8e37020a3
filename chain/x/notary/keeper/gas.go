package keeper

import (
	"stateset.example/chain/x/notary/rules"
	"stateset.example/chain/x/notary/types"
)

// sizeFault refuses what is too large to be read.
func (c *court) sizeFault(request *types.Request) *rules.Fault {
	found := request.Size()
	if found <= int(c.params.RequestBytesMax) {
		return nil
	}
	return rules.NewTooLarge("request", uint64(found), uint64(c.params.RequestBytesMax))
}

// charge takes what judging a request costs before any of it is done. What costs more than it may is
// not judged, and pays its reading alone.
func (c *court) charge(request *types.Request, opened *rules.Opened) *rules.Fault {
	gas := c.cost(request, opened)
	if gas > c.params.RequestGasMax {
		c.ctx.GasMeter().ConsumeGas(c.readingCost(request), "reading a request")
		return rules.NewTooLarge("computation", gas, c.params.RequestGasMax)
	}
	c.ctx.GasMeter().ConsumeGas(gas, "judging a request")
	return nil
}

func (c *court) cost(request *types.Request, opened *rules.Opened) uint64 {
	price, holds := c.params.Gas, opened.Cost()
	return c.readingCost(request) +
		price.Signature*uint64(holds.Ed25519+holds.P256) +
		price.State*uint64(holds.States) +
		price.Opening*uint64(holds.Openings) +
		price.Output*uint64(opened.OutputCount) +
		price.UniqueKey*uint64(holds.UniqueKeys)
}

func (c *court) readingCost(request *types.Request) uint64 {
	return c.params.Gas.Request + c.params.Gas.Byte*uint64(request.Size())
}

// quotaFault keeps one requester from filling blocks.
func (c *court) quotaFault(requester []byte) (*rules.Fault, error) {
	if c.params.RequesterQuota == 0 {
		return nil, nil
	}
	asked, err := c.making.countOf(requester)
	if err != nil || asked < c.params.RequesterQuota {
		return nil, err
	}
	return &rules.Fault{Code: rules.Overloaded, RetryAfterMs: quotaRetryMs}, nil
}

// quotaRetryMs is about as long as a block takes.
const quotaRetryMs = 500
