package views

import (
	"strconv"
	"strings"

	"stethoscope/posture"
)

// count returns a number with its noun: "1 device", "3 devices".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + plural(noun)
}

func plural(noun string) string {
	if stem, ok := strings.CutSuffix(noun, "fix"); ok {
		return stem + "fixes"
	}
	return noun + "s"
}

var spelled = [...]string{"No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"}

// countSpelled is count at the beginning of a sentence: "Two fixes", "12 fixes".
func countSpelled(n int, noun string) string {
	if n < 0 || n >= len(spelled) {
		return count(n, noun)
	}
	if n == 1 {
		return "One " + noun
	}
	return spelled[n] + " " + plural(noun)
}

// list joins words as in a sentence: "Jamf, LANDESK and Google Workspace".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// about returns how long something takes: "about 5 minutes", "about 2 hours"; empty if nobody said.
func about(minutes int) string {
	if minutes <= 0 {
		return ""
	}
	return "about " + howLong(minutes)
}

// longestInMinutes is up to where people count in minutes and not in hours.
const longestInMinutes = 90

// howLong returns a length of time as people say it: "20 minutes", "2 hours".
func howLong(minutes int) string {
	if minutes > longestInMinutes {
		return count((minutes+30)/60, "hour")
	}
	return count(minutes, "minute")
}

func minutesOf(r *posture.Recommendation) int {
	if r.Advice == nil {
		return 0
	}
	return r.Advice.Minutes
}

// titleOf returns what a source is called.
func titleOf(s posture.Source) string {
	if title := name(s.Title); title != "" {
		return title
	}
	return name(s.Name)
}

func titlesOf(sources []posture.Source) []string {
	var titles []string
	for _, s := range sources {
		titles = append(titles, titleOf(s))
	}
	return titles
}

// siteName returns what the service is called.
func (s Site) siteName() string {
	if n := name(s.Name); n != "" {
		return n
	}
	return "Stethoscope"
}

// whose returns whose address is signed in, to say it back.
func whose(p posture.Person) string { return name(p.Email) }

// fullName returns how the person's menu names them.
func fullName(p posture.Person) string {
	if n := name(p.Name); n != "" {
		return n
	}
	return whose(p)
}

// yourDevice returns what people call such a device when they speak of theirs:
// "your Mac", "your iPad".
func yourDevice(p posture.Platform, model string) string {
	switch p {
	case posture.MacOS:
		return "your Mac"
	case posture.Windows:
		return "your PC"
	case posture.ChromeOS:
		return "your Chromebook"
	case posture.Linux:
		return "your computer"
	case posture.IOS:
		if strings.Contains(strings.ToLower(model), "ipad") {
			return "your iPad"
		}
		return "your iPhone"
	case posture.Android:
		if picture(p, model) == iconTablet {
			return "your tablet"
		}
		return "your phone"
	}
	return "your device"
}

// A tally is how many recommendations have each rating, over several devices.
// What does not apply is not counted.
type tally struct{ fix, suggested, unknown, done int }

func (t *tally) add(c *posture.Checkup) {
	for i := range c.Recommendations {
		switch c.Recommendations[i].Rating {
		case posture.Critical:
			t.fix++
		case posture.Suggested:
			t.suggested++
		case posture.Good:
			t.done++
		case posture.NotApplicable:
		default:
			t.unknown++
		}
	}
}

func (t tally) all() int { return t.fix + t.suggested + t.unknown + t.done }

// open returns what is not done, in words: "2 to fix now, 1 suggested, 1 we
// can't tell"; empty if all is done.
func (t tally) open() string {
	var parts []string
	for _, part := range t.parts() {
		if part.n > 0 && part.rating != posture.Good {
			parts = append(parts, part.words())
		}
	}
	return strings.Join(parts, ", ")
}

// A part is one rating's share of a tally.
type part struct {
	rating posture.Rating
	n      int
}

func (t tally) parts() [4]part {
	return [4]part{{posture.Critical, t.fix}, {posture.Suggested, t.suggested}, {posture.Unknown, t.unknown}, {posture.Good, t.done}}
}

func (p part) words() string {
	n := strconv.Itoa(p.n)
	switch p.rating {
	case posture.Critical:
		return n + " to fix now"
	case posture.Suggested:
		return n + " suggested"
	case posture.Good:
		return n + " done"
	}
	return n + " we can’t tell"
}

// chips returns the tally's open parts as chips; "Nothing to do" if there are
// none and something is done.
func (t tally) chips() html {
	var b strings.Builder
	for _, p := range t.parts() {
		if p.n > 0 && p.rating != posture.Good {
			b.WriteString(string(chip(p.rating, p.words())))
		}
	}
	switch {
	case b.Len() > 0:
	case t.done > 0:
		return chipNothingToDo
	default:
		return chipNothingToCheck
	}
	return html(b.String())
}

var (
	chipNothingToDo    = chip(posture.Good, "Nothing to do")
	chipNothingToCheck = chip(posture.NotApplicable, "Nothing to check")
	chipCantTell       = chip(posture.Unknown, posture.Unknown.Word())
)

// chip returns a rating with a few of our own words: a count, never a text
// from outside.
func chip(r posture.Rating, words string) html {
	return lookOf(r).chip + html(words) + `</span>`
}

// bar draws the tally. It repeats its sentence and is hidden from readers.
func (t tally) bar() html {
	all := t.all()
	if all == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<svg class="bar" width="100%" height="8" aria-hidden="true" focusable="false"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(25)"><rect width="3" height="6" class="is-unk"/></pattern></defs>`)
	before := 0
	for _, p := range t.parts() {
		if p.n == 0 {
			continue
		}
		b.WriteString(`<rect x="` + percent(before, all, 0) + `" width="` + percent(p.n, all, 45) + `" height="8" rx="2" `)
		if p.rating == posture.Unknown {
			b.WriteString(`fill="url(#hatch)"/>`)
		} else {
			b.WriteString(`class="` + lookOf(p.rating).class + `"/>`)
		}
		before += p.n
	}
	b.WriteString(`</svg>`)
	return html(b.String())
}

// percent returns n of all with two decimals, less a gap in hundredths.
func percent(n, all, gap int) string {
	hundredths := max(0, n*10000/all-gap)
	cents := strconv.Itoa(hundredths % 100)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return strconv.Itoa(hundredths/100) + "." + cents + "%"
}

// sum returns how much is done: "13 of 18 done."
func (t tally) sum() string {
	return strconv.Itoa(t.done) + " of " + strconv.Itoa(t.all()) + " done."
}

// rest returns what is not done as a sentence; empty if all is.
func (t tally) rest() string {
	if open := t.open(); open != "" {
		return open + "."
	}
	return ""
}
