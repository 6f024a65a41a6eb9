package lookup

import (
	"slices"
	"time"

	"stethoscope/posture"
)

// Owned reports whether a machine is this person's to see: at least one source
// with authority over ownership holds it for them, and none holds it for
// somebody else, however it was reached.
//
// Within one source the newest record speaks, also if it names nobody: a machine
// that was given back or enrolled again for a colleague is no longer the former
// person's. A record that does not say when it was made, and records of one
// moment that differ, are doubt, and in doubt nothing is shown. A source of
// which no record names anybody has no word.
//
// A source without authority is not heard at all here. It may be the machine
// itself: it could claim somebody's machine, or deny it to them.
func Owned(d posture.Device, email string) bool {
	return len(vouchers(d, email)) > 0
}

// vouchers returns the sources that hold the machine for this person; none if
// any source with authority holds it for another.
func vouchers(d posture.Device, email string) []posture.Source {
	var sources []posture.Source
	for _, source := range d.Sources() {
		switch wordOf(d, source, email) {
		case theirs:
			sources = append(sources, source)
		case anothers:
			return nil
		}
	}
	return sources
}

// A word is what one source says of whose a machine is.
type word uint8

const (
	silent word = iota
	theirs
	anothers
)

func wordOf(d posture.Device, source posture.Source, email string) word {
	if !source.OwnerAuthority {
		return silent
	}
	var newest time.Time
	named := false
	for i := range d.Reports {
		if r := &d.Reports[i]; r.Source == source {
			named = named || len(r.Owners) > 0
			if r.SeenAt.After(newest) {
				newest = r.SeenAt
			}
		}
	}
	if !named {
		return silent
	}
	for i := range d.Reports {
		if r := &d.Reports[i]; r.Source == source && (r.SeenAt.Equal(newest) || r.SeenAt.IsZero()) && !r.OwnedBy(email) {
			return anothers
		}
	}
	return theirs
}

// forThem returns the device with what this person may see of it. Records that
// a source holds for somebody else are from before the machine was theirs: that
// person's name for it and when they used it are left out. And if no source
// that vouches for them has answered every question (unsure names those that
// did not), the machine may have been given on without our knowing: then only
// the records that are held for them are shown, nobody else's readings.
func forThem(d posture.Device, email string, unsure map[string]bool) posture.Device {
	sure := slices.ContainsFunc(vouchers(d, email), func(s posture.Source) bool { return !unsure[s.Name] })
	d.Reports = slices.DeleteFunc(slices.Clone(d.Reports), func(r posture.Report) bool {
		return heldForAnother(r, email) || !sure && !(r.Source.OwnerAuthority && r.OwnedBy(email))
	})
	return d
}

// heldForAnother reports whether a source with authority holds the machine, as
// far as this record tells, for somebody else.
func heldForAnother(r posture.Report, email string) bool {
	return r.Source.OwnerAuthority && len(r.Owners) > 0 && !r.OwnedBy(email)
}
