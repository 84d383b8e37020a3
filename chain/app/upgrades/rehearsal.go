package upgrades

// rehearsalName is empty in a release. A binary for rehearsing an upgrade is built with
//
//	go build -ldflags "-X stateset.example/chain/app/upgrades.rehearsalName=NAME" ./cmd/notaryd
var rehearsalName string

// rehearsal changes nothing but the binary.
func rehearsal() Upgrade { return Upgrade{Name: rehearsalName} }
