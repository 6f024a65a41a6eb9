package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"stethoscope/posture"
	"stethoscope/static"
)

// An access says who may open an address. The zero access is nobody, so a
// route that forgets to say is refused.
type access uint8

const (
	nobody  access = iota
	anyone         // no sign-in: nothing personal is there
	person         // whoever is signed in, in a browser; others get the sign-in page
	program        // the API: whoever is signed in; others get 401
)

type route struct {
	method, path string
	who          access
	handle       echo.HandlerFunc
}

// routes is every address of the service.
func (s *server) routes() []route {
	routes := []route{
		{http.MethodGet, "/", person, s.overview},
		{http.MethodGet, "/devices", person, s.devices},
		{http.MethodGet, "/devices/:id", person, s.device},
		{http.MethodGet, "/help", anyone, s.help},
		{http.MethodPost, "/theme", anyone, s.theme},

		{http.MethodGet, "/login", anyone, s.startLogin},
		{http.MethodGet, "/login/callback", anyone, s.finishLogin},
		{http.MethodGet, "/logout", anyone, s.signedOut},
		{http.MethodPost, "/logout", anyone, s.logout},

		{http.MethodGet, "/api/v1/devices/merged/:email", program, s.apiDevices},

		{http.MethodGet, "/healthz", anyone, s.healthz},
		{http.MethodGet, "/readyz", anyone, s.readyz},
		{http.MethodGet, "/static/*", anyone, echo.WrapHandler(static.Handler())},
	}
	for _, r := range routes {
		if slices.Contains(slashed, r.path) {
			routes = append(routes, route{http.MethodGet, r.path + "/", r.who, withoutSlash})
		}
	}
	return routes
}

// slashed are the pages that people write with a slash at the end.
var slashed = []string{"/devices", "/devices/:id", "/help"}

// withoutSlash leads to the page itself. Its address is put together from the
// route, so nothing of a request ("//evil.example/") can lead elsewhere.
func withoutSlash(c echo.Context) error {
	target := strings.Replace(strings.TrimSuffix(c.Path(), "/"), ":id", url.PathEscape(plainParam(c, "id")), 1)
	if query := c.Request().URL.RawQuery; query != "" {
		target += "?" + query
	}
	return c.Redirect(http.StatusTemporaryRedirect, target)
}

// guard lets a request through to the handler if the route's access allows it.
func (s *server) guard(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		noteRoute(c.Request().Context(), r.path)
		switch r.who {
		case anyone:
			return r.handle(c)
		case person, program:
			if s.personOf(c).Email != "" {
				return r.handle(c)
			}
			if r.who == program {
				return &problem{Status: http.StatusUnauthorized, Detail: "Sign in first."}
			}
			return s.askToSignIn(c)
		}
		return &problem{Status: http.StatusForbidden}
	}
}

// personOf returns who is signed in; nobody's Email is empty. No parameter of a
// request can name another person.
func (s *server) personOf(c echo.Context) posture.Person {
	ctx := c.Request().Context()
	return posture.Person{
		Subject: s.sessions.GetString(ctx, "subject"),
		Email:   s.sessions.GetString(ctx, "email"),
		Name:    s.sessions.GetString(ctx, "name"),
	}
}
