package posture

import "time"

// A Recommendation is one practice's word on one device.
type Recommendation struct {
	Key      string // the practice's: "encryption"
	Title    string // the practice's name: "Disk encryption"
	Rating   Rating
	Headline string // an action while it is open ("Turn on disk encryption"), a fact when done ("Disk encryption is on")
	Saw      string // one sentence: what we saw, or why we can't tell
	// Advice is why it matters and what to do on this platform. It is shared by
	// all devices: read it, do not change it. Nil where there is nothing to say.
	Advice *Advice
	// Doubt says why the rating is Unknown; meaningless otherwise.
	Doubt Doubt
	// Readings are what each source saw, freshest first.
	Readings []Reading
	// SeenAt is when the reading that decided was made; zero if nothing was seen.
	SeenAt time.Time
}

// A Doubt is a reason for not telling.
type Doubt uint8

// The reasons.
const (
	NoData     Doubt = iota // no source reported it
	TooOld                  // the newest reading is over a week old, or of unknown age
	Disagree                // two sources contradict each other within a day
	Unreadable              // what was reported cannot be compared
)

// A Reading is one source's answer, put in words for people.
type Reading struct {
	Source Source
	Good   bool   // whether this is as the practice wants it
	Words  string // "Locks by itself"
	Detail string // in the source's own terms; may be empty
	At     time.Time
}

// Advice says why something matters and what to do about it on one platform.
type Advice struct {
	Why     string   // Markdown, two sentences at most
	Place   string   // where the steps are done: "On your Mac"
	Minutes int      // how long the steps take
	Steps   []string // Markdown, one line each, in order
	// Settings opens the right pane on the device itself; empty if there is no such address.
	Settings Link
	// More leads to further reading; empty if there is none.
	More Link
}

// A Link is an address with the words that lead there.
type Link struct{ Text, URL string }

// A Checkup is a device with all of its recommendations, what matters most first.
type Checkup struct {
	Device          Device
	Recommendations []Recommendation
}

// Count returns how many recommendations have this rating.
func (c Checkup) Count(r Rating) int {
	n := 0
	for i := range c.Recommendations {
		if c.Recommendations[i].Rating == r {
			n++
		}
	}
	return n
}

// Worst returns the rating that a person should look at first; NotApplicable
// if there are no recommendations.
func (c Checkup) Worst() Rating {
	worst := NotApplicable
	for i := range c.Recommendations {
		if r := c.Recommendations[i].Rating; r.Rank() < worst.Rank() {
			worst = r
		}
	}
	return worst
}
