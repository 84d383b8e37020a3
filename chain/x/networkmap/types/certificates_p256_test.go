package types

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"testing"
	"time"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

func TestP256Certificates(t *testing.T) {
	for curve, code := range map[elliptic.Curve]error{elliptic.P256(): nil, elliptic.P384(): ErrBadCertificate} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{Country: []string{"CH"}, Organization: []string{"A"}},
			NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1, 0), SignatureAlgorithm: x509.ECDSAWithSHA256,
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		registration := &Registration{ID: canonical.Hash{1}}
		registration.Name = "O=A,C=CH"
		if curve == elliptic.P256() {
			point := elliptic.MarshalCompressed(curve, key.X, key.Y)
			own, _ := ledger.NewPublicKey(ledger.P256, point)
			registration.Key = ledger.SingleKey(own)
		}
		if _, err := ParseCertificates([][]byte{der}, nil, registration); !errors.Is(err, code) {
			t.Fatalf("%s: %v", curve.Params().Name, err)
		}
		another, _ := ledger.NewPublicKey(ledger.P256, make([]byte, 33))
		registration.Key = ledger.SingleKey(another)
		if _, err := ParseCertificates([][]byte{der}, nil, registration); !errors.Is(err, ErrBadCertificate) {
			t.Fatalf("with another key: %v", err)
		}
	}
}
