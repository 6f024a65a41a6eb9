package posture

import (
	"strconv"
	"strings"
)

// A Version is what a vendor calls a release: "26.6.2", "10.0.22631.4317",
// "15.7.2 (a)", "131.0.6778.96". The text is kept as the source wrote it; the
// order is that of the numbers in it. The zero Version is not known.
type Version string

// ParseVersion takes the version out of a vendor's text: the first run of
// dotted numbers ("Android 8.1.0" is 8.1.0), with Apple's letter for a rapid
// security response if there is one. It says false if there is no number.
func ParseVersion(text string) (Version, bool) {
	start := strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' })
	if start < 0 {
		return "", false
	}
	end := start
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '.' && end+1 < len(text) && text[end+1] >= '0' && text[end+1] <= '9') {
		end++
	}
	v := text[start:end]
	if end-start > 64 {
		return "", false
	}
	if rest := strings.TrimSpace(text[end:]); len(rest) >= 3 && rest[0] == '(' && rest[2] == ')' && rest[1] >= 'a' && rest[1] <= 'z' {
		v += " " + rest[:3]
	}
	return Version(v), true
}

// Known reports whether there is a number to compare.
func (v Version) Known() bool {
	_, ok := ParseVersion(string(v))
	return ok
}

// Major returns the first number; 0 if there is none.
func (v Version) Major() int {
	v, _ = ParseVersion(string(v))
	n, _, _ := v.next(0)
	return n
}

// Compare orders versions number by number, a missing one counting as 0, and
// then by the letter of a rapid security response: 15.7 < 15.7.2 < 15.7.2 (a) < 15.10.
func (v Version) Compare(w Version) int {
	v, _ = ParseVersion(string(v)) // "Android 8.1" is compared as what it is known to be
	w, _ = ParseVersion(string(w))
	i, j := 0, 0
	for {
		a, nextA, okA := v.next(i)
		b, nextB, okB := w.next(j)
		if !okA && !okB {
			return int(v.letter()) - int(w.letter())
		}
		if a != b {
			if a < b {
				return -1
			}
			return 1
		}
		i, j = nextA, nextB
	}
}

// Less reports whether v came before w.
func (v Version) Less(w Version) bool { return v.Compare(w) < 0 }

// next reads the number that starts at or behind position i.
func (v Version) next(i int) (number, after int, ok bool) {
	for i < len(v) && v[i] == '.' {
		i++
	}
	start := i
	for i < len(v) && v[i] >= '0' && v[i] <= '9' {
		i++
	}
	if i == start {
		return 0, i, false
	}
	n, err := strconv.Atoi(string(v[start:i]))
	if err != nil { // longer than an int: larger than any other
		n = int(^uint(0) >> 1)
	}
	return n, i, true
}

func (v Version) letter() byte {
	if i := strings.IndexByte(string(v), '('); i >= 0 && i+1 < len(v) {
		return v[i+1]
	}
	return 0
}
