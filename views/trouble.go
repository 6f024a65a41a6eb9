package views

import (
	"slices"
	"time"

	"stethoscope/posture"
)

// troubleWords returns what happened, in one sentence without its full stop.
func troubleWords(t posture.Trouble) string {
	source := titleOf(t.Source)
	switch t.Kind {
	case posture.Slow, posture.Unreachable:
		return source + " is not answering"
	case posture.Busy:
		return source + " is busy and asked us to come back later"
	case posture.Refused:
		return source + " did not let us in"
	case posture.Garbled:
		return "We could not read the answer of " + source
	case posture.Excessive:
		return source + " named more devices than one person can have, so we left them out"
	}
	return "Something broke on our side while we asked " + source
}

// ourProblem ends every note about a trouble.
const ourProblem = "This is our problem, not yours. There is nothing for you to do about it."

// someMissing follows every count of devices that a trouble may have made too small.
const someMissing = "Some devices may be missing."

// A troubleNote is the one grey note about all sources that failed: it is our
// problem and not the person's.
type troubleNote struct {
	titles []string // one sentence for each source
	rest   string   // what that means for this page
}

func newTroubleNote(troubles []posture.Trouble, sources []posture.Source, checkups []posture.Checkup) *troubleNote {
	if len(troubles) == 0 {
		return nil
	}
	n := &troubleNote{}
	partly := false
	for _, t := range troubles {
		n.titles = append(n.titles, troubleWords(t))
		partly = partly || hasReportOf(checkups, t.Source)
	}
	they := "they know"
	if len(troubles) == 1 {
		they = titleOf(troubles[0].Source) + " knows"
	}
	if partly {
		n.rest = "Some of what only " + they + " may be missing from this page."
	} else {
		n.rest = "What only " + they + " is missing from this page."
	}
	if len(troubles) < len(sources) {
		n.rest += " Other sources are fine."
	}
	n.rest += " " + ourProblem
	return n
}

func hasReportOf(checkups []posture.Checkup, source posture.Source) bool {
	for i := range checkups {
		for j := range checkups[i].Device.Reports {
			if checkups[i].Device.Reports[j].Source.Name == source.Name {
				return true
			}
		}
	}
	return false
}

func inTrouble(troubles []posture.Trouble, source posture.Source) (posture.Trouble, bool) {
	i := slices.IndexFunc(troubles, func(t posture.Trouble) bool { return t.Source.Name == source.Name })
	if i < 0 {
		return posture.Trouble{}, false
	}
	return troubles[i], true
}

// nobodyAnswered reports that every source failed and nothing is known.
func nobodyAnswered(troubles []posture.Trouble, sources []posture.Source, checkups []posture.Checkup) bool {
	return len(sources) > 0 && len(troubles) >= len(sources) && len(checkups) == 0
}

// provenance says for one source whether it answered and what it knows of. A
// failure is told in the words of the trouble note, which name the source.
type provenance struct {
	title  string // stands before the words; empty if they name the source
	words  string // ends before the time
	newest html   // when it last heard from any of the devices; empty if it knows of none
}

func provenances(c clock, sources []posture.Source, troubles []posture.Trouble, checkups []posture.Checkup) []provenance {
	var all []provenance
	for _, s := range sources {
		devices := 0
		var newest time.Time
		for i := range checkups {
			known := false
			for _, r := range checkups[i].Device.Reports {
				if r.Source.Name == s.Name {
					known = true
					if r.SeenAt.After(newest) {
						newest = r.SeenAt
					}
				}
			}
			if known {
				devices++
			}
		}
		p := provenance{title: titleOf(s)}
		trouble, failed := inTrouble(troubles, s)
		switch {
		case failed:
			p.title, p.words = "", troubleWords(trouble)
			if devices > 0 {
				p.words += ". Before that it told us of " + count(devices, "device")
			}
		case devices == 0:
			p.words = "answered, and knows no device of yours"
		default:
			p.words = count(devices, "device")
		}
		if devices > 0 && !newest.IsZero() {
			p.words += ", last heard "
			p.newest = c.when(newest)
		}
		all = append(all, p)
	}
	return all
}
