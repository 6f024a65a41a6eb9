package views

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName is how many characters of a name are shown; longestSentence the
// same for what a source or a practice says. Whoever writes more has nothing
// to tell us.
const (
	longestName     = 120
	longestSentence = 600
)

// mostMarks is how many accents may stand on one letter before the rest are
// dropped: more than any script needs, fewer than it takes to paint over the
// lines above.
const mostMarks = 4

// name makes a name from outside fit to be shown: one line, nothing invisible,
// nothing that turns the direction of writing, not endless.
func name(s string) string { return tidy(s, longestName) }

// sentence does for a sentence what name does for a name.
func sentence(s string) string { return tidy(s, longestSentence) }

func tidy(s string, longest int) string {
	if plain(s, longest) {
		return s
	}
	var b strings.Builder
	b.Grow(min(len(s), 4*longest))
	written, marks, blank := 0, 0, true // blank: the last thing written is a blank
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			if blank {
				continue
			}
			r, blank, marks = ' ', true, 0
		case r == utf8.RuneError || invisible(r):
			continue
		case unicode.Is(unicode.M, r):
			if marks++; marks > mostMarks || blank {
				continue
			}
		default:
			blank, marks = false, 0
		}
		if written == longest {
			return strings.TrimSpace(b.String()) + "…"
		}
		b.WriteRune(r)
		written++
	}
	return strings.TrimSpace(b.String())
}

// plain reports that there is nothing to tidy; nearly every text is so.
func plain(s string, longest int) bool {
	if len(s) > longest || s == "" || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c < 0x7f {
			continue
		}
		if strings.HasPrefix(s[i:], "’") || strings.HasPrefix(s[i:], "“") || strings.HasPrefix(s[i:], "”") {
			i += len("’") - 1
			continue
		}
		return false
	}
	return true
}

// invisible reports what is never drawn, or changes how others are drawn:
// controls, format characters (bidirectional overrides, joiners, tags),
// private use, and the blank letters of Hangul and Braille.
func invisible(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x034F:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}
