package types

import (
	"slices"

	"stateset.example/chain/canonical"
)

const (
	// RolesMax is as many as there are.
	RolesMax = 4
	// ReasonBytesMax bounds why a status is set.
	ReasonBytesMax = 256
)

// IsActive tells whether what the identity signs counts.
func (i *Identity) IsActive() bool { return i.Status == STATUS_ACTIVE }

// IsRevoked tells whether the identity has ended; its name, LEI and TLS key are free for another.
func (i *Identity) IsRevoked() bool { return i.Status == STATUS_REVOKED }

// CheckRoles wants known roles in ascending order, so that none stands twice.
func CheckRoles(roles []Role) error {
	if len(roles) > RolesMax {
		return ErrBadRoles.Wrapf("at most %d", RolesMax)
	}
	before := ROLE_UNSPECIFIED
	for _, role := range roles {
		if role <= before || role > ROLE_OPERATOR {
			return ErrBadRoles.Wrap(role.String())
		}
		before = role
	}
	return nil
}

// AreSameRoles compares lists that are both in order.
func AreSameRoles(a, b []Role) bool { return slices.Equal(a, b) }

// CheckStatus wants one that an entry can have.
func CheckStatus(status Status) error {
	if status < STATUS_ACTIVE || status > STATUS_REVOKED {
		return ErrBadStatus.Wrap(status.String())
	}
	return nil
}

// Check checks an entry of the map by itself, without regard to time.
func (i *Identity) Check(network [32]byte, root []byte) error {
	registration, err := ParseRegistration(i.Registration, network)
	if err != nil {
		return err
	}
	if !registration.Is(i) {
		return ErrMalformed.Wrapf("entry %x does not say what its registration does", i.Id)
	}
	if _, err := ParseKey(i.Key); err != nil {
		return err
	}
	if i.KeyEpoch >= canonical.UintMax {
		return ErrWrongEpoch.Wrap("no key epoch can follow")
	}
	if _, err := ParseCertificates(i.Certificates, root, registration); err != nil {
		return err
	}
	if err := CheckRoles(i.Roles); err != nil {
		return err
	}
	if i.Address != nil {
		if err := i.Address.Check(); err != nil {
			return err
		}
	}
	return CheckStatus(i.Status)
}

// Claims are the keys of the store that only one identity may hold: those of its name, LEI and TLS
// key. A revoked one holds none, so that the company can come back under another key; nor does the
// empty entry, which a first one follows.
func (i *Identity) Claims() [][]byte {
	if i.IsRevoked() || i.Name == "" {
		return nil
	}
	claims := [][]byte{NameKey(i.Name)}
	if i.Lei != "" {
		claims = append(claims, LEIKey(i.Lei))
	}
	if i.Address != nil {
		claims = append(claims, TLSKey(i.Address.TlsKey))
	}
	return claims
}
