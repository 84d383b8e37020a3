package ledger

import "stateset.example/chain/canonical"

// Contents are the components of the groups that a notary reads.
type Contents struct {
	Meta       Meta
	Inputs     []StateRef
	References []StateRef
	Headers    []Header
	TimeWindow TimeWindow
	// Parameters is the hash of the network's parameters.
	Parameters canonical.Hash
	UniqueKeys []UniqueKey
}

// read takes the next open component of a group that has so many; components of groups that a
// notary does not read are checked only.
func (c *Contents) read(number Group, component []byte, count int) error {
	r := canonical.NewReader(component)
	switch number {
	case GroupMeta:
		c.Meta = readMeta(&r)
	case GroupInputs:
		c.Inputs = appendOf(c.Inputs, count, readStateRef(&r))
	case GroupReferences:
		c.References = appendOf(c.References, count, readStateRef(&r))
	case GroupHeaders:
		c.Headers = appendOf(c.Headers, count, readHeader(&r))
	case GroupTimeWindow:
		c.TimeWindow = readTimeWindow(&r)
	case GroupParameters:
		c.Parameters = readParametersReference(&r)
	case GroupUniqueKeys:
		c.UniqueKeys = appendOf(c.UniqueKeys, count, readUniqueKey(&r))
	default:
		passUnread(&r, number)
	}
	return r.End()
}

func appendOf[T any](to []T, count int, item T) []T {
	if to == nil {
		to = make([]T, 0, count)
	}
	return append(to, item)
}

// Meta says which network and notary a transaction is for.
type Meta struct{ Network, Notary canonical.Hash }

func readMeta(r *canonical.Reader) (m Meta) {
	r.Record(4)
	r.Field("hash")
	r.Constant("sha-256")
	r.Field("notary")
	m.Notary = r.Hash()
	r.Field("network")
	m.Network = r.Hash()
	r.Field("version")
	r.Uint(0, 0)
	r.Leave()
	return m
}

// Append adds the component's encoding.
func (m Meta) Append(to []byte) []byte {
	to = canonical.AppendTextField(canonical.AppendRecord(to, 4), "hash", "sha-256")
	to = canonical.AppendBytesField(to, "notary", m.Notary[:])
	to = canonical.AppendBytesField(to, "network", m.Network[:])
	return canonical.AppendUintField(to, "version", 0)
}

// Header is what a notary sees of an output: who may spend it, and what with.
type Header struct {
	Notary    canonical.Hash
	Authority Authority
	// EncumbranceSet is the outputs that can only be spent together; none where it stands alone.
	EncumbranceSet []uint16
}

func readHeader(r *canonical.Reader) (h Header) {
	r.Record(3)
	r.Field("notary")
	h.Notary = r.Hash()
	r.Field("authority")
	h.Authority = readAuthority(r)
	r.Field("encumbranceSet")
	if count := r.List(0, componentsMax); count > 0 {
		h.EncumbranceSet = make([]uint16, count)
	}
	for i := range h.EncumbranceSet {
		h.EncumbranceSet[i] = uint16(r.Uint(0, componentsMax-1))
	}
	r.Leave()
	r.Leave()
	return h
}

// Append adds the component's encoding.
func (h *Header) Append(to []byte) []byte {
	to = canonical.AppendBytesField(canonical.AppendRecord(to, 3), "notary", h.Notary[:])
	to = h.Authority.append(canonical.AppendText(to, "authority"))
	to = canonical.AppendList(canonical.AppendText(to, "encumbranceSet"), len(h.EncumbranceSet))
	for _, member := range h.EncumbranceSet {
		to = canonical.AppendUint(to, uint64(member))
	}
	return to
}

// TimeWindow bounds the block times in which a transaction is valid, in milliseconds since 1970: in
// [From, Until).
type TimeWindow struct {
	From, Until       uint64
	HasFrom, HasUntil bool
}

// End is Until, or what is later than all times.
func (w TimeWindow) End() uint64 {
	if w.HasUntil {
		return w.Until
	}
	return 1<<64 - 1
}

// Contains tells whether the time is in the window.
func (w TimeWindow) Contains(time uint64) bool { return time >= w.From && time < w.End() }

// IsEmpty tells that no time is in the window.
func (w TimeWindow) IsEmpty() bool { return w.HasFrom && w.HasUntil && w.From >= w.Until }

func readTimeWindow(r *canonical.Reader) (w TimeWindow) {
	fields := r.RecordOf(0, 2)
	if fields == 2 || fields == 1 && r.Has("from") {
		if fields == 2 {
			r.Field("from")
		}
		w.From, w.HasFrom = r.Uint(0, canonical.UintMax), true
	}
	if fields == 2 || fields == 1 && !w.HasFrom {
		r.Field("until")
		w.Until, w.HasUntil = r.Uint(0, canonical.UintMax), true
	}
	r.Leave()
	return w
}

// AppendFields adds the fields that there are.
func (w TimeWindow) AppendFields(to []byte) []byte {
	if w.HasFrom {
		to = canonical.AppendUintField(to, "from", w.From)
	}
	if w.HasUntil {
		to = canonical.AppendUintField(to, "until", w.Until)
	}
	return to
}

// Fields is how many fields there are.
func (w TimeWindow) Fields() (fields int) {
	if w.HasFrom {
		fields++
	}
	if w.HasUntil {
		fields++
	}
	return fields
}

// Append adds the component's encoding.
func (w TimeWindow) Append(to []byte) []byte {
	return w.AppendFields(canonical.AppendRecord(to, w.Fields()))
}

func readParametersReference(r *canonical.Reader) (hash canonical.Hash) {
	r.Record(1)
	r.Field("hash")
	hash = r.Hash()
	r.Leave()
	return hash
}

// AppendParametersReference adds the component's encoding.
func AppendParametersReference(to []byte, hash canonical.Hash) []byte {
	return canonical.AppendBytesField(canonical.AppendRecord(to, 1), "hash", hash[:])
}
