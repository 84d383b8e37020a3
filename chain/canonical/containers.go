package canonical

// List reads the head of a list and enters it; each item takes a byte at least, so that a count is
// never larger than what follows.
func (r *Reader) List(min, max int) int {
	count := r.within(r.head(majorList), uint64(min), uint64(max), BadLength)
	if r.code == "" && count > uint64(len(r.bytes)-r.at) {
		r.code = Truncated
	}
	r.enter()
	if r.code != "" {
		return 0
	}
	return int(count)
}

// Record reads the head of a record with so many fields and enters it.
func (r *Reader) Record(fields int) { r.RecordOf(fields, fields) }

// RecordOf is Record where some fields are optional; it returns how many there are.
func (r *Reader) RecordOf(min, max int) int {
	count := r.within(r.head(majorMap), uint64(min), uint64(max), MisplacedField)
	r.enter()
	return int(count)
}

// Field reads the name of the field that must come next.
func (r *Reader) Field(name string) {
	if r.Has(name) || r.code != "" {
		return
	}
	r.Text(0, nameBytesMax) // it may be no name at all
	r.Fail(MisplacedField)
}

// Has reads the name of an optional field, if that is the field that comes next.
func (r *Reader) Has(name string) bool { return r.passes(name) }

// Union enters a union; its variants are then asked for in turn.
func (r *Reader) Union() {
	r.within(r.head(majorMap), 1, 1, BadLength)
	r.enter()
}

// Variant tells whether the union is this variant, and then has entered its record.
func (r *Reader) Variant(name string, fields int) bool {
	if !r.passes(name) {
		return false
	}
	r.Record(fields)
	return true
}

// LeaveVariant leaves a variant's record and the union.
func (r *Reader) LeaveVariant() {
	r.Leave()
	r.Leave()
}

// NoVariant notes that the union is none of the variants asked for.
func (r *Reader) NoVariant() {
	r.Text(0, nameBytesMax)
	r.Fail(UnknownVariant)
}

// Leave leaves a list or a record.
func (r *Reader) Leave() { r.depth-- }

const nameBytesMax = 64

func (r *Reader) enter() {
	if r.depth++; r.depth > depthMax {
		r.Fail(TooDeep)
	}
}

// passes moves behind the text, which is shorter than 24 bytes, if it stands here.
func (r *Reader) passes(text string) bool {
	end := r.at + 1 + len(text)
	if r.code != "" || end > len(r.bytes) {
		return false
	}
	if r.bytes[r.at] != majorText<<5|byte(len(text)) || string(r.bytes[r.at+1:end]) != text {
		return false
	}
	r.at = end
	return true
}
