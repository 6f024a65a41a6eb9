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
	cloned := false // a plugin may hand out what it keeps: nothing of it is changed in place
	for i := range r.Claims {
		c, changed := cleaned(r.Claims[i], now)
		if !changed {
			continue
		}
		if !cloned {
			r.Claims, cloned = slices.Clone(r.Claims), true
		}
		r.Claims[i] = c
	}
	return r
}

// cleaned returns a claim whose texts and time are fit to be shown, and whether
// anything about it had to change.
func cleaned(c posture.Claim, now time.Time) (_ posture.Claim, changed bool) {
	text := func(given string) string {
		fit := clean(given)
		changed = changed || fit != given
		return fit
	}
	c.Detail = text(c.Detail)
	if !c.At.IsZero() {
		at := believable(c.At, now)
		c.At, changed = at, changed || !at.Equal(c.At)
	}
	switch value := c.Value.(type) {
	case string:
		if fit := text(value); changed {
			c.Value = fit
		}
	case posture.Version:
		if fit := text(string(value)); changed {
			c.Value = posture.Version(fit)
		}
	case []string:
		if len(value) > mostSoftware || slices.ContainsFunc(value, unfit) {
			changed = true
			list := slices.Clone(value[:min(len(value), mostSoftware)])
			for i := range list {
				list[i] = clean(list[i])
			}
			c.Value = list
		}
	case []posture.Software:
		if len(value) > mostSoftware || slices.ContainsFunc(value, func(s posture.Software) bool { return unfit(s.Name) || unfit(s.ID) || unfit(string(s.Version)) }) {
			changed = true
			list := slices.Clone(value[:min(len(value), mostSoftware)])
			for i := range list {
				list[i] = posture.Software{Name: clean(list[i].Name), ID: clean(list[i].ID), Version: posture.Version(clean(string(list[i].Version)))}
			}
			c.Value = list
		}
	}
	return c, changed
}

func unfit(text string) bool { return clean(text) != text }

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
