package views

import (
	"time"

	"stethoscope/posture"
)

// A Site is what the pages say of the installation itself.
type Site struct {
	Name         string // what the service is called here; "Stethoscope" if empty
	Organisation string // whose it is; may be empty
	Contact      Contact
}

// A Contact is whom people can ask. Every field may be empty.
type Contact struct {
	Email string // an address
	Chat  string // the name of a channel ("#security"), or an https address
	Phone string // as people write it
}

// A DemoPerson is somebody whose pages the demo shows.
type DemoPerson struct {
	Email string
	Label string // "Sam Rivera, 2 to fix"
}

// A Frame is what surrounds every page.
type Frame struct {
	Site     Site
	Person   posture.Person
	SignedIn bool
	Current  string         // the part of the navigation: "overview", "devices", "help", or empty
	FixNow   int            // how many things are at Fix now, shown beside Devices on other pages
	Theme    string         // "light", "dark", or empty to follow the system
	Demo     []DemoPerson   // whose pages can be shown; nil outside of the demo
	Now      time.Time      // what "3 hours ago" counts from
	Zone     *time.Location // in which exact times are written; UTC if nil
	Path     string         // where to come back to after a switch of theme or person; "/" if empty
}

// An OverviewPage is the first page: does anything need me?
type OverviewPage struct {
	Frame     Frame
	Checkups  []posture.Checkup // in the order in which they are shown
	Troubles  []posture.Trouble // who did not answer
	Sources   []posture.Source  // everybody who was asked
	CheckedAt time.Time         // when they were asked
}

// A DevicesPage is every device with its recommendations.
type DevicesPage struct {
	Frame     Frame
	Checkups  []posture.Checkup
	Troubles  []posture.Trouble
	Sources   []posture.Source
	CheckedAt time.Time
	Open      string           // the anchor ("<device>-<practice>") whose fold is open; empty for the first Fix now
	All       bool             // every fold open: the page for printing
	Visitor   posture.Platform // what the browser runs on, as far as it tells
	Checked   string           // the anchor that "I've fixed it, check again" asked about; empty if none
}

// A DevicePage is one device with everything open and all that is known of it.
type DevicePage struct {
	Frame     Frame
	Checkup   posture.Checkup
	Others    []posture.Checkup // all of the person's devices, this one among them
	Troubles  []posture.Trouble
	Sources   []posture.Source
	CheckedAt time.Time
	Visitor   posture.Platform
	Checked   string
}

// A HelpPage answers the questions that people ask, signed in or not.
type HelpPage struct {
	Frame   Frame
	Sources []posture.Source
}

// A SignInPage leads to the sign-in. It shows nothing of anybody.
type SignInPage struct {
	Frame     Frame
	SignedOut bool   // the person has just signed out
	Return    string // where they wanted to go; "/" if empty
	Problem   string // a sentence on why signing in did not work; may be empty
}

// An ErrorPage says that a request came to nothing.
type ErrorPage struct {
	Frame     Frame
	Status    int    // of HTTP
	Detail    string // one plain sentence; may be empty
	RequestID string // what to tell us; may be empty
}
