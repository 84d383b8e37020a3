package getter_test

import (
	"errors"
	"testing"

	getter "github.com/hashicorp/go-getter"
)

func TestEveryDownloadIsRefused(t *testing.T) {
	if err := getter.Get(t.TempDir(), "https://localhost/binary"); !errors.Is(err, getter.ErrRefused) {
		t.Errorf("Get: %v", err)
	}
	client := getter.Client{Src: "file:///etc/hostname", Dst: t.TempDir()}
	if err := client.Get(); !errors.Is(err, getter.ErrRefused) {
		t.Errorf("Client.Get: %v", err)
	}
}
