package main

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	pruningtypes "cosmossdk.io/store/pruning/types"
)

// prunedStates keeps a few old states, as a member does that serves no history.
var prunedStates = pruningtypes.NewCustomPruningOptions(100, 10)

// figure is what a size costs.
type figure struct {
	References int     `json:"references"`
	Layout     string  `json:"layout"`
	Requests   int     `json:"requestsPerBlock"`
	BlockMsP50 float64 `json:"blockMsP50"`
	BlockMsMax float64 `json:"blockMsMax"`
	// CPUUsPerRequest is user and system time of the whole process, the database's threads included.
	CPUUsPerRequest float64 `json:"cpuUsPerRequest"`
	RSSMB           int     `json:"rssMb"`
	DiskMB          int     `json:"diskMb"`
}

func (l *ledger) measure(blocks, requests int) (figure, error) {
	taken := make([]float64, blocks)
	before := cpu()
	for i := range taken {
		start := time.Now()
		if err := l.block(requests); err != nil {
			return figure{}, err
		}
		taken[i] = float64(time.Since(start).Microseconds()) / 1000
	}
	used := cpu() - before
	slices.Sort(taken)
	layout := "edge"
	if l.isRandom {
		layout = "random"
	}
	return figure{
		References: l.references, Layout: layout, Requests: requests,
		BlockMsP50: taken[blocks/2], BlockMsMax: taken[blocks-1],
		CPUUsPerRequest: math.Round(float64(used.Microseconds())*10/float64(blocks*requests)) / 10,
		RSSMB:           rssMB(), DiskMB: folderMB(l.dir),
	}, nil
}

func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func rssMB() int {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var pages, field int
	for _, digit := range statm {
		if digit == ' ' {
			field++
			continue
		}
		if field == 1 && digit >= '0' && digit <= '9' {
			pages = 10*pages + int(digit-'0')
		}
	}
	return pages * os.Getpagesize() >> 20
}

func folderMB(dir string) int {
	var bytes int64
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return int(bytes >> 20)
}
