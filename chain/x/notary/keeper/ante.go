package keeper

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/notary/types"
)

// Admission is the part of the ante chain that looks at batches of requests. Refusing those of
// strangers before they are kept or passed on is what protects the mempool, as requests cost no fee;
// and what is verified while they wait is not verified again when their block comes.
type Admission struct{ keeper Keeper }

var _ sdk.AnteDecorator = Admission{}

// NewAdmission looks at batches for the keeper. It belongs behind the verification of the
// transaction's own signature.
func NewAdmission(keeper Keeper) Admission { return Admission{keeper} }

func (a Admission) AnteHandle(ctx sdk.Context, tx sdk.Tx, simulate bool, next sdk.AnteHandler) (sdk.Context, error) {
	messages := tx.GetMsgs()
	for _, message := range messages {
		batch, ok := message.(*types.MsgNotarise)
		if !ok {
			continue
		}
		if len(messages) > 1 {
			return ctx, types.ErrMixed.Wrapf("%d messages", len(messages))
		}
		if err := a.admit(ctx, batch, simulate); err != nil {
			return ctx, err
		}
	}
	return next(ctx, tx, simulate)
}

func (a Admission) admit(ctx sdk.Context, batch *types.MsgNotarise, simulate bool) error {
	court, err := a.keeper.openCourt(unmetered(ctx))
	if err != nil {
		return err
	}
	if err := court.assertBatch(batch); err != nil {
		return err
	}
	if !ctx.IsCheckTx() || ctx.IsReCheckTx() || simulate {
		return nil
	}
	for i := range batch.Requests {
		court.examineEarly(&batch.Requests[i])
	}
	return nil
}

// examineEarly does what `decide` will find done, where it will come to it.
func (c *court) examineEarly(request *types.Request) {
	if c.sizeFault(request) != nil {
		return
	}
	examined := c.examinations.of(request.Shown, c.standing)
	if examined.opened != nil && c.cost(request, examined.opened) <= c.params.RequestGasMax {
		examined.check()
	}
}
