package posture

import (
	"slices"
	"time"
)

// A Fact is a question about a machine with a typed answer: [DiskEncrypted] is
// a Fact[bool]. Plugins claim it and practices read it; the two packages meet
// by its name alone, so a practice may declare a fact of its own with [NewFact]
// and a plugin may claim it without anybody touching this package.
type Fact[T any] struct{ name string }

// NewFact declares a fact. The name is lower case with underscores and is what
// two packages share: spelled twice, it is two facts.
func NewFact[T any](name string) Fact[T] { return Fact[T]{name} }

// Name returns the name under which the fact is claimed.
func (f Fact[T]) Name() string { return f.name }

// Is claims the fact: posture.DiskEncrypted.Is(true).Because("Macintosh HD: 100 %").
func (f Fact[T]) Is(value T) Claim { return Claim{Fact: f.name, Value: value} }

// In reads the freshest claim on a device; false if nobody knows.
func (f Fact[T]) In(d Device) (Observation[T], bool) {
	var best Observation[T]
	found := false
	for i := range d.Reports {
		if o, ok := f.from(&d.Reports[i]); ok && (!found || o.At.After(best.At)) {
			best, found = o, true
		}
	}
	return best, found
}

// All reads every source's claim on a device, freshest first: what the page
// shows, and where sources disagree. A source that has several records of the
// machine, as after it was enrolled again, speaks with its freshest. It is nil
// if nobody knows.
func (f Fact[T]) All(d Device) []Observation[T] {
	var all []Observation[T]
	for i := range d.Reports {
		o, ok := f.from(&d.Reports[i])
		if !ok {
			continue
		}
		if i := slices.IndexFunc(all, func(have Observation[T]) bool { return have.Source.Name == o.Source.Name }); i >= 0 {
			if !o.At.After(all[i].At) {
				continue
			}
			all = slices.Delete(all, i, i+1)
		}
		at := len(all)
		for at > 0 && o.At.After(all[at-1].At) {
			at--
		}
		all = append(all, o)
		copy(all[at+1:], all[at:])
		all[at] = o
	}
	return all
}

func (f Fact[T]) from(r *Report) (Observation[T], bool) {
	for i := range r.Claims {
		c := &r.Claims[i]
		if c.Fact != f.name {
			continue
		}
		value, ok := c.Value.(T)
		if !ok {
			return Observation[T]{}, false
		}
		at := c.At
		if at.IsZero() {
			at = r.SeenAt
		}
		return Observation[T]{Value: value, Detail: c.Detail, Source: r.Source, At: at}, true
	}
	return Observation[T]{}, false
}

// A Claim is one source's answer to a fact. It judges nothing: that the disk is
// not encrypted is a claim, that this matters is a practice's word.
type Claim struct {
	Fact   string
	Value  any
	Detail string    // in the source's own terms, for people: "Macintosh HD: ENCRYPTED, 100 %"
	At     time.Time // when the source saw this, if that is not the report's SeenAt
}

// Because adds what the source saw, in its own terms.
func (c Claim) Because(detail string) Claim { c.Detail = detail; return c }

// SeenAt sets when the source saw this, where one reading is older or newer
// than the rest of its report.
func (c Claim) SeenAt(at time.Time) Claim { c.At = at; return c }

// An Observation is a claim with its provenance.
type Observation[T any] struct {
	Value  T
	Detail string
	Source Source
	At     time.Time // zero if the source does not say when
}
