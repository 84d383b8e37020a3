package types

import "context"

// Members is what the module asks of x/members.
type Members interface {
	// ClusterID is the hash of the cluster's genesis.
	ClusterID(ctx context.Context) ([32]byte, error)
	// CurrentSet is the member set whose workers sign this block's receipts.
	CurrentSet(ctx context.Context) (epoch uint64, hash [32]byte, err error)
	// IsActiveWorker tells whether the account is that of an active member's worker.
	IsActiveWorker(ctx context.Context, account []byte) (bool, error)
}

// Map is what the module asks of x/networkmap.
type Map interface {
	// Standing is the network, and the parameters that transactions may be made under.
	Standing(ctx context.Context) (network, current [32]byte, previous *[32]byte, err error)
	// IdentityKey is the key tree, in canonical bytes, that counts for an identity now.
	IdentityKey(ctx context.Context, identity [32]byte) (key []byte, found bool, err error)
}
