package stories

import (
	"errors"
	"time"

	"github.com/a-h/templ"

	"stethoscope/posture"
	"stethoscope/views"
)

// A Story is one page in one state.
type Story struct {
	Name      string // in addresses and file names: "overview-calm"
	About     string // what there is to see, in a few words
	Component templ.Component
}

// Find returns the story of that name.
func Find(name string) (Story, bool) {
	for _, s := range Stories() {
		if s.Name == name {
			return s, true
		}
	}
	return Story{}, false
}

// Stories returns every story, in the order in which they are best looked at.
func Stories() []Story {
	sams := []posture.Checkup{samsMac(), samsPixel(), samsPad()}
	juns := []posture.Checkup{junsAir(), junsGalaxy()}
	mac := anchorOf(samsMac(), "encryption")

	return []Story{
		{"overview-busy", "two things to fix", overview(sam, sams)},
		{"overview-calm", "nothing to do", overview(ada, []posture.Checkup{adasBook()})},
		{"overview-suggested", "one suggestion, nothing urgent", overview(sam, []posture.Checkup{samsMacFixed(), samsPad()})},
		{"overview-old", "no device was seen for a week", overview(jun, juns)},
		{"overview-nothing", "nobody knows a device", overview(ada, nil)},
		{"overview-no-sources", "nothing is set up", views.Overview(views.OverviewPage{Frame: frame(ada, "overview"), CheckedAt: now})},
		{"overview-source-down", "Jamf does not answer", views.Overview(views.OverviewPage{Frame: frame(sam, "overview"), Checkups: []posture.Checkup{samsPixel()}, Troubles: troubles(posture.Slow, jamf), Sources: all, CheckedAt: now})},
		{"overview-source-down-calm", "Jamf does not answer, the rest is fine", views.Overview(views.OverviewPage{Frame: frame(ada, "overview"), Checkups: []posture.Checkup{adasBook()}, Troubles: troubles(posture.Refused, jamf), Sources: all, CheckedAt: now})},
		{"overview-no-answer", "every source failed", views.Overview(views.OverviewPage{Frame: frame(jun, "overview"), Troubles: troubles(posture.Unreachable, jamf, google), Sources: all, CheckedAt: now})},
		{"overview-strange", "one device that we don’t know", overview(sam, []posture.Checkup{samsPad(), strange()})},
		{"overview-many", "more to fix than the banner holds", overview(sam, many(8))},
		{"overview-hostile", "a device that means harm", overview(sam, []posture.Checkup{hostile()})},

		{"devices-busy", "two things to fix, the first one open, on the person’s own Mac", devices(sam, sams, func(p *views.DevicesPage) { p.Visitor = posture.MacOS })},
		{"devices-open", "another one is open", devices(sam, sams, func(p *views.DevicesPage) { p.Open = anchorOf(samsPixel(), "uptodate") })},
		{"devices-print", "everything open", devices(sam, sams, func(p *views.DevicesPage) { p.All = true })},
		{"devices-checked-done", "asked again: done", devices(sam, []posture.Checkup{samsMacFixed(), samsPad()}, func(p *views.DevicesPage) { p.Checked, p.Open = mac, mac })},
		{"devices-checked-old", "asked again: the source has not heard from it since", devices(sam, sams, func(p *views.DevicesPage) { p.Checked, p.Open = mac, mac })},
		{"devices-checked-same", "asked again: still the same", devices(sam, []posture.Checkup{justSeen(samsMac())}, func(p *views.DevicesPage) { p.Checked, p.Open = mac, mac })},
		{"devices-checked-silence", "asked again: the source does not answer", devices(sam, sams, func(p *views.DevicesPage) {
			p.Checked, p.Open, p.Troubles = mac, mac, troubles(posture.Slow, jamf)
		})},
		{"devices-calm", "nothing to do", devices(ada, []posture.Checkup{adasBook()}, nil)},
		{"devices-old", "24 and 43 days old", devices(jun, juns, nil)},
		{"devices-nothing", "nobody knows a device", devices(ada, nil, nil)},
		{"devices-no-answer", "every source failed", devices(jun, nil, func(p *views.DevicesPage) { p.Troubles = troubles(posture.Busy, jamf, google) })},
		{"devices-troubles", "sources in every kind of trouble", devices(sam, []posture.Checkup{samsPad()}, everyTrouble)},
		{"devices-strange", "a device that we don’t know, and what it may be", devices(sam, []posture.Checkup{strange(), samsPad()}, nil)},
		{"devices-contested", "another report claims to be this device", devices(sam, []posture.Checkup{contested()}, nil)},
		{"devices-hostile", "a device that means harm", devices(sam, []posture.Checkup{hostile()}, func(p *views.DevicesPage) { p.Visitor = posture.MacOS })},

		{"device", "everything about one device", device(sam, samsMac(), sams)},
		{"device-old", "not seen for 24 days", device(jun, junsAir(), juns)},
		{"device-strange", "a device that we don’t know", device(sam, strange(), []posture.Checkup{samsPad(), strange()})},
		{"device-hostile", "a device that means harm", device(sam, hostile(), nil)},

		{"help", "the questions that people ask", views.Help(views.HelpPage{Frame: fixNow(frame(sam, "help"), 2), Sources: all})},
		{"help-signed-out", "the same for nobody in particular", views.Help(views.HelpPage{Frame: views.Frame{Now: now, Current: "help"}})},
		{"sign-in", "before signing in", views.SignIn(views.SignInPage{Frame: outside(), Return: "/devices?open=a-b"})},
		{"sign-in-out", "after signing out", views.SignIn(views.SignInPage{Frame: outside(), SignedOut: true})},
		{"sign-in-problem", "signing in did not work", views.SignIn(views.SignInPage{Frame: outside(), Problem: "Signing in took too long. Start again."})},
		{"error-403", "not allowed", views.Error(views.ErrorPage{Frame: frame(sam, ""), Status: 403, RequestID: "7f3a22c09d"})},
		{"error-404", "no such page", views.Error(views.ErrorPage{Frame: frame(sam, ""), Status: 404, RequestID: "7f3a22c09d"})},
		{"error-421", "not our address", views.Error(views.ErrorPage{Frame: outside(), Status: 421})},
		{"error-429", "too much at once", views.Error(views.ErrorPage{Frame: frame(sam, ""), Status: 429, RequestID: "7f3a22c09d"})},
		{"error-500", "our mistake", views.Error(views.ErrorPage{Frame: frame(sam, ""), Status: 500, RequestID: "7f3a22c09d"})},
		{"error-503", "busy", views.Error(views.ErrorPage{Frame: frame(sam, ""), Status: 503, Detail: "A new release starts just now.", RequestID: "7f3a22c09d"})},
		{"dark", "the person chose dark", views.Overview(views.OverviewPage{Frame: dark(frame(sam, "overview")), Checkups: sams, Sources: all, CheckedAt: now})},
	}
}

