package ledger

import "stateset.example/chain/canonical"

// Transaction is one in any form, whole or torn off: the same type, the same id. Which of its
// components can be read depends on their forms.
type Transaction struct {
	groups   [GroupCount]ComponentGroup
	contents Contents
}

// ComponentGroup is listed, each component in one of its forms, or closed: only how many there are
// and the root of their tree.
type ComponentGroup struct {
	IsListed   bool
	Components []Component
	// Count and Root are those of a closed group.
	Count int
	Root  canonical.Hash
}

// DecodeTransaction reads a transaction and checks what can be checked of the form alone: twelve
// groups, their sizes, and that every open component is canonical under its group's schema.
func DecodeTransaction(bytes []byte) (*Transaction, error) {
	if len(bytes) > transactionBytesMax {
		return nil, tooLarge(len(bytes), transactionBytesMax)
	}
	t := &Transaction{}
	r := canonical.NewReader(bytes)
	t.read(&r)
	if err := r.End(); err != nil {
		return nil, refuse(CodeMalformed, "%v", err)
	}
	for number := range t.groups {
		if err := t.checkGroup(Group(number)); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// TransactionOf puts groups together that were made here.
func TransactionOf(groups [GroupCount]ComponentGroup) (*Transaction, error) {
	return DecodeTransaction((&Transaction{groups: groups}).Append(nil))
}

// Group is the group of that number.
func (t *Transaction) Group(number Group) *ComponentGroup { return &t.groups[number] }

// Contents are what the groups hold that a notary reads. Only those groups are told of that are
// open; see IsOpen.
func (t *Transaction) Contents() *Contents { return &t.contents }

// Size is how many components the group has.
func (g *ComponentGroup) Size() int {
	if g.IsListed {
		return len(g.Components)
	}
	return g.Count
}

// IsOpen tells whether the group can be read whole.
func (g *ComponentGroup) IsOpen() bool {
	for i := range g.Components {
		if g.Components[i].Form != Open {
			return false
		}
	}
	return g.IsListed
}

// Closed is the same group with nothing but its count and root.
func (g *ComponentGroup) Closed() ComponentGroup {
	return ComponentGroup{Count: g.Size(), Root: g.treeRoot()}
}

// TearOff closes the groups that are not shown. The id does not change.
func (t *Transaction) TearOff(isShown func(Group) bool) *Transaction {
	torn := &Transaction{groups: t.groups, contents: t.contents}
	for number := range torn.groups {
		if !isShown(Group(number)) {
			torn.groups[number] = t.groups[number].Closed()
		}
	}
	return torn
}

func (t *Transaction) read(r *canonical.Reader) {
	r.Record(1)
	r.Field("groups")
	count := r.List(GroupCount, GroupCount)
	for number := range count {
		t.groups[number] = readGroup(r)
	}
	r.Leave()
	r.Leave()
}

func readGroup(r *canonical.Reader) (g ComponentGroup) {
	r.Union()
	switch {
	case r.Variant("listed", 1):
		g.IsListed = true
		r.Field("components")
		if count := r.List(0, componentsMax); count > 0 {
			g.Components = make([]Component, count)
		}
		for i := range g.Components {
			if g.Components[i] = readComponent(r); r.Failed() {
				break
			}
		}
		r.Leave()
	case r.Variant("closed", 2):
		r.Field("root")
		g.Root = r.Hash()
		r.Field("count")
		g.Count = int(r.Uint(0, componentsMax))
	default:
		r.NoVariant()
	}
	r.LeaveVariant()
	return g
}

// Append adds the transaction's encoding.
func (t *Transaction) Append(to []byte) []byte {
	to = canonical.AppendText(canonical.AppendRecord(to, 1), "groups")
	to = canonical.AppendList(to, GroupCount)
	for number := range t.groups {
		to = t.groups[number].append(to)
	}
	return to
}

func (g *ComponentGroup) append(to []byte) []byte {
	if !g.IsListed {
		to = canonical.AppendVariant(to, "closed", 2)
		to = canonical.AppendBytesField(to, "root", g.Root[:])
		return canonical.AppendUintField(to, "count", uint64(g.Count))
	}
	to = canonical.AppendText(canonical.AppendVariant(to, "listed", 1), "components")
	to = canonical.AppendList(to, len(g.Components))
	for i := range g.Components {
		to = g.Components[i].append(to)
	}
	return to
}

func (t *Transaction) checkGroup(number Group) error {
	limits, group := number.Limits(), &t.groups[number]
	if size := group.Size(); size < limits.CountMin || size > limits.CountMax {
		return refuse(CodeComponentCount, "%d of %s", size, limits.Name)
	}
	for i := range group.Components {
		component := &group.Components[i]
		if size := component.contentBytes(); size > limits.BytesMax {
			return refuse(CodeComponentMalformed, "%s %d: %d bytes", limits.Name, i, size)
		}
		if component.Form != Open {
			continue
		}
		if err := t.contents.read(number, component.Content, len(group.Components)); err != nil {
			return refuse(CodeComponentMalformed, "%s %d: %v", limits.Name, i, err)
		}
	}
	return nil
}
