package keeper

import (
	"crypto/sha256"
	"sync"

	"stateset.example/chain/x/notary/rules"
)

// examination is what can be found of a request without looking at the store.
type examination struct {
	// opened is nil where the request cannot be read, and fault says why.
	opened *rules.Opened
	fault  *rules.Fault

	standing rules.Standing
	checking sync.Once
	checked  *rules.Checked
	refused  *rules.Fault
}

func examine(shown []byte, standing rules.Standing) *examination {
	opened, fault := rules.Open(shown, false)
	return &examination{opened: opened, fault: fault, standing: standing}
}

// check verifies proofs and signatures, at the first call.
func (e *examination) check() (*rules.Checked, *rules.Fault) {
	e.checking.Do(func() { e.checked, e.refused = rules.Check(e.opened, e.standing) })
	return e.checked, e.refused
}

// examinations remembers them, so that each member verifies a signature once: when the request
// arrives, and not again when its block does. What is found depends on the request and the standing
// alone, so that forgetting changes no verdict.
type examinations struct {
	mutex sync.Mutex
	// Two generations: when the newer is full, the older is forgotten.
	newer, older map[examinationKey]*examination
	newerBytes   int
}

type examinationKey struct {
	shown    [sha256.Size]byte
	standing rules.Standing
}

// A few blocks under full load.
const (
	generationMax      = 4096
	generationBytesMax = 32 << 20
)

func newExaminations() *examinations {
	return &examinations{newer: map[examinationKey]*examination{}}
}

func (e *examinations) of(shown []byte, standing rules.Standing) *examination {
	key := examinationKey{sha256.Sum256(shown), standing}
	if known := e.known(key); known != nil {
		return known
	}
	made := examine(shown, standing)
	e.keep(key, made, len(shown))
	return made
}

func (e *examinations) known(key examinationKey) *examination {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if known := e.newer[key]; known != nil {
		return known
	}
	return e.older[key]
}

func (e *examinations) keep(key examinationKey, made *examination, bytes int) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if len(e.newer) >= generationMax || e.newerBytes+bytes > generationBytesMax {
		e.older, e.newer, e.newerBytes = e.newer, map[examinationKey]*examination{}, 0
	}
	e.newer[key] = made
	e.newerBytes += bytes
}
