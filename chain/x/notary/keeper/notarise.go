package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"stateset.example/chain/x/notary/rules"
	"stateset.example/chain/x/notary/types"
)

// Notarise judges the requests of a batch in their order, so that of two that want the same state
// the first has it. What is wrong with one is its own verdict.
func (k Keeper) Notarise(ctx context.Context, msg *types.MsgNotarise) (*types.MsgNotariseResponse, error) {
	within := unmetered(ctx)
	court, err := k.openCourt(within)
	if err != nil {
		return nil, err
	}
	if err := court.assertBatch(msg); err != nil {
		return nil, err
	}
	verdicts := make([][]byte, len(msg.Requests))
	for i := range msg.Requests {
		verdict, err := court.decide(&msg.Requests[i])
		if err != nil {
			return nil, err
		}
		verdicts[i] = verdict.encode()
	}
	return &types.MsgNotariseResponse{Verdicts: verdicts}, nil
}

// court is what counts for all requests of a message.
type court struct {
	Keeper
	ctx      sdk.Context
	params   types.Params
	standing rules.Standing
	tip      types.Tip
	making   *makingBlock
}

func (k Keeper) openCourt(ctx sdk.Context) (*court, error) {
	params, err := k.Params(ctx)
	if err != nil {
		return nil, err
	}
	standing, err := k.standing(ctx)
	if err != nil {
		return nil, err
	}
	tip, err := k.tip(ctx)
	if err != nil {
		return nil, err
	}
	making, err := k.makingBlock(ctx)
	return &court{Keeper: k, ctx: ctx, params: params, standing: standing, tip: tip, making: making}, err
}

func (k Keeper) standing(ctx context.Context) (rules.Standing, error) {
	cluster, err := k.members.ClusterID(ctx)
	if err != nil {
		return rules.Standing{}, err
	}
	network, current, previous, err := k.networkMap.Standing(ctx)
	standing := rules.Standing{Network: network, Notary: cluster, Parameters: current}
	if previous != nil {
		standing.Previous, standing.HasPrevious = *previous, true
	}
	return standing, err
}

func (c *court) assertBatch(msg *types.MsgNotarise) error {
	worker, err := sdk.AccAddressFromBech32(msg.Worker)
	if err != nil {
		return types.ErrNotAWorker.Wrap(err.Error())
	}
	if isWorker, err := c.members.IsActiveWorker(c.ctx, worker); err != nil {
		return err
	} else if !isWorker {
		return types.ErrNotAWorker.Wrap(msg.Worker)
	}
	if found := len(msg.Requests); found == 0 || found > int(c.params.BatchMax) {
		return types.ErrBatch.Wrapf("%d requests, of 1 to %d", found, c.params.BatchMax)
	}
	return nil
}

// decide judges one request, and keeps what follows where it is notarised. An error is trouble of
// this member's store, and no verdict.
func (c *court) decide(request *types.Request) (verdict, error) {
	if fault := c.sizeFault(request); fault != nil {
		return refused(fault), nil
	}
	if size := len(request.Requester); size != 0 && size != 32 {
		return refused(&rules.Fault{Code: rules.Malformed, Reason: "the requester is no identity"}), nil
	}
	examined := c.examinations.of(request.Shown, c.standing)
	if examined.fault != nil {
		return refused(examined.fault), nil
	}
	opened := examined.opened
	if fault := c.charge(request, opened); fault != nil {
		return refused(fault), nil
	}
	var earlier types.NotarisedRecord
	key := types.NotarisedKey(opened.Contents.TimeWindow.End(), opened.ID)
	if found, err := c.read(c.ctx, key, &earlier); err != nil || found {
		return verdict{height: earlier.Height, index: earlier.Index}, err
	}
	if fault, err := c.quotaFault(request.Requester); fault != nil || err != nil {
		return refused(fault), err
	}
	checked, fault := examined.check()
	if fault != nil {
		return refused(fault), nil
	}
	return c.judge(request, checked)
}

func (c *court) judge(request *types.Request, checked *rules.Checked) (verdict, error) {
	created, err := c.createdAt(checked, request.Created)
	if err != nil {
		return verdict{}, err
	}
	fault, err := rules.Judge(checked, &view{court: c, checked: checked, created: created})
	if fault != nil || err != nil {
		return refused(fault), err
	}
	return c.include(request, checked, created)
}

// include keeps a notarised transaction: its id, and what it took.
func (c *court) include(request *types.Request, checked *rules.Checked, created []creation) (verdict, error) {
	height := c.tip.Height + 1
	index, err := c.making.append(checked.ID)
	if err != nil {
		return verdict{}, err
	}
	taken := types.TakenRecord{By: checked.Leaf[:], At: c.blockTime(), Height: height, Index: index}
	for i, input := range checked.Inputs {
		if err := c.write(c.ctx, types.ConsumedKey(created[i].height, input.Consumed), &taken); err != nil {
			return verdict{}, err
		}
	}
	for _, unique := range checked.UniqueKeys {
		if err := c.write(c.ctx, types.UniqueKeyKey(uniqueKeyHash(unique.Encoded)), &taken); err != nil {
			return verdict{}, err
		}
	}
	if err := c.making.count(request.Requester); err != nil {
		return verdict{}, err
	}
	record := types.NotarisedRecord{Height: height, Index: index, Requester: request.Requester}
	err = c.write(c.ctx, types.NotarisedKey(checked.Window.End(), checked.ID), &record)
	return verdict{height: height, index: index}, err
}

// blockTime is BFT time in milliseconds since 1970.
func (c *court) blockTime() uint64 { return uint64(c.ctx.BlockTime().UnixMilli()) }
