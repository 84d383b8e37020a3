package maptest

import "stateset.example/chain/canonical"

// LEI has right check digits.
const LEI = "54930084UKLVMY22DS16"

// NetworkGenesis is what a network begins with, in canonical bytes.
func NetworkGenesis(name string, root []byte) []byte {
	genesis := canonical.AppendTextField(canonical.AppendRecord(nil, 4), "name", name)
	genesis = canonical.AppendBytesField(genesis, "salt", make([]byte, 32))
	genesis = append(canonical.AppendText(genesis, "mapAuthority"), NewSigner("map authority").Key()...)
	return canonical.AppendBytesField(genesis, "rootCertificate", root)
}

// NetworkOf is the id that this gives a network.
func NetworkOf(genesis []byte) canonical.Hash { return canonical.NewTag("network").Hash(genesis) }

// Registration is one in canonical bytes; without LEI if that is empty.
func Registration(network canonical.Hash, name, lei string, key []byte) []byte {
	fields := 3
	if lei != "" {
		fields++
	}
	registration := canonical.AppendText(canonical.AppendRecord(nil, fields), "key")
	registration = append(registration, key...)
	if lei != "" {
		registration = canonical.AppendTextField(registration, "lei", lei)
	}
	registration = canonical.AppendTextField(registration, "name", name)
	return canonical.AppendBytesField(registration, "network", network[:])
}

// IdentityID is the id of a registration.
func IdentityID(registration []byte) canonical.Hash { return canonical.TagIdentity.Hash(registration) }

// Parameters are a network's in canonical bytes; versions of one epoch differ in their gas.
func Parameters(network canonical.Hash, epoch, gas uint64) []byte {
	p := canonical.AppendRecord(canonical.AppendText(canonical.AppendRecord(nil, 6), "vm"), 8)
	p = canonical.AppendUintField(p, "gas", gas)
	p = canonical.AppendBytesField(p, "engine", make([]byte, 32))
	for _, limit := range []string{
		"callDepth", "stackBytes", "memoryBytes", "inputBytesMax", "resultBytesMax", "sourceBytesMax",
	} {
		p = canonical.AppendUintField(p, limit, 1<<20)
	}
	p = canonical.AppendUintField(p, "epoch", epoch)
	p = canonical.AppendBytesField(p, "network", network[:])
	p = canonical.AppendBytesField(p, "uniqueKeySalt", make([]byte, 32))
	p = canonical.AppendList(canonical.AppendText(p, "contractOwners"), 1)
	p = append(canonical.AppendText(canonical.AppendRecord(p, 2), "key"), NewSigner("author").Key()...)
	p = canonical.AppendTextField(p, "contract", "invoice")
	p = canonical.AppendList(canonical.AppendText(p, "approvedContracts"), 1)
	p = canonical.AppendList(canonical.AppendText(canonical.AppendRecord(p, 2), "bundles"), 1)
	p = canonical.AppendBytes(p, make([]byte, 32))
	return canonical.AppendTextField(p, "contract", "invoice")
}

// ParametersHash is what transactions name parameters by.
func ParametersHash(parameters []byte) []byte {
	hash := canonical.TagParameters.Hash(parameters)
	return hash[:]
}
