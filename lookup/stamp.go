package lookup

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"stethoscope/posture"
)

// Limits of one report. Whatever a machine or a vendor writes beyond them is
// cut off: a name of ten thousand characters is somebody's joke.
const (
	longestText  = 256
	mostSoftware = 10_000
	mostClaims   = 500
)

// stamp gives a report its provenance and cleans what it says, so that every
// room behind this one may trust the form, if not the word, of each value.
func stamp(r posture.Report, source posture.Source, now time.Time) posture.Report {
	r.Source = source
	r.SeenAt = believable(r.SeenAt, now)
	if len(r.Claims) > mostClaims {
		r.Claims = r.Claims[:mostClaims]
	}
	r.Claims = slices.Clone(r.Claims)
	for i := range r.Claims {
		c := &r.Claims[i]
		c.Detail = clean(c.Detail)
		if !c.At.IsZero() {
			c.At = believable(c.At, now)
		}
		switch value := c.Value.(type) {
		case string:
			c.Value = clean(value)
		case posture.Version:
			c.Value = posture.Version(clean(string(value)))
		case []string:
			list := slices.Clone(value[:min(len(value), mostSoftware)])
			for j := range list {
				list[j] = clean(list[j])
			}
			c.Value = list
		case []posture.Software:
			list := slices.Clone(value[:min(len(value), mostSoftware)])
			for j := range list {
				list[j] = posture.Software{Name: clean(list[j].Name), ID: clean(list[j].ID), Version: posture.Version(clean(string(list[j].Version)))}
			}
			c.Value = list
		}
	}
	return r
}

// believable drops times that no machine can have been seen at: a clock a year
// off must not make old news look fresh.
func believable(at, now time.Time) time.Time {
	if at.Year() < 2000 || at.After(now.Add(24*time.Hour)) {
		return time.Time{}
	}
	return at
}

// clean makes text fit to be shown: valid UTF-8, no control characters or line
// breaks, nothing that turns the direction of the text around it, and short.
func clean(text string) string {
	if len(text) <= longestText && plain(text) {
		return text
	}
	var b strings.Builder
	count := 0
	for _, r := range text {
		switch {
		case r == utf8.RuneError, r < ' ', r >= 0x7f && r < 0xa0, r == 0x2028, r == 0x2029:
			r = ' '
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c, r == 0x200b, r == 0xfeff:
			continue
		}
		if count++; count == longestText {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
