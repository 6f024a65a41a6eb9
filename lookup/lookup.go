// Package lookup is the core: it asks every source about one person, follows
// what they say, and sorts it into devices. Start at [Desk.Ask].
//
// Everybody is asked by email at once. What a source learns (a serial number, a
// MAC address) is a clue for the others, at once and without waiting for who is
// slow, until nobody has a new one (ask.go: one question to one source;
// stamp.go: what a source says is cleaned and gets its provenance). [Group]
// then joins the reports that are about one machine, [Owned] keeps back every
// machine that is not this person's, and a source that failed is a
// posture.Trouble in the answer, never an error.
//
// Joining devices is this product's own attack surface: read group.go and
// owner.go before changing either.
//
// Not an API.
package lookup

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"stethoscope/plugins"
	"stethoscope/posture"
)

// A Source is an opened plugin with its name and title and whether its word on
// ownership counts.
type Source struct {
	posture.Source
	Finder plugins.Source
}

// Options of a Desk. Every field must be set.
type Options struct {
	Patience time.Duration // how long one visit waits, for all of its questions together
	Log      *slog.Logger
	Now      func() time.Time
}

// A Desk answers questions about people. It is safe for concurrent use.
type Desk struct {
	sources []*desk
	options Options
}

// New returns a desk that asks these sources.
func New(sources []Source, options Options) *Desk {
	d := &Desk{options: options}
	for _, s := range sources {
		d.sources = append(d.sources, newDesk(s))
	}
	return d
}

// Sources returns who is asked, in the order of the configuration.
func (d *Desk) Sources() []posture.Source {
	sources := make([]posture.Source, len(d.sources))
	for i, s := range d.sources {
		sources[i] = s.Source.Source
	}
	return sources
}

// An Answer is what the sources together know of one person's machines.
type Answer struct {
	Devices  []posture.Device  // the person's own, in an order that does not depend on who answered first
	Troubles []posture.Trouble // who did not answer or not wholly, in the order of the configuration
	Sources  []posture.Source  // who was asked, in the order of the configuration
	At       time.Time         // when they were asked
}

// NobodyAnswered reports whether there were sources and all of them failed
// without a word.
func (a Answer) NobodyAnswered() bool {
	return len(a.Sources) > 0 && len(a.Troubles) == len(a.Sources) && len(a.Devices) == 0
}

// MostDevices is how many machines one person can have. A source that holds
// more for somebody has not understood the question (a wildcard, an ignored
// filter): none of its answer is used.
const MostDevices = 50

// mostReports is how many records of one source a visit looks at before it
// stops believing; machines enrolled again have several records each.
const mostReports = 20 * MostDevices

// Ask never fails: what could not be learned is in the answer's Troubles. It
// returns at the latest when the desk's patience or ctx ends.
func (d *Desk) Ask(ctx context.Context, who posture.Person) Answer {
	answer := Answer{Sources: d.Sources(), At: d.options.Now()}
	email, ok := posture.NormalEmail(who.Email)
	if !ok {
		return answer // nobody: no source has anything for them
	}
	visitor := ctx
	ctx, cancel := context.WithTimeout(ctx, d.options.Patience)
	defer cancel()

	v := newVisit(d, email)
	v.run(ctx)

	var reports []posture.Report
	unsure := map[string]bool{}
	for i := range v.askings {
		a := &v.askings[i]
		if (a.trouble == nil || a.trouble.Kind != posture.Excessive) && tooMany(a.reports, email) {
			a.trouble = &posture.Trouble{Kind: posture.Excessive, Err: errExcessive}
		}
		if a.trouble != nil {
			a.trouble.Source = a.source.Source.Source
			unsure[a.source.Name] = true
			answer.Troubles = append(answer.Troubles, *a.trouble)
			if visitor.Err() == nil { // else the visitor went away: no source's fault
				d.options.Log.WarnContext(ctx, "a source is in trouble", "source", a.source.Name, "kind", a.trouble.Kind.String(), "error", a.trouble.Err)
			}
			if a.trouble.Kind == posture.Excessive {
				continue
			}
		}
		reports = append(reports, a.reports...)
	}
	for _, device := range Group(reports) {
		if Owned(device, email) {
			answer.Devices = append(answer.Devices, forThem(device, email, unsure))
		}
	}
	sortByName(answer.Devices)
	return answer
}

// tooMany reports whether a source holds more machines for a person than one
// can have.
func tooMany(reports []posture.Report, email string) bool {
	if len(reports) > mostReports {
		return true
	}
	held := slices.DeleteFunc(slices.Clone(reports), func(r posture.Report) bool { return !r.OwnedBy(email) })
	return len(held) > MostDevices && len(Group(held)) > MostDevices
}
