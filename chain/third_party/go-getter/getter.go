// Package getter stands in for github.com/hashicorp/go-getter, which x/upgrade imports to download
// the binaries of an upgrade. A member's binary is put in place by its operator and never
// downloaded, so every download is refused here, and the cloud storage clients that the original
// brings stay out of the binary and of what must be audited.
package getter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// ErrRefused is the answer to every download.
var ErrRefused = errors.New("this binary downloads nothing: operators put upgrades in place themselves")

// Get refuses to download a folder.
func Get(_, src string) error { return refuse(src) }

// Client has the fields of the original that x/upgrade sets.
type Client struct {
	Ctx             context.Context
	Src             string
	Dst             string
	Pwd             string
	Getters         map[string]Getter
	DisableSymlinks bool
}

// Get refuses to download a file.
func (c *Client) Get() error { return refuse(c.Src) }

// Getter has nothing to do: no scheme is served.
type Getter interface{}

// Getters holds none.
var Getters = map[string]Getter{}

// HttpGetter has the fields of the original that x/upgrade sets.
type HttpGetter struct {
	Client                *http.Client
	XTerraformGetDisabled bool
}

// ChecksumError is never returned; x/upgrade asks whether an error is one.
type ChecksumError struct{}

func (*ChecksumError) Error() string { return "checksum does not match" }

func refuse(src string) error { return fmt.Errorf("download of %q refused: %w", src, ErrRefused) }
