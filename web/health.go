package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// healthz says that the process lives, and touches nothing.
func (s *server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says whether the service can work. A source that is broken does not
// make it unready: its absence is shown on the page.
func (s *server) readyz(c echo.Context) error {
	if s.Ready != nil {
		if err := s.Ready(c.Request().Context()); err != nil {
			return c.String(http.StatusServiceUnavailable, err.Error()+"\n")
		}
	}
	return c.String(http.StatusOK, "ready\n")
}
