package types

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/hex"
	"time"

	"stateset.example/chain/ledger"
)

const (
	CertificatesMax     = 4
	CertificateBytesMax = 4096
	identityURIPrefix   = "stateset:"
)

// nameOIDs are the attributes of subjects that names can have.
var nameOIDs = map[string]string{
	"2.5.4.3": "CN", "2.5.4.11": "OU", "2.5.4.10": "O", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.6": "C",
}

// CertificateChain are an identity's certificates, each signed with the key of the next.
type CertificateChain []*x509.Certificate

// ParseCertificates checks certificates without regard to time: that they are well-formed, each is
// signed with the key of the next and the last leads to the root, if there is one, and that the
// first is the identity's: it has its name, and names its id or has a key of its registration.
//
// Only Ed25519 and P-256 are taken, and what Go's settings could decide one way or the other is
// refused before: members must agree.
func ParseCertificates(certificates [][]byte, root []byte, of *Registration) (CertificateChain, error) {
	if len(certificates) == 0 {
		return nil, nil
	}
	if len(certificates) > CertificatesMax {
		return nil, ErrOutOfBounds.Wrapf("at most %d certificates", CertificatesMax)
	}
	var chain CertificateChain
	for i, der := range certificates {
		certificate, err := parseCertificate(der)
		if err != nil {
			return nil, ErrBadCertificate.Wrapf("certificate %d: %s", i, err)
		}
		if i > 0 {
			if err := checkLink(chain[i-1], certificate, i-1); err != nil {
				return nil, err
			}
		}
		chain = append(chain, certificate)
	}
	if err := checkOwn(chain[0], of); err != nil {
		return nil, err
	}
	return chain, checkRoot(chain, root)
}

// CheckTime tells whether the certificates are valid at a block's time.
func (c CertificateChain) CheckTime(at time.Time) error {
	for i, certificate := range c {
		if at.Before(certificate.NotBefore) || at.After(certificate.NotAfter) {
			return ErrBadCertificate.Wrapf("certificate %d is not valid at the block's time", i)
		}
	}
	return nil
}

func parseCertificate(der []byte) (*x509.Certificate, error) {
	if len(der) == 0 || len(der) > CertificateBytesMax {
		return nil, ErrOutOfBounds.Wrapf("1 to %d bytes expected", CertificateBytesMax)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		// Its text may differ from one version of Go to the next.
		return nil, ErrBadCertificate.Wrap("not an X.509 certificate in DER")
	}
	if certificate.Version != 3 || certificate.SerialNumber.Sign() <= 0 {
		return nil, ErrBadCertificate.Wrap("version 3 and a positive serial number expected")
	}
	if len(certificate.UnhandledCriticalExtensions) > 0 {
		return nil, ErrBadCertificate.Wrap("a critical extension is unknown")
	}
	switch key := certificate.PublicKey.(type) {
	case ed25519.PublicKey:
		return certificate, nil
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return certificate, nil
		}
	}
	return nil, ErrBadCertificate.Wrap("the key is neither Ed25519 nor P-256")
}

// checkLink tells whether the second has issued the first, under which so many others stand.
func checkLink(issued, issuer *x509.Certificate, below int) error {
	if !bytes.Equal(issued.RawIssuer, issuer.RawSubject) {
		return ErrBadCertificate.Wrap("a certificate names another issuer than the next one")
	}
	mayIssue := issuer.BasicConstraintsValid && issuer.IsCA &&
		(issuer.KeyUsage == 0 || issuer.KeyUsage&x509.KeyUsageCertSign != 0)
	isBounded := issuer.MaxPathLen > 0 || issuer.MaxPathLenZero
	if !mayIssue || isBounded && below > issuer.MaxPathLen {
		return ErrBadCertificate.Wrap("a certificate may not sign the one before it")
	}
	switch issued.SignatureAlgorithm {
	case x509.PureEd25519, x509.ECDSAWithSHA256:
	default:
		return ErrBadCertificate.Wrap("a signature is neither Ed25519 nor ECDSA with SHA-256")
	}
	if issuer.CheckSignature(issued.SignatureAlgorithm, issued.RawTBSCertificate, issued.Signature) != nil {
		return ErrBadCertificate.Wrap("a certificate is not signed with the key of the next")
	}
	return nil
}

func checkRoot(chain CertificateChain, root []byte) error {
	last := chain[len(chain)-1]
	if len(root) == 0 || bytes.Equal(last.Raw, root) {
		return nil
	}
	issuer, err := parseCertificate(root)
	if err != nil {
		return err
	}
	return checkLink(last, issuer, len(chain)-1)
}

func checkOwn(own *x509.Certificate, of *Registration) error {
	if own.IsCA {
		return ErrBadCertificate.Wrap("the first may sign others")
	}
	if name, err := subjectName(own); err != nil || name != of.Name {
		return ErrBadCertificate.Wrap("the first has another name than the registration")
	}
	isNamed := false
	for _, uri := range own.URIs {
		if uri.Scheme != "stateset" {
			continue
		}
		if uri.String() != identityURIPrefix+hex.EncodeToString(of.ID[:]) {
			return ErrBadCertificate.Wrap("the first names another identity")
		}
		isNamed = true
	}
	if key := publicKeyOf(own); !isNamed && !of.Key.Has(&key) {
		return ErrBadCertificate.Wrap("the first neither names the identity nor has one of its keys")
	}
	return nil
}

// subjectName is the subject in the ledger's form of names.
func subjectName(certificate *x509.Certificate) (string, error) {
	var name X500Name
	values := map[string]*string{}
	for _, attribute := range name.attributes() {
		values[attribute.key] = attribute.value
	}
	for _, part := range certificate.Subject.Names {
		into := values[nameOIDs[part.Type.String()]]
		value, isText := part.Value.(string)
		if into == nil || *into != "" || !isText || value == "" {
			return "", ErrBadCertificate.Wrapf("subject with %s", part.Type)
		}
		*into = value
	}
	return name.Format(), nil
}

// publicKeyOf is the certificate's key; parseCertificate let no others through.
func publicKeyOf(certificate *x509.Certificate) ledger.PublicKey {
	scheme, content := ledger.Ed25519, []byte(nil)
	switch key := certificate.PublicKey.(type) {
	case ed25519.PublicKey:
		content = key
	case *ecdsa.PublicKey:
		scheme = ledger.P256
		if point, err := key.Bytes(); err == nil {
			content = append([]byte{2 | point[64]&1}, point[1:33]...) // compressed
		}
	}
	key, _ := ledger.NewPublicKey(scheme, content)
	return key
}
