package views

import "stethoscope/posture"

// A note says what came of "I've fixed it, check again".
type note struct {
	good  bool
	title string
	text  string
	when  html   // follows the text
	rest  string // follows the time
}

// outcome returns what came of asking again. Only a source turns anything
// green: what the person did shows when one has seen it.
func (c *card) outcome(r *row) *note {
	var last posture.Reading
	if len(r.Readings) > 0 {
		last = r.Readings[0]
	}
	source := titleOf(last.Source)
	if r.Rating == posture.Good {
		n := &note{good: true, title: "Done. " + sentence(r.Headline), rest: " Thank you."}
		if c.last {
			n.rest = " Thank you, that was the important one."
		}
		if source != "" {
			n.text, n.when = source+" saw it ", c.when(last.At).between("", ".")
		}
		return n
	}
	n := &note{title: "We asked again just now"}
	thing := yourDevice(c.device.Platform(), c.model)
	failed, down := inTrouble(c.troubles, last.Source)
	switch {
	case down && source != "":
		n.title = "We asked again just now, without an answer"
		n.text = troubleWords(failed) + ". What you see is older, so a fix does not show yet. " + ourProblem
	case source == "":
		n.text = "No source tells us about this on " + thing + "."
	case last.At.IsZero():
		n.text = source + " does not say when it last heard from " + thing + ", so a fix may not show yet."
	case c.now.Sub(last.At) < justNow:
		n.title = "Still the same when we looked"
		n.text, n.when = source+" heard from "+thing+" ", c.when(last.At).between("", ".")
		n.rest = " A change that you made a moment ago shows when it hears from it again."
	default:
		n.text, n.when = source+" last heard from "+thing+" ", c.when(last.At)
		n.rest = ", so a fix since then does not show yet."
	}
	return n
}
