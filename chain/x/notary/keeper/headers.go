package keeper

import (
	"sync"

	"stateset.example/chain/ledger"
)

// headers remembers those of sealed blocks, which never change. Most states that are spent are
// young, so a few thousand are enough.
type headers struct {
	mutex        sync.Mutex
	newer, older map[uint64]*ledger.BlockHeader
}

const headersMax = 4096

func newHeaders() *headers { return &headers{newer: map[uint64]*ledger.BlockHeader{}} }

func (h *headers) of(height uint64, read func() (*ledger.BlockHeader, error)) (*ledger.BlockHeader, error) {
	if known := h.known(height); known != nil {
		return known, nil
	}
	header, err := read()
	if err != nil {
		return nil, err
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if len(h.newer) >= headersMax {
		h.older, h.newer = h.newer, map[uint64]*ledger.BlockHeader{}
	}
	h.newer[height] = header
	return header, nil
}

func (h *headers) known(height uint64) *ledger.BlockHeader {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if header := h.newer[height]; header != nil {
		return header
	}
	return h.older[height]
}
