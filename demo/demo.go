// Package demo holds the doors of demo mode. The demo is a configuration, not
// a branch: the same plugins, lookup, practices and pages run as in service,
// and only what they reach is ours. Start at [Open].
//
// Behind the doors: the vendors' stand-ins over sample-data (fakejamf,
// fakegoogle), reached in memory by host (transport.go) and broken on request
// (breakage.go); an OpenID issuer that signs in whoever is chosen (issuer.go,
// people.go); and a clock that stands on the day of the recordings, so that
// pages are the same on every day.
//
// Not an API.
package demo

import (
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"stethoscope/config"
	"stethoscope/demo/fakegoogle"
	"stethoscope/demo/fakejamf"
	"stethoscope/plugins/inmemory"
)

// Clock is when the sample data was recorded, and what time the demo's pages
// think it is.
var Clock = time.Date(2026, time.November, 22, 4, 22, 0, 0, time.UTC)

// Doors lead to the demo's world in place of the real one.
type Doors struct {
	vendors     map[string]http.Handler // by host
	breakage    map[string]breakage     // by source
	credentials string
	issuer      *issuer
}

// Open builds the demo's world from the sample data. broken is the value of
// STETHOSCOPE_DEMO_BREAK: "landesk:slow,jamf:down"; sources are the names that
// may stand in it.
func Open(samples fs.FS, broken string, sources []string) (*Doors, error) {
	breakages, err := parseBreakage(broken, sources)
	if err != nil {
		return nil, err
	}
	jamf, err := fs.Sub(samples, "jamf")
	if err != nil {
		return nil, fmt.Errorf("open the jamf samples: %w", err)
	}
	google, err := fs.Sub(samples, "google")
	if err != nil {
		return nil, fmt.Errorf("open the google samples: %w", err)
	}
	workspace := fakegoogle.New(google)
	return &Doors{
		vendors: map[string]http.Handler{
			"example.jamfcloud.com": fakejamf.New(jamf),
			"admin.googleapis.com":  workspace,
			"oauth2.googleapis.com": workspace,
		},
		breakage:    breakages,
		credentials: string(fakegoogle.Key()),
		issuer:      newIssuer(),
	}, nil
}

// Resolver knows the secrets that demo.yaml refers to. None opens anything.
func (d *Doors) Resolver() config.Resolver {
	return config.Resolver{Env: func(name string) (string, bool) {
		switch name {
		case "DEMO_GOOGLE_KEY":
			return d.credentials, true
		case "DEMO_SECRET":
			return "demo-secret-that-opens-nothing", true
		}
		return "", false
	}}
}

// HTTP reaches the vendors' stand-ins for one source, broken as was asked.
func (d *Doors) HTTP(source string) http.RoundTripper {
	return d.breakage[source].of(hosts(d.vendors))
}

// Login reaches the issuer.
func (d *Doors) Login() http.RoundTripper { return inmemory.Transport(d.issuer) }

// Now is the demo's time. It stands.
func (d *Doors) Now() time.Time { return Clock }
