package types

import (
	"bytes"

	"stateset.example/chain/canonical"
	"stateset.example/chain/ledger"
)

// NewMemberSet is the set that active members form.
func NewMemberSet(epoch uint64, members []Member) MemberSet {
	active := Active(members)
	set := MemberSet{Epoch: epoch, Quorum: Quorum(len(active))}
	for _, member := range active {
		set.WorkerKeys = append(set.WorkerKeys, member.WorkerKey)
	}
	return set
}

// Has tells whether the worker belongs to the set.
func (s MemberSet) Has(workerKey []byte) bool {
	for _, key := range s.WorkerKeys {
		if bytes.Equal(key, workerKey) {
			return true
		}
	}
	return false
}

// Canonical is the set as the ledger writes it, which its hash is made of.
func (s MemberSet) Canonical(cluster []byte) []byte {
	set := ledger.MemberSet{
		Cluster: canonical.Hash(cluster), Epoch: s.Epoch, Quorum: uint8(s.Quorum), Members: s.keys(),
	}
	return set.Append(nil)
}

func (s MemberSet) keys() []ledger.PublicKey {
	keys := make([]ledger.PublicKey, 0, len(s.WorkerKeys))
	for _, worker := range s.WorkerKeys {
		key, _ := ledger.NewPublicKey(ledger.Ed25519, worker) // a member's key has the right length
		keys = append(keys, key)
	}
	return keys
}

// NewMemberSetRecord is a set that nobody signed yet.
func NewMemberSetRecord(cluster []byte, set MemberSet) MemberSetRecord {
	return MemberSetRecord{Set: set, Canonical: set.Canonical(cluster)}
}

// Hash is what the headers of sealed blocks name the set by.
func (r MemberSetRecord) Hash() canonical.Hash { return canonical.TagMemberSet.Hash(r.Canonical) }

// Payload is what workers of the current set sign to agree to this one.
func (r MemberSetRecord) Payload(network Network) ledger.Payload {
	return ledger.Payload{
		Purpose: ledger.PurposeMemberSet, Network: canonical.Hash(network.NetworkId), Hash: r.Hash(),
	}
}

// IsSignature tells whether the worker made this signature of the record.
func (r MemberSetRecord) IsSignature(network Network, workerKey, signature []byte) bool {
	key, ok := ledger.NewPublicKey(ledger.Ed25519, workerKey)
	payload := r.Payload(network)
	signed := ledger.Signature{Simple: ledger.SimpleSignature{Key: key, Bytes: signature}}
	return ok && signed.IsValid(&payload)
}

// IsAgreed tells whether a quorum of the set before signed the record.
func (r MemberSetRecord) IsAgreed(before MemberSet) bool {
	return len(r.Signatures) >= int(before.Quorum)
}

func (r MemberSetRecord) IsSignedBy(workerKey []byte) bool {
	for _, signature := range r.Signatures {
		if bytes.Equal(signature.WorkerKey, workerKey) {
			return true
		}
	}
	return false
}

// ClusterID names a cluster by what it began with: { network, chainId, kind, quorum, members }.
func ClusterID(network Network, chainID string, genesis MemberSet) []byte {
	written := canonical.AppendRecord(nil, 5)
	written = canonical.AppendTextField(written, "kind", network.Kind)
	written = canonical.AppendUintField(written, "quorum", uint64(genesis.Quorum))
	written = canonical.AppendTextField(written, "chainId", chainID)
	written = canonical.AppendList(canonical.AppendText(written, "members"), len(genesis.WorkerKeys))
	for _, key := range genesis.WorkerKeys {
		written = canonical.AppendBytesField(canonical.AppendVariant(written, "ed25519", 1), "key", key)
	}
	written = canonical.AppendBytesField(written, "network", network.NetworkId)
	id := canonical.TagCluster.Hash(written)
	return id[:]
}
