package practices

import (
	"strings"
	"time"

	"stethoscope/posture"
)

// evidence is what one source, or the newest of all, says about updates.
type evidence struct {
	version known[posture.Version]
	patch   known[time.Time]
	waiting known[[]string]
}

type known[T any] struct {
	posture.Observation[T]
	known bool
}

func evidenceIn(d posture.Device, i int) evidence {
	var e evidence
	e.version.Observation, e.version.known = inOne(posture.OSVersion, d, i)
	e.patch.Observation, e.patch.known = inOne(posture.SecurityPatch, d, i)
	e.waiting.Observation, e.waiting.known = inOne(posture.UpdatesWaiting, d, i)
	return e
}

// take keeps the newest of each; at the same moment the lower version, the older
// patch and the longer list, so that the order of the reports does not matter.
func (e *evidence) take(from *evidence) {
	if newer(&e.version, &from.version, func(a, b posture.Version) bool { return a.Less(b) || a.Compare(b) == 0 && a < b }) {
		e.version = from.version
	}
	if newer(&e.patch, &from.patch, time.Time.Before) {
		e.patch = from.patch
	}
	if newer(&e.waiting, &from.waiting, func(a, b []string) bool {
		return len(a) > len(b) || len(a) == len(b) && strings.Join(a, "\n") < strings.Join(b, "\n")
	}) {
		e.waiting = from.waiting
	}
}

func newer[T any](have, other *known[T], first func(a, b T) bool) bool {
	switch {
	case !other.known || !have.known:
		return other.known
	case !other.At.Equal(have.At):
		return other.At.After(have.At)
	}
	return first(other.Value, have.Value) || !first(have.Value, other.Value) && other.Source.Name < have.Source.Name
}

// dropOld forgets updates that waited too long ago to tell, or before the
// newest version was seen: what waited then is perhaps what runs now.
func (e *evidence) dropOld(now time.Time) {
	if e.waiting.known && (!usable(e.waiting.At, now) || len(e.waiting.Value) > 0 && e.version.known && e.waiting.Source.Name != e.version.Source.Name && e.waiting.At.Before(e.version.At)) {
		e.waiting = known[[]string]{}
	}
}

// stale reports whether what is left to judge by is too old, and when it was
// seen: at last, if nothing is left. A version that nobody has seen lately is not made good by something
// else that somebody has.
func (e *evidence) stale(now, last time.Time) (bool, time.Time) {
	switch {
	case e.version.known && !usable(e.version.At, now):
		return true, e.version.At
	case e.patch.known && !usable(e.patch.At, now):
		return true, e.patch.At
	}
	return !e.version.known && !e.patch.known && !e.waiting.known, last
}
