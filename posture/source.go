package posture

import "time"

// A Source is where a report comes from. Lookup stamps it, so no plugin can
// speak in another's name.
type Source struct {
	Name  string // as in the configuration: "jamf-emea"
	Title string // as people read it: "Jamf"
	// OwnerAuthority says whether this source's word on whose a machine is
	// counts. Without it a report adds readings to a person's machine but never
	// brings a machine onto a page.
	OwnerAuthority bool
}

// A Trouble says that a source could not answer, or not wholly. It is data for
// the page: "Jamf is not answering."
type Trouble struct {
	Source Source
	Kind   TroubleKind
	// Err is the cause, for the log. It never stands on a page.
	Err error
}

// A TroubleKind says in which way a source failed.
type TroubleKind uint8

// The ways of failing. The zero kind is Broken: whatever nobody has a better
// word for.
const (
	Broken      TroubleKind = iota // it failed inside, or panicked
	Slow                           // it did not answer in time
	Unreachable                    // no connection
	Refused                        // it refused our credentials
	Garbled                        // its answer could not be read
	Excessive                      // it held more machines for one person than can be true
	Busy                           // it asked us to come back later
)

// String returns the word that the API uses: "slow", "refused" …
func (k TroubleKind) String() string {
	switch k {
	case Slow:
		return "slow"
	case Unreachable:
		return "unreachable"
	case Refused:
		return "refused"
	case Garbled:
		return "garbled"
	case Excessive:
		return "excessive"
	case Busy:
		return "busy"
	}
	return "broken"
}

// Clues are what is known so far of the machines that are sought. Each question
// brings only what is new to the source.
type Clues struct {
	Email       string // whose machines; empty once every source has been asked
	Identifiers []Identifier
}

// Of returns the clues of one kind as text, in the house's form.
func (c Clues) Of(kind Kind) []string {
	var values []string
	for _, id := range c.Identifiers {
		if id.kind == kind {
			values = append(values, id.value)
		}
	}
	return values
}

// A Report is what one source says about one machine.
type Report struct {
	Source      Source
	Key         string       // the source's own name for its record: what tells two records apart
	Identifiers []Identifier // every name that the machine goes by here
	// Owners are the emails under which the source holds it, or whatever text the
	// source has for an owner that is no address: then it is held for somebody we
	// can't name. Empty if the source names nobody.
	Owners []string
	SeenAt time.Time // when the machine last spoke to the source; zero if never or not known
	Claims []Claim
}

// OwnedBy reports whether the source holds the machine for this email.
func (r Report) OwnedBy(email string) bool {
	for _, owner := range r.Owners {
		if SameEmail(owner, email) {
			return true
		}
	}
	return false
}
