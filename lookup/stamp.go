package lookup

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"stethoscope/posture"
)

// Limits of one report. Whatever a machine or a vendor writes beyond them is
// cut off: a name of ten thousand characters is somebody's joke.
const (
	longestText  = 256
	mostSoftware = 10_000
	mostClaims   = 500
	mostNames    = 32 // identifiers, and owners: a server has several adapters, nothing has a thousand
)

// stamp gives a report its provenance and cleans what it says, so that every
// room behind this one may trust the form, if not the word, of each value.
func stamp(r posture.Report, source posture.Source, now time.Time) posture.Report {
	r.Source = source
	r.SeenAt = believable(r.SeenAt, now)
	r.Claims = r.Claims[:min(len(r.Claims), mostClaims)]
	r.Identifiers = r.Identifiers[:min(len(r.Identifiers), mostNames)]
	r.Owners = r.Owners[:min(len(r.Owners), mostNames)]
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
		case unicode.Is(invisible, r):
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

// invisible are the characters that turn the text around them or that nobody
// sees: marks of direction, blanks without width, fillers, tags. The two
// joiners stay: Persian and emoji need them.
var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00ad, Hi: 0x00ad, Stride: 1}, {Lo: 0x061c, Hi: 0x061c, Stride: 1}, {Lo: 0x115f, Hi: 0x1160, Stride: 1}, {Lo: 0x180b, Hi: 0x180f, Stride: 1},
		{Lo: 0x200b, Hi: 0x200b, Stride: 1}, {Lo: 0x200e, Hi: 0x200f, Stride: 1}, {Lo: 0x202a, Hi: 0x202e, Stride: 1}, {Lo: 0x2060, Hi: 0x206f, Stride: 1},
		{Lo: 0x3164, Hi: 0x3164, Stride: 1}, {Lo: 0xfeff, Hi: 0xfeff, Stride: 1}, {Lo: 0xffa0, Hi: 0xffa0, Stride: 1}, {Lo: 0xfff9, Hi: 0xfffb, Stride: 1},
	},
	R32:         []unicode.Range32{{Lo: 0xe0000, Hi: 0xe0fff, Stride: 1}},
	LatinOffset: 1,
}

func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
