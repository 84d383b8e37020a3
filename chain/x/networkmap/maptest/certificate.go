package maptest

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"net/url"
	"testing"
	"time"
)

// Now is the time that certificates are valid at, an hour before and after.
var Now = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// Name of an organisation, as certificates have it.
func Name(organisation string) pkix.Name {
	return pkix.Name{Country: []string{"CH"}, Organization: []string{organisation}}
}

// Authority is a template of a certificate that may sign others.
func Authority(organisation string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: Name(organisation),
		NotBefore: Now.Add(-time.Hour), NotAfter: Now.Add(time.Hour),
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign,
	}
}

// Own is a template of an identity's own certificate; it names the id unless that is nil.
func Own(organisation string, id []byte) *x509.Certificate {
	template := Authority(organisation)
	template.IsCA, template.KeyUsage = false, x509.KeyUsageDigitalSignature
	if id != nil {
		template.URIs = []*url.URL{{Scheme: "stateset", Opaque: hex.EncodeToString(id)}}
	}
	return template
}

// Issue signs a template for a key; the issuer's own template for a root.
func Issue(t testing.TB, template, issuer *x509.Certificate, key, issuerKey Signer) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), issuerKey.secret)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// Critical is an extension that nobody knows.
func Critical() pkix.Extension {
	return pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}
}
