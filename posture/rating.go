package posture

// A Rating says how much a recommendation matters. The zero Rating is Unknown:
// what nobody has judged is never good.
type Rating uint8

// The ratings.
const (
	Unknown       Rating = iota // nobody knows, too old, or the sources disagree
	NotApplicable               // not for this kind of device
	Good                        // a source has seen it
	Suggested                   // worth doing
	Critical                    // fix now
)

// Ratings lists all ratings, what matters most first. Unknown stands before
// Good: it is never counted as done.
func Ratings() []Rating { return []Rating{Critical, Suggested, Unknown, Good, NotApplicable} }

// Word returns what people read: "Fix now", "Suggested", "Can't tell", "Done",
// "Doesn't apply".
func (r Rating) Word() string {
	switch r {
	case Critical:
		return "Fix now"
	case Suggested:
		return "Suggested"
	case Good:
		return "Done"
	case NotApplicable:
		return "Doesn’t apply"
	}
	return "Can’t tell"
}

// Status returns the word that the API uses, as the original's clients know it:
// "warn", "nudge", "unknown", "ok", "na".
func (r Rating) Status() string {
	switch r {
	case Critical:
		return "warn"
	case Suggested:
		return "nudge"
	case Good:
		return "ok"
	case NotApplicable:
		return "na"
	}
	return "unknown"
}

// Rank orders ratings by what a person should look at first; 0 comes first.
func (r Rating) Rank() int {
	switch r {
	case Critical:
		return 0
	case Suggested:
		return 1
	case Good:
		return 3
	case NotApplicable:
		return 4
	}
	return 2
}
