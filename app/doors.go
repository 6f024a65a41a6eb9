package app

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"stethoscope/config"
	"stethoscope/demo"
	sampledata "stethoscope/sample-data"
	"stethoscope/web"
)

// doors are the ways out of the house: the real ones, or the demo's.
type doors struct {
	resolver config.Resolver
	http     func(source string) http.RoundTripper
	login    http.RoundTripper
	now      func() time.Time
}

// realDoors lead to the network, the environment and the clock.
func realDoors() doors {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost = 8
	transport.ResponseHeaderTimeout = 30 * time.Second
	return doors{
		resolver: config.Resolver{Env: os.LookupEnv, File: os.ReadFile},
		http:     func(string) http.RoundTripper { return transport },
		login:    transport,
		now:      time.Now,
	}
}

// demoSources are the names of the sources in demo.yaml.
var demoSources = []string{"jamf", "google"}

func demoDoors() (doors, *demo.Doors, error) {
	world, err := demo.Open(sampledata.Files, os.Getenv("STETHOSCOPE_DEMO_BREAK"), demoSources)
	if err != nil {
		return doors{}, nil, &stop{exitWrongUse, err}
	}
	return doors{resolver: world.Resolver(), http: world.HTTP, login: world.Login(), now: world.Now}, world, nil
}

// client is what a plugin gets.
func (d doors) client(source string) *http.Client { return ourClient(d.http(source)) }

// ourClient names us, and follows no redirect, which could carry a credential
// to somebody else.
func ourClient(door http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     named{door},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type named struct{ next http.RoundTripper }

func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", "Stethoscope/"+buildVersion())
	return n.next.RoundTrip(r)
}

func newLog(w io.Writer, asJSON bool) *slog.Logger {
	if asJSON {
		return slog.New(web.WithRequestIDs(slog.NewJSONHandler(w, nil)))
	}
	return slog.New(web.WithRequestIDs(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelWarn})))
}

// buildVersion is the version that this binary was built from; "dev" from a
// work tree.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
