package views

import (
	"strings"

	"stethoscope/posture"
)

// A state is what the first page says in its first line.
type state uint8

const (
	cantTell    state = iota // the zero state: what nobody has looked at is never good
	busy                     // something is at Fix now
	calm                     // nothing is
	calmInSight              // nothing that we see is, and a source is missing
	asking                   // nothing is, and there is a device that we do not know
	noDevices                // everybody answered and nobody knows a device
	noAnswer                 // nobody answered
)

// A standing is where a person stands, over all of their devices.
type standing struct {
	state   state
	tally   tally
	minutes int // to fix what is at Fix now
	quiet   int // devices not heard from for over a week
	strange int // devices that we do not know
	devices int
	partial bool // a source is in trouble: there may be more than we see
}

func stand(c clock, checkups []posture.Checkup, troubles []posture.Trouble, sources []posture.Source) standing {
	s := standing{devices: len(checkups), partial: len(troubles) > 0}
	for i := range checkups {
		checkup := &checkups[i]
		if !checkup.Device.Recognised() {
			s.strange++
			continue
		}
		s.tally.add(checkup)
		if at, _ := checkup.Device.LastSeen(); c.isStale(at) {
			s.quiet++
		}
		for j := range checkup.Recommendations {
			if r := &checkup.Recommendations[j]; r.Rating == posture.Critical {
				s.minutes += minutesOf(r)
			}
		}
	}
	known := s.devices - s.strange
	switch {
	case s.tally.fix > 0:
		s.state = busy
	case nobodyAnswered(troubles, sources, checkups):
		s.state = noAnswer
	case s.devices == 0 && !s.partial:
		s.state = noDevices
	case s.strange > 0:
		s.state = asking
	case known == 0 || s.quiet == known || s.tally.unknown > s.tally.suggested+s.tally.done:
		s.state = cantTell
	case s.partial:
		s.state = calmInSight
	default:
		s.state = calm
	}
	return s
}

// headline is the first line of the first page, without the person's name.
func (s standing) headline() string {
	switch s.state {
	case busy:
		things := s.tally.fix + s.strange // a question needs the person as a fix does
		if things == 1 {
			return s.atLeast("1 thing needs you")
		}
		return s.atLeast(count(things, "thing") + " need you")
	case asking:
		return s.atLeast(countSpelled(s.strange, "question") + " for you")
	case calm:
		return "Nothing needs you"
	case calmInSight:
		return "Nothing that we see needs you"
	case noDevices:
		return "No devices yet"
	}
	return "We can’t tell yet"
}

// atLeast keeps a count from looking complete when a source is in trouble.
func (s standing) atLeast(counted string) string {
	if s.partial {
		return "At least " + strings.ToLower(counted[:1]) + counted[1:]
	}
	return counted
}

// comma stands between the headline and the person's name.
func (standing) comma(p posture.Person) string {
	if name(p.GivenName()) == "" {
		return ""
	}
	return ", "
}

// lead is what stands below the headline.
func (s standing) lead() string {
	var said []string
	say := func(sentence string) { said = append(said, sentence) }
	switch s.state {
	case busy:
		needs := countSpelled(s.tally.fix, "fix")
		if s.strange > 0 {
			questions := countSpelled(s.strange, "question")
			needs += " and " + strings.ToLower(questions[:1]) + questions[1:]
		}
		say(needs + ".")
		if s.minutes > 0 {
			say(capital(about(s.minutes)) + ", and you can stop at any point.")
		} else {
			say("You can stop at any point.")
		}
		if s.partial {
			say(someMissing)
		}
		return strings.Join(said, " ")
	case noAnswer:
		return "None of our sources answered. That is our problem, not yours."
	case noDevices:
		return "We found no device of yours."
	case cantTell:
		switch {
		case s.quiet > 0:
			say(notSeen(s.quiet))
		case s.devices == 0:
			say("We could not look everywhere.")
		default:
			say("Our sources do not say enough about " + yours(s.devices) + ".")
		}
		if s.partial && s.devices > 0 {
			say(someMissing)
		}
		return strings.Join(said, " ")
	case asking:
		if s.strange == 1 {
			say("A device that we don’t know. Is it yours?")
		} else {
			say(countSpelled(s.strange, "device") + " that we don’t know. Are they yours?")
		}
	}
	if s.tally.suggested == 0 && s.tally.unknown == 0 && s.quiet == 0 && s.strange == 0 {
		say(capital(yours(s.devices)) + areIs(s.devices) + " in good shape.")
	}
	if s.tally.suggested > 0 {
		say(countSpelled(s.tally.suggested, "suggestion") + " for when you have time.")
	}
	if s.tally.unknown > 0 {
		say(countSpelled(s.tally.unknown, "thing") + " we can’t tell.")
	}
	if s.quiet > 0 {
		say(notSeen(s.quiet))
	}
	if s.partial {
		say(someMissing)
	}
	return strings.Join(said, " ")
}

func notSeen(n int) string {
	if n == 1 {
		return "One device has not been seen for over a week."
	}
	return countSpelled(n, "device") + " have not been seen for over a week."
}

func yours(devices int) string {
	if devices == 1 {
		return "your device"
	}
	return "your " + count(devices, "device")
}

func areIs(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// urgent are the things at Fix now, as the banner lists them.
type urgent struct {
	rows []urgentRow
	more int // how many are not listed
	all  int
	mins int
}

type urgentRow struct {
	headline, device, about string
	anchor                  string
}

// mostUrgent is how many rows the banner has: more than five are not read.
const mostUrgent = 5

func newUrgent(checkups []posture.Checkup) urgent {
	var u urgent
	for i := range checkups {
		device := &checkups[i].Device
		for j := range checkups[i].Recommendations {
			r := &checkups[i].Recommendations[j]
			if r.Rating != posture.Critical {
				continue
			}
			u.all++
			u.mins += minutesOf(r)
			if len(u.rows) == mostUrgent {
				u.more++
				continue
			}
			row := urgentRow{headline: sentence(r.Headline), device: deviceName(device), anchor: anchor(device.ID(), r.Key)}
			if minutes := about(minutesOf(r)); minutes != "" {
				row.about = ", " + minutes
			}
			u.rows = append(u.rows, row)
		}
	}
	return u
}

func (u urgent) title() string {
	if u.all == 1 {
		return "Fix this first"
	}
	return "Fix these " + count(u.all, "thing") + " first"
}

func (u urgent) lead() string {
	words := "They protect you if a device is lost or attacked."
	if u.all == 1 {
		words = "It protects you if a device is lost or attacked."
	}
	if u.mins > 0 {
		words += " " + capital(about(u.mins)) + "."
	}
	return words
}

// deviceName returns a device's name, fit to be shown.
func deviceName(d *posture.Device) string {
	if n := name(d.Name()); n != "" {
		return n
	}
	return "Device without a name"
}
