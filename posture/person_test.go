package posture_test

import (
	"strings"
	"testing"

	"stethoscope/posture"
)

func TestOneFormOfAnAddress(t *testing.T) {
	for text, want := range map[string]string{
		"sam.rivera@example.com": "sam.rivera@example.com", "Sam.Rivera@EXAMPLE.Com": "sam.rivera@example.com", " sam.rivera@example.com\r\n": "sam.rivera@example.com",
		"sam+devices@example.com": "sam+devices@example.com", "o'neil@example.com": "o'neil@example.com", "s@e.co": "s@e.co", "sam_rivera-1@mail.example.com": "sam_rivera-1@mail.example.com",
		strings.Repeat("s", 64) + "@example.com": strings.Repeat("s", 64) + "@example.com",
	} {
		got, ok := posture.NormalEmail(text)
		if got != want || !ok {
			t.Errorf("%q is %q, %v", text, got, ok)
		}
		if again, ok := posture.NormalEmail(got); again != got || !ok {
			t.Errorf("%q is %q, %v, the second time", got, again, ok)
		}
	}
}

func TestWhatIsNotPlainlyOneAddress(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                       "",
		"no at sign":                    "sam.rivera",
		"two at signs":                  "a@evil@corp.com",
		"two addresses":                 "sam.rivera@example.com,ada.okafor@example.com",
		"an address in brackets":        "Sam <sam.rivera@example.com>",
		"a quoted local part":           `"sam.rivera"@example.com`,
		"a quoted at sign":              `"a@evil.com"@example.com`,
		"a comment":                     "sam.rivera(x)@example.com",
		"a backslash":                   `sam\rivera@example.com`,
		"a dot at the end":              "sam.rivera@example.com.",
		"a dot at the end of the name":  "sam.rivera.@example.com",
		"a dot at the start":            ".sam.rivera@example.com",
		"a dot at the start of the end": "sam.rivera@.example.com",
		"two dots":                      "sam..rivera@example.com",
		"no name":                       "@example.com",
		"no domain":                     "sam.rivera@",
		"no dot in the domain":          "sam.rivera@localhost",
		"an address of a host":          "sam.rivera@[192.0.2.1]",
		"a blank inside":                "sam rivera@example.com",
		"a blank before the at sign":    "sam.rivera @example.com",
		"a line break inside":           "sam.rivera@example.com\nbcc:x@example.com",
		"NUL":                           "sam.rivera@example.com\x00",
		"NUL inside":                    "sam\x00.rivera@example.com",
		"DEL":                           "sam\x7f@example.com",
		"a letter of another script":    "sаm.rivera@example.com",
		"the Kelvin sign":               "\u212Aate.rivera@example.com",
		"the long s":                    "ſam.rivera@example.com",
		"the dotted capital I":          "sam.r\u0130vera@example.com",
		"a wide at sign":                "sam.rivera＠example.com",
		"a letter without width":        "sam\u200b.rivera@example.com",
		"text from right to left":       "sam.\u202erivera@example.com",
		"a domain of another script":    "sam.rivera@exаmple.com",
		"bytes that are no text":        "sam\xff@example.com",
		"a local part of 65 letters":    strings.Repeat("s", 65) + "@example.com",
		"255 letters":                   "sam@" + strings.Repeat("a.", 123) + "abcde",
		"321 letters":                   strings.Repeat("s", 64) + "@" + strings.Repeat("a", 252) + ".com",
		"a per cent sign in the domain": "sam@example%2ecom",
		"a slash in the domain":         "sam@example.com/x",
	} {
		if got, ok := posture.NormalEmail(text); ok || got != "" {
			t.Errorf("%s: %q is %q, %v", name, text, got, ok)
		}
		if posture.SameEmail(text, text) {
			t.Errorf("%s: %q equals an address", name, text)
		}
	}
}

func TestOneAddressInTwoCasesIsOnePerson(t *testing.T) {
	for _, other := range []string{"sam.rivera@example.com", "SAM.RIVERA@EXAMPLE.COM", "Sam.Rivera@example.com", " sam.rivera@Example.Com "} {
		if !posture.SameEmail("sam.rivera@example.com", other) {
			t.Errorf("%q is somebody else", other)
		}
	}
	for _, other := range []string{"", "sam.rivera@example.co", "samrivera@example.com", "sam.rivera+x@example.com", "sam.rivera@example.com.evil.example"} {
		if posture.SameEmail("sam.rivera@example.com", other) || posture.SameEmail(other, "sam.rivera@example.com") {
			t.Errorf("%q is the same person", other)
		}
	}
}

func TestHowToAddressAPerson(t *testing.T) {
	for _, test := range []struct{ name, email, given, initials string }{
		{"Sam Rivera", "sam.rivera@example.com", "Sam", "SR"},
		{"  Sam\tde la Rivera ", "", "Sam", "SR"},
		{"Sam\u00a0Rivera", "", "Sam", "SR"},
		{"Sam", "", "Sam", "S"},
		{"édith piaf", "", "édith", "ÉP"},
		{"李 小龙", "", "李", "李小"},
		{"", "sam.rivera@example.com", "Sam", "SR"},
		{" ", "one-red@example.com", "One-red", "OR"},
		{"", "user@example.com", "User", "U"},
		{"", "a.b.c@example.com", "A", "AC"},
		{"", "édith@example.com", "Édith", "É"},
		{"", ".@example.com", "", ""},
		{"", "", "", ""},
	} {
		p := posture.Person{Name: test.name, Email: test.email}
		if p.GivenName() != test.given || p.Initials() != test.initials {
			t.Errorf("%q %q is addressed %q, %q; want %q, %q", test.name, test.email, p.GivenName(), p.Initials(), test.given, test.initials)
		}
	}
}

func FuzzPeople(f *testing.F) {
	f.Add("Sam Rivera", "sam.rivera@example.com")
	f.Add("", "a@evil@corp.com")
	f.Add("\xff \u0301", "\u212A@example.com")
	f.Fuzz(func(t *testing.T, name, email string) {
		if normal, ok := posture.NormalEmail(email); ok {
			if again, ok := posture.NormalEmail(normal); again != normal || !ok || !posture.SameEmail(email, normal) {
				t.Errorf("%q is %q, which is %q, %v", email, normal, again, ok)
			}
			if strings.Count(normal, "@") != 1 || strings.ContainsAny(normal, " \t\r\n\x00\"<>,;:()[]\\") {
				t.Errorf("%q is the address %q", email, normal)
			}
		}
		p := posture.Person{Name: name, Email: email}
		_ = p.GivenName()
		if initials := []rune(p.Initials()); len(initials) > 6 { // two letters; some have a capital of three
			t.Errorf("the initials of %q are %q", name, string(initials))
		}
	})
}
