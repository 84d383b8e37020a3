package types

import (
	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

// Statements are what an identity signs to change its own entry. Each is hashed under a tag of its
// own and signed for a purpose of its own, so that none can be taken for another, and names the
// network, so that none counts on another.

// Purposes of signatures, and hashes' tags of the same names.
const (
	PurposeIdentityKey          ledger.Purpose = "identity-key"
	PurposeIdentityAddress      ledger.Purpose = "identity-address"
	PurposeParametersAcceptance ledger.Purpose = "parameters-acceptance"
)

var (
	tagIdentityKey          = canonical.NewTag(string(PurposeIdentityKey))
	tagIdentityAddress      = canonical.NewTag(string(PurposeIdentityAddress))
	tagParametersAcceptance = canonical.NewTag(string(PurposeParametersAcceptance))
)

// KeyStatement says that a key follows the identity's current one:
//
//	H(identity-key ‖ { id: hash, key: keyTree, network: hash, keyEpoch: uint })
func KeyStatement(network canonical.Hash, id, key []byte, keyEpoch uint64) ledger.Payload {
	said := canonical.AppendBytesField(canonical.AppendRecord(nil, 4), "id", id)
	said = append(canonical.AppendText(said, "key"), key...)
	said = canonical.AppendBytesField(said, "network", network[:])
	said = canonical.AppendUintField(said, "keyEpoch", keyEpoch)
	return ledger.Payload{Purpose: PurposeIdentityKey, Network: network, Hash: tagIdentityKey.Hash(said)}
}

// AddressStatement says where the identity's node is reached, and with which TLS key:
//
//	H(identity-address ‖ { id: hash, epoch: uint, tlsKey: publicKey,
//	                       address?: { host: text(1..253), port: uint(1..65535) }, network: hash })
func AddressStatement(network canonical.Hash, id []byte, address *Address) ledger.Payload {
	fields := 4
	if address.isDialled() {
		fields++
	}
	said := canonical.AppendBytesField(canonical.AppendRecord(nil, fields), "id", id)
	said = canonical.AppendUintField(said, "epoch", address.Epoch)
	said = append(canonical.AppendText(said, "tlsKey"), address.TlsKey...)
	if address.isDialled() {
		said = canonical.AppendRecord(canonical.AppendText(said, "address"), 2)
		said = canonical.AppendTextField(said, "host", address.Host)
		said = canonical.AppendUintField(said, "port", uint64(address.Port))
	}
	said = canonical.AppendBytesField(said, "network", network[:])
	return ledger.Payload{Purpose: PurposeIdentityAddress, Network: network, Hash: tagIdentityAddress.Hash(said)}
}

// AcceptanceStatement says that the identity is ready for parameters:
//
//	H(parameters-acceptance ‖ { id: hash, network: hash, parameters: hash })
func AcceptanceStatement(network canonical.Hash, id, parameters []byte) ledger.Payload {
	said := canonical.AppendBytesField(canonical.AppendRecord(nil, 3), "id", id)
	said = canonical.AppendBytesField(said, "network", network[:])
	said = canonical.AppendBytesField(said, "parameters", parameters)
	return ledger.Payload{Purpose: PurposeParametersAcceptance, Network: network, Hash: tagParametersAcceptance.Hash(said)}
}
