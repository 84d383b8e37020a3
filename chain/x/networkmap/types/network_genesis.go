package types

import (
	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

const (
	networkNameBytesMax    = 128
	networkGenesisBytesMax = 64 << 10
)

var tagNetwork = canonical.NewTag("network")

// RootCertificate reads the root out of what a network began with, whose hash is the network's id.
func RootCertificate(networkGenesis []byte, network canonical.Hash) ([]byte, error) {
	if len(networkGenesis) > networkGenesisBytesMax {
		return nil, ErrOutOfBounds.Wrapf("a network's genesis has at most %d bytes", networkGenesisBytesMax)
	}
	r := canonical.NewReader(networkGenesis)
	r.Record(4)
	r.Field("name")
	r.Text(1, networkNameBytesMax)
	r.Field("salt")
	r.Hash()
	r.Field("mapAuthority")
	authority := passKeyTree(&r)
	r.Field("rootCertificate")
	root := r.Bytes(1, CertificateBytesMax)
	r.Leave()
	if err := r.End(); err != nil {
		return nil, ErrMalformed.Wrapf("network genesis: %s", err)
	}
	if _, err := ledger.DecodeKeyTree(authority); err != nil {
		return nil, ErrBadKey.Wrapf("map authority: %s", err)
	}
	if tagNetwork.Hash(networkGenesis) != network {
		return nil, ErrWrongNetwork.Wrapf("network genesis of %x", tagNetwork.Hash(networkGenesis))
	}
	_, err := parseCertificate(root)
	return root, err
}
