package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"stethoscope/posture"
	"stethoscope/views"
)

func (s *server) overview(c echo.Context) error {
	who := s.personOf(c)
	found := s.Lookup.Ask(c.Request().Context(), who)
	checkups := s.Practices.Judge(found.Devices, s.Now())
	return show(c, http.StatusOK, views.Overview(views.OverviewPage{
		Frame: s.frame(c, who, "overview", checkups), Checkups: checkups,
		Troubles: found.Troubles, Sources: found.Sources, CheckedAt: found.At,
	}))
}

func (s *server) devices(c echo.Context) error {
	who := s.personOf(c)
	found := s.Lookup.Ask(c.Request().Context(), who)
	checkups := s.Practices.Judge(found.Devices, s.Now())
	return show(c, http.StatusOK, views.Devices(views.DevicesPage{
		Frame: s.frame(c, who, "devices", checkups), Checkups: checkups,
		Troubles: found.Troubles, Sources: found.Sources, CheckedAt: found.At,
		Open: c.QueryParam("open"), All: c.QueryParam("view") == "print",
		Visitor: visitorPlatform(c.Request()), Checked: c.QueryParam("checked"),
	}))
}

// device shows one of the person's own devices. Somebody else's is not found:
// it is never looked for.
func (s *server) device(c echo.Context) error {
	who := s.personOf(c)
	found := s.Lookup.Ask(c.Request().Context(), who)
	checkups := s.Practices.Judge(found.Devices, s.Now())
	for _, checkup := range checkups {
		if checkup.Device.HasID(c.Param("id")) {
			return show(c, http.StatusOK, views.Device(views.DevicePage{
				Frame: s.frame(c, who, "devices", checkups), Checkup: checkup, Others: checkups,
				Troubles: found.Troubles, Sources: found.Sources, CheckedAt: found.At,
				Visitor: visitorPlatform(c.Request()), Checked: c.QueryParam("checked"),
			}))
		}
	}
	return &problem{Status: http.StatusNotFound}
}

func (s *server) help(c echo.Context) error {
	return show(c, http.StatusOK, views.Help(views.HelpPage{Frame: s.frame(c, s.personOf(c), "help", nil), Sources: s.Lookup.Sources()}))
}

// theme keeps the choice between light and dark in a cookie, so that the
// server writes it into the page and nothing flashes.
func (s *server) theme(c echo.Context) error {
	if _, err := c.FormParams(); err != nil {
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			return &problem{Status: http.StatusRequestEntityTooLarge}
		}
		return &problem{Status: http.StatusBadRequest}
	}
	theme := c.FormValue("theme")
	cookie := &http.Cookie{Name: "theme", Value: theme, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.URL.Scheme == "https"}
	switch theme {
	case "light", "dark":
	case "system":
		cookie.Value, cookie.MaxAge = "", -1
	default:
		return &problem{Status: http.StatusBadRequest, Detail: "The theme is system, light or dark."}
	}
	c.SetCookie(cookie)
	return c.Redirect(http.StatusSeeOther, safeReturn(c.FormValue("return")))
}

// frame is what surrounds every page.
func (s *server) frame(c echo.Context, who posture.Person, current string, checkups []posture.Checkup) views.Frame {
	f := views.Frame{
		Site: s.Site, Person: who, SignedIn: who.Email != "", Current: current,
		Demo: s.Demo, Now: s.Now(), Zone: s.Zone, Path: safeReturn(c.Request().URL.RequestURI()),
	}
	if cookie, err := c.Cookie("theme"); err == nil && (cookie.Value == "light" || cookie.Value == "dark") {
		f.Theme = cookie.Value
	}
	for _, checkup := range checkups {
		f.FixNow += checkup.Count(posture.Critical)
	}
	return f
}

// show sends a page. One that breaks while it is drawn is an error page, not
// half a page: nothing leaves before it is whole.
func show(c echo.Context, status int, page templ.Component) error {
	c.Response().Header().Set("Content-Type", "text/html; charset=utf-8")
	return views.Render(c.Request().Context(), whole{c.Response(), status}, page)
}

// whole sends a body of one piece with its status and length.
type whole struct {
	http.ResponseWriter
	status int
}

func (w whole) Write(body []byte) (int, error) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(w.status)
	return w.ResponseWriter.Write(body)
}
