// Package web is the browser's and the API's side of the house: the sign-in,
// the pages and the JSON. Start at [New]; routes.go holds every address in one
// list, each with who may open it.
//
// A handler has three moves: ask (lookup), judge (practices), show (views, or
// JSON). Security is plain net/http around the router: hosts.go, headers.go,
// requests.go. Sign-in is login.go, with discovery in provider.go and the checks
// of an ID token in identity.go.
//
// Where signing in may lead back to is returnpath.go.
//
// Not an API.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"stethoscope/lookup"
	"stethoscope/posture"
	"stethoscope/views"
)

// Asker knows a person's machines; lookup.Desk is one.
type Asker interface {
	Ask(ctx context.Context, who posture.Person) lookup.Answer
	Sources() []posture.Source
}

// Judge rates machines; practices.Set is one.
type Judge interface {
	Judge(devices []posture.Device, now time.Time) []posture.Checkup
}

// Options of the service. URL, Lookup, Practices, Login, Log and Now must be set.
type Options struct {
	URL       *url.URL // where browsers reach the service: the only origin there is
	Site      views.Site
	Zone      *time.Location // in which exact times are written; UTC if nil
	Lookup    Asker
	Practices Judge
	Login     LoginOptions
	Log       *slog.Logger
	Now       func() time.Time // the time that devices are judged by; the demo's stands still
	// Demo are the people that the strip at the top of a demo offers; nil in service.
	Demo []views.DemoPerson
	// Mounts are handlers of other rooms by the prefix that they serve
	// ("/demo/"), behind the same headers and checks as everything else. What
	// they let whom do is their own affair.
	Mounts map[string]http.Handler
	// Ready says why the service cannot work now; nil if it can.
	Ready func(ctx context.Context) error
}

// New returns the whole service as one handler.
func New(o Options) http.Handler {
	s := &server{Options: o}
	s.sessions = newSessions(o.URL, s.sessionFailed)
	s.login = newLogin(o.URL, o.Login)
	router := echo.New()
	router.HideBanner, router.HidePort = true, true
	router.HTTPErrorHandler = s.fail
	for _, r := range s.routes() {
		router.Add(r.method, r.path, s.guard(r))
		if r.method == http.MethodGet { // the same without the body, which net/http leaves out
			router.Add(http.MethodHead, r.path, s.guard(r))
		}
	}
	for prefix, handler := range o.Mounts {
		router.Any(prefix+"*", s.guard(route{path: prefix + "*", who: anyone, handle: echo.WrapHandler(handler)}))
	}
	return s.around(router)
}

type server struct {
	Options
	login    *login
	sessions *scs.SessionManager
}
