package keeper

import (
	"stateset.example/chain/ledger"
	"stateset.example/chain/x/notary/rules"
	"stateset.example/chain/x/notary/types"
)

// view is what the store knows of the things that one request names.
type view struct {
	*court
	checked *rules.Checked
	created []creation
}

var _ rules.View = (*view)(nil)

func (v *view) BlockTime() uint64 { return v.blockTime() }

// CreatedAt counts inputs, then references.
func (v *view) CreatedAt(i int) (uint64, bool, error) {
	return v.created[i].time, v.created[i].height > 0, nil
}

func (v *view) Consumed(i int) (rules.Taken, bool, error) {
	return v.taken(types.ConsumedKey(v.created[i].height, v.checked.State(i).Consumed))
}

func (v *view) UniqueKey(encoded []byte) (rules.Taken, bool, error) {
	return v.taken(types.UniqueKeyKey(uniqueKeyHash(encoded)))
}

func (v *view) IdentityKey(identity [32]byte) (*ledger.KeyTree, bool, error) {
	encoded, found, err := v.networkMap.IdentityKey(v.ctx, identity)
	if err != nil || !found {
		return nil, false, err
	}
	key, err := ledger.DecodeKeyTree(encoded)
	return &key, err == nil, err
}

func (v *view) taken(key []byte) (rules.Taken, bool, error) {
	var record types.TakenRecord
	found, err := v.read(v.ctx, key, &record)
	if err != nil || !found {
		return rules.Taken{}, false, err
	}
	return rules.Taken{By: [32]byte(record.By), At: record.At}, true, nil
}
