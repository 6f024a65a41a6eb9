package posture

import (
	"strings"
	"unicode/utf8"
)

// A Person is who is looking at their own machines, as the login proved it.
type Person struct {
	Subject string // the issuer's name for them: stable, unlike an address
	Email   string // verified, as NormalEmail writes it
	Name    string // as they write it; may be empty
}

// GivenName returns how to address the person: the first word of the name, or
// the part of the address before the first dot or at sign.
func (p Person) GivenName() string {
	if words := strings.Fields(p.Name); len(words) > 0 {
		return words[0]
	}
	local, _, _ := strings.Cut(p.Email, "@")
	local, _, _ = strings.Cut(local, ".")
	_, first := utf8.DecodeRuneInString(local)
	return strings.ToUpper(local[:first]) + local[first:]
}

// Initials returns one or two letters for the person's badge.
func (p Person) Initials() string {
	words := strings.Fields(p.Name)
	if len(words) == 0 {
		words = strings.FieldsFunc(strings.SplitN(p.Email, "@", 2)[0], func(r rune) bool { return r == '.' || r == '_' || r == '-' })
	}
	var initials string
	for i, w := range words {
		if i == 0 || i == len(words)-1 {
			r := []rune(w)
			initials += strings.ToUpper(string(r[0]))
		}
	}
	return initials
}

// NormalEmail returns an address in the one form that this product compares:
// trimmed and lower case. It says false for what is not plainly one address:
// two at signs, quotes, blanks, control or non-ASCII characters, a dot at
// either end of a part, more than 254 characters (RFC 5321 §4.5.3.1.3).
func NormalEmail(text string) (string, bool) {
	v := strings.TrimSpace(text)
	if !printable(v) { // looked at first: lower case turns the Kelvin sign into a k
		return "", false
	}
	v = strings.ToLower(v)
	local, domain, found := strings.Cut(v, "@")
	if !found || len(v) > 254 || len(local) > 64 || !emailPart(local, "!#$%&'*+/=?^_`{|}~-.") || !emailPart(domain, "-.") || !strings.Contains(domain, ".") {
		return "", false
	}
	return v, true
}

// SameEmail reports whether two texts are one address. What is no address is
// the same as nothing.
func SameEmail(a, b string) bool {
	x, okX := NormalEmail(a)
	y, okY := NormalEmail(b)
	return okX && okY && x == y
}

func emailPart(part, allowed string) bool {
	if part == "" || part[0] == '.' || part[len(part)-1] == '.' || strings.Contains(part, "..") {
		return false
	}
	for i := range len(part) {
		c := part[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && strings.IndexByte(allowed, c) < 0 {
			return false
		}
	}
	return true
}
