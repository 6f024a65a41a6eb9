package lookup

import (
	"slices"
	"time"

	"stethoscope/posture"
)

// Owned reports whether a machine is this person's to see: at least one source
// with authority over ownership holds it for them, and none holds it for
// somebody else, however it was reached. Within one source the newest record
// speaks: a machine that was given to a colleague and enrolled again is the
// colleague's. Two records of the same age that differ are doubt, and in doubt
// nothing is shown.
//
// A source without authority is not heard at all here. It may be the machine
// itself: it could claim somebody's machine, or deny it to them.
func Owned(d posture.Device, email string) bool {
	type word struct {
		at    time.Time
		yours bool
	}
	words := map[string]word{}
	for _, r := range d.Reports {
		if !r.Source.OwnerAuthority || len(r.Owners) == 0 {
			continue
		}
		now := word{r.SeenAt, r.OwnedBy(email)}
		have, heard := words[r.Source.Name]
		switch {
		case !heard || now.at.After(have.at):
			words[r.Source.Name] = now
		case now.at.Equal(have.at):
			words[r.Source.Name] = word{now.at, have.yours && now.yours}
		}
	}
	for _, w := range words {
		if !w.yours {
			return false
		}
	}
	return len(words) > 0
}

// withoutOthers returns the device less the records that a source still holds
// for somebody else, from before it was this person's: their name for the
// machine and when they used it are theirs.
func withoutOthers(d posture.Device, email string) posture.Device {
	d.Reports = slices.DeleteFunc(slices.Clone(d.Reports), func(r posture.Report) bool { return heldForAnother(r, email) })
	return d
}

// heldForAnother reports whether a source with authority holds the machine, as
// far as this record tells, for somebody else.
func heldForAnother(r posture.Report, email string) bool {
	return r.Source.OwnerAuthority && len(r.Owners) > 0 && !r.OwnedBy(email)
}
