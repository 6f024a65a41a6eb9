package views

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"stethoscope/posture"
)

// A card is one device, worked out for drawing.
type card struct {
	*sheet
	device   *posture.Device
	id       string
	name     string
	model    string
	about    string // model and system
	picture  html
	chips    html
	kind     cardKind
	seenAt   time.Time
	seenWhen html // seenAt in words
	seenBy   string
	rows     []row
	done     []row // done, or does not apply
	nDone    int
	nNot     int
	maybe    string // what an unknown device may be
	glance   html   // the glyph of the worst rating
	glimpse  string // the same in words, for the list beside the cards
	inUse    bool
	isLost   bool
	contests string
}

// A cardKind says how much a card can tell.
type cardKind uint8

const (
	unfamiliar cardKind = iota // a device that we do not know: nothing is judged
	silent                     // not heard from for over a week: nothing is known of today
	familiar
)

// A row is one recommendation on a card.
type row struct {
	*posture.Recommendation
	look    *look
	anchor  string
	open    bool
	summary string // what the fold holds; empty if there is nothing to fold
	note    *note  // what came of asking again; nil if nobody asked
}

func newCard(s *sheet, checkup *posture.Checkup) *card {
	d := &checkup.Device
	c := &card{sheet: s, device: d, id: d.ID(), name: deviceName(d), kind: familiar}
	var by posture.Source
	c.seenAt, by = d.LastSeen()
	c.seenBy, c.seenWhen = titleOf(by), c.tell(c.seenAt)
	c.isLost = s.isLost(c.seenAt)
	if o, ok := posture.Model.In(*d); ok {
		c.model = name(o.Value)
	}
	system := name(d.System())
	switch {
	case c.model != "" && c.model != c.name && system != "":
		c.about = c.model + ". " + system
	case c.model != "" && c.model != c.name:
		c.about = c.model
	default:
		c.about = system
	}
	c.picture = picture(d.Platform(), c.model)
	c.inUse = s.using != "" && s.using == c.id
	if len(d.Contested) > 0 {
		c.contests = contestWords(d.Contested)
	}
	if !d.Recognised() {
		c.kind, c.name, c.picture, c.chips = unfamiliar, "A device we don’t know", iconQuestion, chipCantTell
		c.glance, c.glimpse = lookOf(posture.Unknown).glyph, posture.Unknown.Word()
		return c
	}
	var t tally
	t.add(checkup)
	if s.isStale(c.seenAt) && t.fix+t.suggested+t.done == 0 {
		c.kind = silent
		quiet := s.quiet(c.seenAt)
		c.chips = chip(posture.Unknown, quiet)
		c.glance, c.glimpse = lookOf(posture.Unknown).glyph, quiet
	} else {
		c.chips = t.chips()
		c.glance, c.glimpse = lookOf(checkup.Worst()).glyph, t.open()
		if c.glimpse == "" {
			c.glimpse = "Nothing to do"
			if t.done == 0 {
				c.glimpse = "Nothing to check"
			}
		}
	}
	if !s.brief {
		c.fill(checkup)
	}
	return c
}

func (c *card) fill(checkup *posture.Checkup) {
	rows := make([]row, 0, len(checkup.Recommendations))
	c.done = make([]row, 0, len(checkup.Recommendations))
	for i := range checkup.Recommendations {
		r := row{Recommendation: &checkup.Recommendations[i], anchor: anchor(c.id, checkup.Recommendations[i].Key)}
		r.look = lookOf(r.Rating)
		r.open = c.all || r.anchor == c.open
		asked := r.anchor == c.checked
		if asked {
			r.note = c.outcome(&r)
		}
		switch r.Rating {
		case posture.Good:
			if !asked {
				c.nDone++
				c.done = append(c.done, r)
				continue
			}
		case posture.NotApplicable:
			c.nNot++
			c.done = append(c.done, r)
			continue
		}
		r.summary = summaryOf(r.Recommendation)
		rows = append(rows, r)
	}
	c.rows = rows
}

// summaryOf returns what a fold holds.
func summaryOf(r *posture.Recommendation) string {
	minutes := about(minutesOf(r))
	if minutes != "" {
		minutes = ", " + minutes
	}
	switch {
	case r.Rating == posture.Unknown && r.Doubt == posture.Disagree && len(r.Readings) > 0:
		return "What each source saw"
	case r.Rating == posture.Good || r.Advice == nil && len(r.Readings) == 0:
		return "" // what is done needs no more words
	case r.Advice == nil:
		return "What we saw, and when"
	case r.Rating == posture.Critical:
		return "Why it matters and how to fix it" + minutes
	case r.Rating == posture.Suggested:
		return "Why and how" + minutes
	}
	return "Why it matters and how to look yourself"
}

// disagree reports that the fold leads with what each source saw.
func (r *row) disagree() bool {
	return r.Rating == posture.Unknown && r.Doubt == posture.Disagree && len(r.Readings) > 0
}