func overview(who posture.Person, checkups []posture.Checkup) templ.Component {
	return views.Overview(views.OverviewPage{Frame: frame(who, "overview"), Checkups: checkups, Sources: all, CheckedAt: now})
}

func devices(who posture.Person, checkups []posture.Checkup, change func(*views.DevicesPage)) templ.Component {
	p := views.DevicesPage{Frame: frame(who, "devices"), Checkups: checkups, Sources: all, CheckedAt: now}
	if change != nil {
		change(&p)
	}
	return views.Devices(p)
}

func device(who posture.Person, c posture.Checkup, others []posture.Checkup) templ.Component {
	return views.Device(views.DevicePage{Frame: frame(who, "devices"), Checkup: c, Others: others, Sources: all, CheckedAt: now, Visitor: posture.MacOS})
}

func anchorOf(c posture.Checkup, practice string) string { return c.Device.ID() + "-" + practice }

// justSeen is a checkup that its source made half a minute ago.
func justSeen(c posture.Checkup) posture.Checkup {
	at := before(30 * time.Second)
	c.Device.Reports[0].SeenAt = at
	for i := range c.Recommendations {
		for j := range c.Recommendations[i].Readings {
			c.Recommendations[i].Readings[j].At = at
		}
	}
	return c
}

func troubles(kind posture.TroubleKind, sources ...posture.Source) []posture.Trouble {
	var all []posture.Trouble
	for _, s := range sources {
		all = append(all, posture.Trouble{Source: s, Kind: kind, Err: errors.New("never on a page")})
	}
	return all
}

func everyTrouble(p *views.DevicesPage) {
	p.Sources = []posture.Source{jamf}
	for kind := posture.Broken; kind <= posture.Busy; kind++ {
		source := posture.Source{Name: kind.String(), Title: "The " + kind.String() + " source"}
		p.Sources = append(p.Sources, source)
		p.Troubles = append(p.Troubles, troubles(kind, source)...)
	}
}

func outside() views.Frame {
	return views.Frame{Site: site, Now: now, Zone: time.UTC, Path: "/"}
}

func dark(f views.Frame) views.Frame { f.Theme = "dark"; return f }

func fixNow(f views.Frame, n int) views.Frame { f.FixNow = n; return f }
