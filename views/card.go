package views

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"stethoscope/posture"
)

// A sheet is what all cards of one page share.
type sheet struct {
	clock
	site     Site
	open     string // the anchor whose fold is open
	all      bool   // every fold is
	checked  string // the anchor that was just asked about again
	using    string // the ID of the device that this browser runs on; empty if we cannot tell
	troubles []posture.Trouble
	last     bool // nothing is at Fix now any more
	alone    bool // the page is about one device
	brief    bool // the page shows no more of a device than its name and its tally
}

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

// A note says what came of "I've fixed it, check again".
type note struct {
	good  bool
	title string
	text  string
	when  html   // follows the text
	rest  string // follows the time
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
		n.text = troubleWords(failed) + ". What you see is older, so a fix does not show yet."
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
	return count(c.nDone, "thing") + " done"
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

// newSheet prepares what the cards of a page share. wanted is the anchor to
// open; if no recommendation has it and none is being asked about, the first
// Fix now is opened.
func newSheet(f Frame, checkups []posture.Checkup, troubles []posture.Trouble, visitor posture.Platform, wanted, checked string, all bool) *sheet {
	s := &sheet{clock: f.clock(), site: f.Site, all: all, checked: checked, troubles: troubles, last: true}
	s.using = inUse(s.clock, checkups, visitor)
	first, found := "", false
	for i := range checkups {
		id := ""
		for j := range checkups[i].Recommendations {
			r := &checkups[i].Recommendations[j]
			if r.Rating != posture.Critical && wanted == "" {
				continue
			}
			if r.Rating == posture.Critical {
				s.last = false
				if first != "" && wanted == "" {
					continue
				}
			}
			if id == "" {
				id = checkups[i].Device.ID()
			}
			if r.Rating == posture.Critical && first == "" {
				first = anchor(id, r.Key)
			}
			found = found || wanted != "" && anchor(id, r.Key) == wanted
		}
		found = found || wanted != "" && checkups[i].Device.HasID(wanted)
	}
	s.open = first
	if found {
		s.open = wanted
	}
	return s
}

// inUse returns the ID of the device that the browser runs on, if exactly one
// that was heard from lately fits. Safari on an iPad says that it is a Mac, so
// iPads fit there too.
func inUse(c clock, checkups []posture.Checkup, visitor posture.Platform) string {
	if visitor == posture.UnknownPlatform {
		return ""
	}
	var fits *posture.Device
	for i := range checkups {
		d := &checkups[i].Device
		if at, _ := d.LastSeen(); !c.isFresh(at) || !d.Recognised() {
			continue
		}
		p := d.Platform()
		if p == posture.IOS && visitor == posture.MacOS {
			if model, _ := posture.Model.In(*d); !strings.Contains(strings.ToLower(model.Value), "ipad") {
				continue
			}
		} else if p != visitor {
			continue
		}
		if fits != nil {
			return ""
		}
		fits = d
	}
	if fits == nil || fits.Platform() != visitor {
		return ""
	}
	return fits.ID()
}

// cards works out every device of a page, and what a device that we do not
// know may be.
func cards(s *sheet, checkups []posture.Checkup) []*card {
	all := make([]*card, 0, len(checkups))
	for i := range checkups {
		c := newCard(s, &checkups[i])
		if c.kind == unfamiliar {
			c.maybe = maybe(checkups, c.device.Platform())
		}
		all = append(all, c)
	}
	return all
}

// maybe names the one device that we know and that is of the same platform.
func maybe(checkups []posture.Checkup, p posture.Platform) string {
	if p == posture.UnknownPlatform {
		return ""
	}
	var fits *posture.Device
	for i := range checkups {
		d := &checkups[i].Device
		if !d.Recognised() || d.Platform() != p {
			continue
		}
		if fits != nil {
			return ""
		}
		fits = d
	}
	if fits == nil {
		return ""
	}
	return deviceName(fits)
}

// split parts the devices that somebody heard from in the last month from
// those that nobody did.
func split(all []*card) (current, lost []*card) {
	for _, c := range all {
		if c.isLost {
			lost = append(lost, c)
		} else {
			current = append(current, c)
		}
	}
	return current, lost
}

// opensLost reports whether the fold of devices not seen lately is open: when
// somebody wants one of them, or there are no others.
func opensLost(s *sheet, current, lost []*card) bool {
	if s.all || len(current) == 0 {
		return true
	}
	for _, c := range lost {
		if s.open != "" && (s.open == c.id || strings.HasPrefix(s.open, c.id+"-")) {
			return true
		}
	}
	return false
}

// maybeWhose is "your " before what has no owner in its name: "your iPad mini",
// but "Uma’s iPad".
func maybeWhose(device string) string {
	if strings.Contains(device, "’s ") || strings.Contains(device, "'s ") {
		return ""
	}
	return "your "
}

// maybeHow says why we do not know the device that we may know.
func maybeHow(d *posture.Device) string {
	if _, private := networkAddress(d); private {
		return " on a private network address. We don’t know, so we don’t judge it."
	}
	return ". We don’t know, so we don’t judge it."
}

// An address is what a network adapter is called, and whether the device made
// it up: phones do, so that networks cannot follow them.
func networkAddress(d *posture.Device) (end string, private bool) {
	o, ok := posture.NetworkAddresses.In(*d)
	if !ok || len(o.Value) == 0 {
		return "", false
	}
	a := strings.ToLower(name(o.Value[0]))
	if len(a) < 5 {
		return "", false
	}
	end = a[len(a)-5:]
	return end, strings.IndexByte("26ae", a[1]) >= 0
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
