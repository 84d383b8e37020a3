package codec

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"
)

// The other tests recompute the vectors; this one also notices a change to a refused row that would
// be refused in any case.
func TestSums(t *testing.T) {
	sums, err := os.Open(Folder + "SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	defer sums.Close()
	files := 0
	for lines := bufio.NewScanner(sums); lines.Scan(); files++ {
		sum, file, _ := strings.Cut(lines.Text(), "  ")
		text, err := os.ReadFile(Folder + file)
		if found := fmt.Sprintf("%x", sha256.Sum256(text)); err != nil || found != sum {
			t.Errorf("%s: %s (%v)", file, found, err)
		}
	}
	if files < 10 {
		t.Errorf("only %d files", files)
	}
}
