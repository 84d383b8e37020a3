package ledger

import (
	"encoding/json"
	"strconv"

	"stateset.example/testvectors/codec"
)

func hashMemberSet(schemas codec.Schemas, set object) []byte {
	return hashOf(schemas, "member-set", "memberSet", set)
}

// hashOf is the tagged hash of a value's encoding. Values here were decoded, so they encode.
func hashOf(schemas codec.Schemas, tag, schema string, value any) []byte {
	encoded, err := codec.Encode(schemas.Of(schema), value)
	if err != nil {
		panic(err)
	}
	return codec.TaggedHash(tag, encoded)
}

// FollowMemberSets goes from a trusted set on as long as a quorum of each set signed the next.
func FollowMemberSets(schemas codec.Schemas, network string, trusted object, changes []object) []object {
	sets := []object{trusted}
	for _, change := range changes {
		current, next := sets[len(sets)-1], change["next"].(object)
		follows := next["cluster"] == current["cluster"] &&
			codec.Int(next["epoch"]) == codec.Int(current["epoch"])+1
		payload := clusterPayload("member-set", network, hashMemberSet(schemas, next))
		if !follows || countMembers(schemas, current, change["signatures"], payload) < quorum(current) {
			break
		}
		sets = append(sets, next)
	}
	return sets
}

func quorum(set object) int { return codec.Int(set["quorum"]) }

// countMembers counts the different members with a valid signature; those of others do no harm.
func countMembers(schemas codec.Schemas, set object, signatures any, payload object) int {
	isMember, signed := map[string]bool{}, map[string]bool{}
	for _, member := range set["members"].([]any) {
		isMember[codec.KeyID(member.(object))] = true
	}
	for _, each := range signatures.([]any) {
		signature := each.(object)
		if signature["kind"] == "composite" {
			continue
		}
		id := codec.KeyID(signature)
		if isMember[id] && !signed[id] && codec.VerifySignature(schemas, signature, payload) {
			signed[id] = true
		}
	}
	return len(signed)
}

func clusterPayload(purpose, network string, hash []byte) object {
	return object{
		"purpose":   purpose,
		"networkId": network,
		"metadata":  object{"platformVersion": json.Number(strconv.Itoa(0))},
		"hash":      codec.Hex(hash).String(),
	}
}
