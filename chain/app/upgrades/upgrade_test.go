package upgrades

import "testing"

func TestARehearsalIsNotInARelease(t *testing.T) {
	if n := len(All()); n != 0 {
		t.Fatalf("%d upgrades", n)
	}
	rehearsalName = "rehearsal-1"
	defer func() { rehearsalName = "" }()
	if all := All(); len(all) != 1 || all[0].Name != "rehearsal-1" {
		t.Errorf("upgrades: %v", all)
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, upgrade := range All() {
		if upgrade.Name == "" || seen[upgrade.Name] {
			t.Errorf("name %q", upgrade.Name)
		}
		seen[upgrade.Name] = true
	}
}
