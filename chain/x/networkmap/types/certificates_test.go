package types_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net/url"
	"testing"
	"time"

	"stateset.example/chain/canonical"
	"stateset.example/chain/x/networkmap/maptest"
	"stateset.example/chain/x/networkmap/types"
)

var (
	rootKey, middleKey = maptest.NewSigner("root"), maptest.NewSigner("middle")
	tlsKey, ownKey     = maptest.NewSigner("tls"), maptest.NewSigner("own")
)

// chainOf is what a test may break before certificates are issued.
type chainOf struct {
	root, middle, own *x509.Certificate
	issuer            maptest.Signer
	key               maptest.Signer
	edit              func(chain [][]byte) [][]byte
}

func parse(t *testing.T, breaks func(*chainOf)) (types.CertificateChain, error) {
	t.Helper()
	network := canonical.Hash{5}
	encoded := maptest.Registration(network, "O=Alpenblick,C=CH", "", ownKey.Key())
	registration, err := types.ParseRegistration(encoded, network)
	if err != nil {
		t.Fatal(err)
	}
	c := &chainOf{
		root: maptest.Authority("Root"), middle: maptest.Authority("Middle"),
		own: maptest.Own("Alpenblick", registration.ID[:]), issuer: middleKey, key: tlsKey,
		edit: func(chain [][]byte) [][]byte { return chain },
	}
	breaks(c)
	root := maptest.Issue(t, c.root, c.root, rootKey, rootKey)
	middle := maptest.Issue(t, c.middle, c.root, middleKey, rootKey)
	own := maptest.Issue(t, c.own, c.middle, c.key, c.issuer)
	return types.ParseCertificates(c.edit([][]byte{own, middle, root}), root, registration)
}

func TestCertificates(t *testing.T) {
	for name, change := range map[string]func(*chainOf){
		"with the root":    func(*chainOf) {},
		"without the root": func(c *chainOf) { c.edit = func(chain [][]byte) [][]byte { return chain[:2] } },
		"with a key of the registration": func(c *chainOf) {
			c.own, c.key = maptest.Own("Alpenblick", nil), ownKey
		},
		"none":                        func(c *chainOf) { c.edit = func([][]byte) [][]byte { return nil } },
		"a path as long as it may be": func(c *chainOf) { c.root.MaxPathLen = 1 },
	} {
		if _, err := parse(t, change); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCertificatesRefuse(t *testing.T) {
	for name, breaks := range map[string]func(*chainOf){
		"another's signature": func(c *chainOf) { c.issuer = rootKey },
		"another name":        func(c *chainOf) { c.own.Subject = maptest.Name("Another") },
		"a name with more": func(c *chainOf) {
			c.own.Subject.Organization = append(c.own.Subject.Organization, "B")
		},
		"an attribute that names lack": func(c *chainOf) { c.own.Subject.PostalCode = []string{"6003"} },
		"no name":                      func(c *chainOf) { c.own.Subject = pkix.Name{} },
		"another identity": func(c *chainOf) {
			c.own.URIs[0].Opaque = string(bytes.Repeat([]byte{'0'}, 64))
		},
		"another identity beside": func(c *chainOf) {
			c.own.URIs = append(c.own.URIs, &url.URL{Scheme: "stateset", Opaque: "00"})
		},
		"neither id nor key":         func(c *chainOf) { c.own.URIs = nil },
		"its own authority":          func(c *chainOf) { c.own.IsCA, c.own.KeyUsage = true, x509.KeyUsageCertSign },
		"an issuer that may not":     func(c *chainOf) { c.middle.IsCA, c.middle.KeyUsage = false, 0 },
		"an issuer for other things": func(c *chainOf) { c.middle.KeyUsage = x509.KeyUsageCRLSign },
		"too long a path":            func(c *chainOf) { c.root.MaxPathLenZero = true },
		"an unknown extension": func(c *chainOf) {
			c.own.ExtraExtensions = []pkix.Extension{maptest.Critical()}
		},
		"the wrong order": func(c *chainOf) {
			c.edit = func(chain [][]byte) [][]byte { return [][]byte{chain[0], chain[2], chain[1]} }
		},
		"a gap": func(c *chainOf) { c.edit = func(chain [][]byte) [][]byte { return chain[:1] } },
		"bytes behind": func(c *chainOf) {
			c.edit = func(chain [][]byte) [][]byte { chain[0] = append(chain[0], 0); return chain }
		},
		"nothing in one": func(c *chainOf) { c.edit = func(chain [][]byte) [][]byte { chain[1] = nil; return chain } },
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parse(t, breaks); !errors.Is(err, types.ErrBadCertificate) {
				t.Fatal(err)
			}
		})
	}
	_, err := parse(t, func(c *chainOf) {
		c.edit = func(chain [][]byte) [][]byte { return [][]byte{chain[0], chain[1], chain[2], chain[2], chain[2]} }
	})
	if !errors.Is(err, types.ErrOutOfBounds) {
		t.Fatal(err)
	}
}

func TestCertificatesAtATime(t *testing.T) {
	chain, err := parse(t, func(c *chainOf) { c.middle.NotAfter = maptest.Now.Add(time.Minute); c.own.SerialNumber = big.NewInt(7) })
	if err != nil {
		t.Fatal(err)
	}
	for after, isValid := range map[time.Duration]bool{
		-time.Hour - time.Second: false, -time.Hour: true, 0: true, time.Minute: true, time.Minute + time.Second: false,
	} {
		if err := chain.CheckTime(maptest.Now.Add(after)); (err == nil) != isValid {
			t.Errorf("%s: %v", after, err)
		}
	}
}
