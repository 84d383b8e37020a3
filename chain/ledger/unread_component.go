package ledger

import "stateset.example/chain/canonical"

// passUnread reads over a component of the groups that only a validating notary is shown: that it
// is canonical under its schema is part of the transaction's form.
func passUnread(r *canonical.Reader, number Group) {
	switch number {
	case GroupOutputs:
		passOutput(r)
	case GroupCommands:
		passCommand(r)
	case GroupAttachments:
		r.Record(2)
		r.Field("bundle")
		r.Hash()
		r.Field("contract")
		r.Text(1, 64)
		r.Leave()
	case GroupInstructions:
		r.Record(2)
		r.Field("data")
		r.Bytes(0, instructionBytesMax)
		r.Field("kind")
		r.Text(1, 64)
		r.Leave()
	case GroupPrivate:
		passPrivate(r)
	default:
		panic("a notary reads group " + number.String())
	}
}

func passOutput(r *canonical.Reader) {
	r.Record(4)
	r.Field("data")
	r.Bytes(1, outputBytesMax)
	r.Field("type")
	r.Text(1, 64)
	r.Field("contract")
	r.Text(1, 64)
	r.Field("constraint")
	r.Union()
	switch {
	case r.Variant("exact", 1):
		r.Field("bundle")
		r.Hash()
	case r.Variant("signed", 2):
		r.Field("key")
		readKeyTree(r)
		r.Field("version")
		r.Uint(1, 1<<32-1)
	case r.Variant("approved", 0):
	default:
		r.NoVariant()
	}
	r.LeaveVariant()
	r.Leave()
}

func passCommand(r *canonical.Reader) {
	r.Record(4)
	r.Field("data")
	r.Bytes(1, commandBytesMax)
	r.Field("name")
	r.Text(1, 64)
	r.Field("signers")
	for range r.List(1, 32) {
		r.Union()
		switch {
		case r.Variant("key", 1):
			r.Field("key")
			readPublicKey(r)
		case r.Variant("identity", 1):
			r.Field("identity")
			r.Hash()
		default:
			r.NoVariant()
		}
		r.LeaveVariant()
	}
	r.Leave()
	r.Field("contract")
	r.Text(1, 64)
	r.Leave()
}

func passPrivate(r *canonical.Reader) {
	fields := r.RecordOf(3, 4)
	r.Field("kind")
	r.Text(1, 64)
	r.Field("content")
	r.Bytes(0, privateBytesMax)
	if fields == 4 {
		r.Field("subject")
		r.Text(1, 128)
	}
	r.Field("mediaType")
	r.Text(1, 128)
	r.Leave()
}
