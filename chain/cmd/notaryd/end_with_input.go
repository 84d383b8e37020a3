package main

import (
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"
)

const endWithInputFlag = "end-with-input"

func addStartFlags(start *cobra.Command) {
	start.Flags().Bool(endWithInputFlag, false,
		"end in order when standard input ends, as it does when the process that holds its other end dies")
}

// endWithInput lets a member that a program started not outlive that program, however it dies.
func endWithInput(cmd *cobra.Command) error {
	if isAsked, err := cmd.Flags().GetBool(endWithInputFlag); err != nil || !isAsked {
		return nil // another command has no such flag
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = self.Signal(syscall.SIGTERM)
	}()
	return nil
}
