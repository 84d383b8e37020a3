package types

import (
	"strings"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

const (
	hostBytesMax = 253
	portMax      = 65_535
	// hostCharacters are those of DNS names and of IP addresses.
	hostCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:"
)

// Check tells whether the address is one, of an epoch that canonical bytes can hold.
func (a *Address) Check() error {
	if a.Epoch < 1 || a.Epoch > canonical.UintMax {
		return ErrBadAddress.Wrap("epochs begin with 1")
	}
	if !a.isDialled() {
		if a.Port != 0 {
			return ErrBadAddress.Wrap("a port without a host")
		}
	} else if len(a.Host) > hostBytesMax || strings.Trim(a.Host, hostCharacters) != "" {
		return ErrBadAddress.Wrapf("a host is a DNS name or IP address of at most %d bytes", hostBytesMax)
	} else if a.Port < 1 || a.Port > portMax {
		return ErrBadAddress.Wrapf("a port is one of 1 to %d", portMax)
	}
	if len(a.TlsKey) > KeyBytesMax {
		return ErrOutOfBounds.Wrap("TLS key")
	}
	// A single key and the tree of this key are the same bytes.
	key, err := ledger.DecodeKeyTree(a.TlsKey)
	if err != nil || key.Key.Scheme() != ledger.Ed25519 {
		return ErrBadAddress.Wrap("a TLS key is an Ed25519 key in canonical bytes")
	}
	return nil
}

// isDialled is false where nobody is meant to connect.
func (a *Address) isDialled() bool { return a.Host != "" }

// IsSame compares all that an address says.
func (a *Address) IsSame(other *Address) bool {
	return a.Epoch == other.Epoch && a.Host == other.Host && a.Port == other.Port &&
		string(a.TlsKey) == string(other.TlsKey)
}
