package ledger

import "stateset.example/chain/canonical"

// Opening opens an identity commitment.
type Opening struct{ Identity, Blinding canonical.Hash }

// Commitment is what an authority shows of an identity: only the state's holders can open it.
func (o *Opening) Commitment() canonical.Hash {
	return canonical.TagCommitment.Hash(o.Identity[:], o.Blinding[:])
}

// ReadOpening reads an opening as requests hold it.
func ReadOpening(r *canonical.Reader) (o Opening) {
	r.Record(2)
	r.Field("blinding")
	o.Blinding = r.Hash()
	r.Field("identity")
	o.Identity = r.Hash()
	r.Leave()
	return o
}

// Append adds the opening's encoding.
func (o *Opening) Append(to []byte) []byte {
	to = canonical.AppendBytesField(canonical.AppendRecord(to, 2), "blinding", o.Blinding[:])
	return canonical.AppendBytesField(to, "identity", o.Identity[:])
}

// Registration is what a company registers with: its names, and the key that is its first. Whether
// the name is one of X.500 and the LEI's check digits are right is not checked here.
type Registration struct {
	Network canonical.Hash
	Name    string
	LEI     string
	HasLEI  bool
	Key     KeyTree
}

const (
	nameBytesMax = 1024
	leiBytesMax  = 64
)

// DecodeRegistration reads a registration whose key is of good form.
func DecodeRegistration(bytes []byte) (Registration, error) {
	registration, err := decoded(bytes, CodeMalformed, readRegistration)
	if err != nil {
		return Registration{}, err
	}
	return registration, registration.Key.Fault()
}

func readRegistration(r *canonical.Reader) (g Registration) {
	g.HasLEI = r.RecordOf(3, 4) == 4
	r.Field("key")
	g.Key = readKeyTree(r)
	if g.HasLEI {
		r.Field("lei")
		g.LEI = string(r.Text(0, leiBytesMax))
	}
	r.Field("name")
	g.Name = string(r.Text(1, nameBytesMax))
	r.Field("network")
	g.Network = r.Hash()
	r.Leave()
	return g
}

// Append adds the registration's encoding.
func (g *Registration) Append(to []byte) []byte {
	fields := 3
	if g.HasLEI {
		fields++
	}
	to = g.Key.Append(canonical.AppendText(canonical.AppendRecord(to, fields), "key"))
	if g.HasLEI {
		to = canonical.AppendTextField(to, "lei", g.LEI)
	}
	to = canonical.AppendTextField(to, "name", g.Name)
	return canonical.AppendBytesField(to, "network", g.Network[:])
}

// IdentityID is the id that the party has for good: whoever is shown the registration can check it.
func (g *Registration) IdentityID() canonical.Hash { return canonical.TagIdentity.Hash(g.Append(nil)) }
