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
}

func stand(c clock, checkups []posture.Checkup, troubles []posture.Trouble, sources []posture.Source) standing {
	s := standing{devices: len(checkups)}
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
	case s.devices == 0 && len(troubles) == 0:
		s.state = noDevices
	case known == 0 || s.quiet == known || s.tally.unknown > s.tally.suggested+s.tally.done:
		s.state = cantTell
	case len(troubles) > 0:
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
		if s.tally.fix == 1 {
			return "1 thing needs you"
		}
		return count(s.tally.fix, "thing") + " need you"
	case calm:
		return "Nothing needs you"
	case calmInSight:
		return "Nothing that we see needs you"
	case noDevices:
		return "No devices yet"
	}
	return "We can’t tell yet"
}

// comma stands between the headline and the person's name.
func (standing) comma(p posture.Person) string {
	if name(p.GivenName()) == "" {
		return ""
	}
	return ", "
}

// lead is what stands below the headline.
func (s standing) lead(troubles []posture.Trouble) string {
	var said []string
	say := func(sentence string) { said = append(said, sentence) }
	switch s.state {
	case busy:
		say(countSpelled(s.tally.fix, "fix") + ".")
		if s.minutes > 0 {
			say("About " + count(s.minutes, "minute") + ", and you can stop at any point.")
		} else {
			say("You can stop at any point.")
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
			say("Not every source answered.")
		case s.strange == s.devices:
			say(countSpelled(s.strange, "device") + " that we don’t know.")
		default:
			say("Our sources do not say enough about " + yours(s.devices) + ".")
		}
		return strings.Join(said, " ")
	}
	if s.tally.suggested == 0 && s.tally.unknown == 0 && s.quiet == 0 && s.strange == 0 {
		say(capital(yours(s.devices)) + areIs(s.devices) + " in good shape.")
	} else if s.tally.suggested > 0 {
		say(countSpelled(s.tally.suggested, "suggestion") + " for when you have time.")
	}
	if s.tally.unknown > 0 {
		say(countSpelled(s.tally.unknown, "thing") + " we can’t tell.")
	}
	if s.quiet > 0 {
		say(notSeen(s.quiet))
	}
	if s.strange > 0 {
		say(countSpelled(s.strange, "device") + " that we don’t know.")
	}
	if len(troubles) > 0 {
		say("Not every source answered.")
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
