package types

import (
	"errors"
	"strings"
	"testing"
)

func TestX500Names(t *testing.T) {
	for formatted, organisation := range map[string]string{
		"O=Alpenblick Maschinenbau AG,L=Luzern,C=CH":      "Alpenblick Maschinenbau AG",
		"CN=Treasury,OU=Finance,O=A,L=Luzern,ST=LU,C=CH":  "A",
		`O=Müller\, Söhne & Co.,C=CH`:                     "Müller, Söhne & Co.",
		`O=\"A\" \<B\>\; C\+D\=E \#1,C=CH`:                `"A" <B>; C+D=E #1`,
		`O=back\\slash,C=CH`:                              `back\slash`,
		`O=\\\,,C=CH`:                                     `\,`,
		`O=ends with \\,C=CH`:                             `ends with \`,
		"O=" + strings.Repeat("x", 128) + ",C=CH":         strings.Repeat("x", 128),
		"O=" + strings.Repeat("\U0001f600", 64) + ",C=CH": strings.Repeat("\U0001f600", 64),
		"O=e\u0323\u0301,C=CH":                            "e\u0323\u0301",
		"O=A B,C=CH":                                      "A B",
	} {
		name, err := ParseX500Name(formatted)
		if err != nil || name.Organisation != organisation || name.Format() != formatted {
			t.Errorf("%q: %v, %v", formatted, name, err)
		}
	}
}

func TestX500NameRefuses(t *testing.T) {
	for _, formatted := range []string{
		"", "O=A", "C=CH", "C=CH,O=A", "O=A, C=CH", "O=A,C=CH,", ",O=A,C=CH", "o=A,C=CH", "DC=x,O=A,C=CH",
		"O=A,O=B,C=CH", "O=A+L=B,C=CH", "O=A=B,C=CH", `O=\A,C=CH`, `O=A\,C=CH`, `O=A,C=CH\`, "O=A,C=CHE",
		"O=A,C=ch", "O=A,C=", "O=A,C=C1", "O=,C=CH", "O=" + strings.Repeat("x", 129) + ",C=CH",
		"O=" + strings.Repeat("\U0001f600", 65) + ",C=CH", // two UTF-16 code units each
		"O= A,C=CH", "O=A ,C=CH", "O=A\u00a0,C=CH", "O=A\nB,C=CH", "O=A\x00B,C=CH", "O=A\u200bB,C=CH",
		"O=A\u202eB,C=CH", "O=A\ue000B,C=CH", "O=A\U000e0041,C=CH", "CN=,O=A,C=CH",
		"O=" + strings.Repeat(`\`, 20_001) + strings.Repeat(`,\,`, 2_000),
	} {
		if _, err := ParseX500Name(formatted); !errors.Is(err, ErrBadName) {
			t.Errorf("%q: %v", formatted, err)
		}
	}
}

func FuzzX500Name(f *testing.F) {
	for _, seed := range []string{"O=A,C=CH", `CN=\,,O=A\=b,L=\\,C=CH`, "O=\\", "L=a=b", ",", "C=ch"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, formatted string) {
		if name, err := ParseX500Name(formatted); err == nil && name.Format() != formatted {
			t.Fatalf("%q is read as %v", formatted, name)
		}
	})
}

func TestLEI(t *testing.T) {
	for lei, isValid := range map[string]bool{
		"5493001KJTIIGC8Y1R12": true, "529900T8BM49AURSDO55": true, "00000000000000000098": true,
		"A0000000000000000025": true,
		"5493001KJTIIGC8Y1R1":  false, "5493001KJTIIGC8Y1R120": false, "": false, "5493001kjtiigc8y1r12": false,
		"5493001KJTIIGC8Y1R1A": false, "5493001KJTIIGC8Y-R12": false, "5493001KJTIIGC8Y1R\uff12": false,
		"5493001KJTIIGC8Y1R13": false, "5493001KJTIIGC81YR12": false, "00000000000000000001": false,
	} {
		if err := CheckLEI(lei); (err == nil) != isValid || err != nil && !errors.Is(err, ErrBadLEI) {
			t.Errorf("%q: %v", lei, err)
		}
	}
}
