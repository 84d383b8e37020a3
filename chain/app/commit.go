package app

import (
	abci "github.com/cometbft/cometbft/abci/types"
)

// FinalizeBlock notes the block's time, which the index tells once the block is committed.
func (a *App) FinalizeBlock(request *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	response, err := a.BaseApp.FinalizeBlock(request)
	a.blockTime = request.Time
	return response, err
}

// catchUp lets the index see what was committed before the last stop. It may have been behind then,
// or be ahead now, after a rollback. Where that fails, the state may have the form that an upgrade is
// about to change, and the next commit will tell.
func (a *App) catchUp() {
	height := a.LastBlockHeight()
	if height == 0 {
		return
	}
	ctx, err := a.CreateQueryContext(height, false)
	if err == nil {
		err = a.Notary.CatchUp(ctx)
	}
	if err != nil {
		a.Logger().Error("the index of ids is not brought up yet", "error", err)
	}
}

// Commit makes the block durable, and then lets the index see it: the index may be behind what is
// committed, and never before it.
func (a *App) Commit() (*abci.ResponseCommit, error) {
	response, err := a.BaseApp.Commit()
	if err != nil {
		return response, err
	}
	height := a.LastBlockHeight()
	ctx, err := a.CreateQueryContext(height, false)
	if err != nil {
		return response, err
	}
	return response, a.Notary.Catch(ctx, height, uint64(a.blockTime.UnixMilli()))
}
