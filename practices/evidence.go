package practices

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"stethoscope/posture"
)

// How old a reading may be, and how close two must be to contradict each other.
const (
	tooOld        = 7 * 24 * time.Hour
	contradiction = 24 * time.Hour
	wrongClock    = 24 * time.Hour // a reading from further in the future than this
)

// A sighting is one source's reading with the state that a practice gave it.
type sighting struct {
	posture.Reading
	state state
}

// A state is what a practice makes of one source's word.
type state uint8

// The states, the better the higher.
const (
	unreadable state = iota // nothing that can be compared
	failing                 // not as the practice wants it
	lagging                 // good enough, and there is better: always Suggested
	fine                    // as the practice wants it
)

// inOne reads a fact from one report, so that a practice sees every source's
// word and not only the freshest.
func inOne[T any](fact posture.Fact[T], d posture.Device, i int) (posture.Observation[T], bool) {
	return fact.In(posture.Device{Reports: d.Reports[i : i+1]})
}

// anyReport reports whether any source says of a fact what is asked.
func anyReport[T any](d posture.Device, fact posture.Fact[T], is func(T) bool) bool {
	for i := range d.Reports {
		if o, ok := inOne(fact, d, i); ok && is(o.Value) {
			return true
		}
	}
	return false
}

// add puts a sighting in its place: freshest first, one a source. A source that
// has several records of the machine speaks with its freshest.
func add(all []sighting, s sighting) []sighting {
	for i := range all {
		if all[i].Source.Name == s.Source.Name {
			if !before(&s, &all[i]) {
				return all
			}
			all = slices.Delete(all, i, i+1)
			break
		}
	}
	at := len(all)
	for at > 0 && before(&s, &all[at-1]) {
		at--
	}
	return slices.Insert(all, at, s)
}

// before is a total order, so that the answer does not depend on the order of
// the reports. At the same moment the worse word comes first: it is never
// hidden behind a better one.
func before(a, b *sighting) bool {
	if !a.At.Equal(b.At) {
		return a.At.After(b.At)
	}
	if a.Source.Name != b.Source.Name {
		return a.Source.Name < b.Source.Name
	}
	if a.Good != b.Good {
		return b.Good
	}
	if a.Words != b.Words {
		return a.Words < b.Words
	}
	return a.Detail < b.Detail
}

// readings returns what the page shows of the sightings.
func readings(all []sighting) []posture.Reading {
	if len(all) == 0 {
		return nil
	}
	rs := make([]posture.Reading, len(all))
	for i := range all {
		rs[i] = all[i].Reading
	}
	return rs
}

// usable reports whether a reading of this time may decide anything now. The
// zero time, which stands for a time that nobody knows, is too old.
func usable(at, now time.Time) bool {
	age := now.Sub(at)
	return age <= tooOld && age >= -wrongClock
}

// weigh says whether the newest sighting decides: it must be of a known time
// and not too old, and no other source may have contradicted it within a day.
// An older contradiction is superseded.
func weigh(all []sighting, now time.Time) (posture.Doubt, bool) {
	if len(all) == 0 {
		return posture.NoData, false
	}
	newest := &all[0]
	if !usable(newest.At, now) {
		return posture.TooOld, false
	}
	if newest.state == unreadable {
		return posture.Unreadable, false
	}
	for i := range all[1:] {
		other := &all[i+1]
		if other.Good != newest.Good && other.state != unreadable && newest.At.Sub(other.At) <= contradiction {
			return posture.Disagree, false
		}
	}
	return 0, true
}

// ageInWords says why a reading is not used, by the days of the calendar (UTC):
// "Not seen for 24 days."
func ageInWords(d posture.Device, at, now time.Time) string {
	switch {
	case at.IsZero():
		return "We don’t know when this was last checked."
	case at.After(now):
		return "The newest reading has a date in the future, so we can’t use it."
	}
	words := "Not seen for "
	if seen, _ := d.LastSeen(); usable(seen, now) {
		words = "Not checked for " // the machine was seen, this was not looked at
	}
	days := int(now.UTC().Truncate(24*time.Hour).Sub(at.UTC().Truncate(24*time.Hour)) / (24 * time.Hour))
	return words + strconv.Itoa(days) + " days."
}

// disagreement puts two sources' words side by side: the newest, and the newest
// of those that contradict it. says returns a source's word as it follows
// "Jamf says".
func disagreement(all []sighting, says func(sighting) string) string {
	first, second := &all[0], &all[0]
	for i := range all[1:] {
		if all[i+1].Good != first.Good && all[i+1].state != unreadable {
			second = &all[i+1]
			break
		}
	}
	return "Our sources disagree: " + titleOf(first.Source) + " says " + says(*first) + ", " + titleOf(second.Source) + " says " + says(*second) + "."
}

func titleOf(s posture.Source) string {
	if s.Title != "" {
		return s.Title
	}
	return s.Name
}

// asReading turns "it locks by itself", which follows "Jamf says", into the
// words of a reading: "Locks by itself".
func asReading(says string) string {
	words := strings.TrimPrefix(says, "it ")
	if len(words) < 2 || words[1] >= 'A' && words[1] <= 'Z' {
		return words // starts with a name that keeps its letters: "iTerm …"
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