// isOpen reports that there is something to do.
func (r *row) isOpen() bool {
	return r.Rating == posture.Critical || r.Rating == posture.Suggested
}

// stepsTitle returns what stands over the steps.
func (r *row) stepsTitle() string {
	place := sentence(r.Advice.Place)
	if place == "" {
		place = "On your device"
	}
	return place
}

// justNow is how young a reading must be to speak of what somebody did just
// before they asked.
const justNow = 2 * time.Minute

func contestWords(sources []posture.Source) string {
	return "Another report, from " + list(titlesOf(sources)) + ", uses this device’s serial number but contradicts it in other details. We left its readings out."
}

// doneTitle returns what the fold of finished things holds.
func (c *card) doneTitle() string {
	if c.nDone == 0 {
		if c.nNot == 1 {
			return "1 thing doesn’t apply"
		}
		return count(c.nNot, "thing") + " don’t apply"
	}
	done := count(c.nDone, "thing") + " done"
	switch c.nNot {
	case 0:
		return done
	case 1:
		return done + ", 1 doesn’t apply"
	}
	return done + ", " + strconv.Itoa(c.nNot) + " don’t apply"
}

// doneGlyph is the tick, unless nothing in the fold is done.
func (c *card) doneGlyph() html {
	if c.nDone == 0 {
		return lookOf(posture.NotApplicable).glyph
	}
	return lookOf(posture.Good).glyph
}

// sourceLine says who saw what decided, and who else says so: "Jamf saw this 3
// hours ago." "osquery agrees, 12 minutes ago."
func (c *card) sourceLine(r *row) html {
	if len(r.Readings) == 0 {
		return ""
	}
	b := make([]byte, 0, 256)
	b = append(b, `<p class="src">`...)
	for i := range r.Readings {
		reading := &r.Readings[i]
		says := " saw this "
		switch {
		case i > 0 && reading.Good == r.Readings[0].Good:
			says = " agrees, "
		case i > 0:
			says = " saw otherwise, "
		}
		b = append(b, "<span>"...)
		b = append(b, isolated(titleOf(reading.Source))...)
		b = append(b, says...)
		b = append(b, c.told(reading.At)...)
		if detail := sentence(reading.Detail); detail != "" {
			b = append(b, ": “"...)
			b = append(b, isolated(detail)...)
			b = append(b, "”"...)
		}
		b = append(b, ".</span> "...)
	}
	return html(append(b, "</p>"...))
}

// firstSeen says who saw what is done, and when.
func (c *card) firstSeen(r *row) html {
	return isolated(titleOf(r.Readings[0].Source)) + ", " + c.told(r.Readings[0].At)
}

// told returns when something was seen, to the minute on the device's own page.
func (c *card) told(at time.Time) html {
	if at.Equal(c.seenAt) { // nearly all of a card's readings
		return c.seenWhen
	}
	return c.tell(at)
}

func (c *card) tell(at time.Time) html {
	if c.alone {
		return c.whenExactly(at)
	}
	return c.when(at)
}

// tellUs returns where people go who have something to say about this device.
func (c *card) tellUs() templ.SafeURL {
	about := c.name
	if called, ok := posture.Name.In(*c.device); ok && c.kind == unfamiliar && name(called.Value) != "" {
		about += " (" + name(called.Value) + ")"
	}
	return c.site.tellUsAbout(about)
}

// page returns the address of the device's own page.
func (c *card) page() templ.SafeURL { return templ.SafeURL("/devices/" + c.id) }

// tileLink returns where a tile of the first page leads: to the card.
func (c *card) tileLink() templ.SafeURL {
	if c.isLost {
		return placeOf(c.id) // inside of a fold
	}
	return templ.SafeURL("/devices#" + c.id)
}

// railLink returns where the list beside the cards leads.
func (c *card) railLink() templ.SafeURL {
	if c.isLost {
		return placeOf(c.id)
	}
	return templ.SafeURL("#" + c.id)
}

// seenBy says who saw a device that we do not know, when, and under what name.
func seenBy(c *card) html {
	words := "Seen by " + isolated(c.seenBy)
	if called, ok := posture.Name.In(*c.device); ok && name(called.Value) != "" {
		words += " under the name “" + isolated(name(called.Value)) + "”"
	}
	if c.seenAt.IsZero() {
		return words + "."
	}
	return words + ", " + c.when(c.seenAt) + "."
}

// opensDone reports whether the fold of finished things is open: when
// everything is, or somebody came for one of them.
func (c *card) opensDone() bool { return c.all || holds(c.done, c.open) }

// opensSilent is the same for the fold of what we can't tell.
func (c *card) opensSilent() bool { return c.all || holds(c.rows, c.open) }

func holds(rows []row, anchor string) bool {
	for i := range rows {
		if anchor != "" && rows[i].anchor == anchor {
			return true
		}
	}
	return false
}
