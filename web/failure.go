package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"stethoscope/views"
)

// A problem is an error with one plain sentence for outside and its cause for
// the log. To programs it is written as RFC 9457.
type problem struct {
	Status int
	Detail string // for the person or program; may be empty
	Err    error  // the cause, for the log alone
}

func (p *problem) Error() string {
	text := strconv.Itoa(p.Status) + " " + http.StatusText(p.Status)
	if p.Err != nil {
		text += ": " + p.Err.Error()
	}
	return text
}

func (p *problem) Unwrap() error { return p.Err }

// problemJSON is the body of RFC 9457, with the request ID for asking us.
type problemJSON struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail,omitempty"`
	RequestID string `json:"request_id"`
}

// fail answers a request that came to nothing: a page for people, JSON for
// programs, the cause in the log, the request ID in all three.
func (s *server) fail(err error, c echo.Context) {
	p := &problem{Status: http.StatusInternalServerError, Err: err}
	var ours *problem
	var echos *echo.HTTPError
	switch {
	case errors.As(err, &ours):
		p = ours
	case errors.As(err, &echos):
		p = &problem{Status: echos.Code, Err: echos.Internal}
	}
	ctx := c.Request().Context()
	if p.Status >= 500 {
		s.Log.ErrorContext(ctx, "request failed", "status", p.Status, "error", p.Err)
	} else if p.Err != nil {
		s.Log.InfoContext(ctx, "request refused", "status", p.Status, "error", p.Err)
	}
	if c.Response().Committed {
		return
	}
	if isAPI(c.Request()) {
		err = writeProblem(c.Response(), p, RequestID(ctx))
	} else {
		err = show(c, p.Status, views.Error(views.ErrorPage{
			Frame: s.frame(c, s.personOf(c), "", nil), Status: p.Status, Detail: p.Detail, RequestID: RequestID(ctx),
		}))
	}
	if err != nil {
		s.Log.InfoContext(ctx, "the answer could not be sent", "error", err)
	}
}

func writeProblem(w http.ResponseWriter, p *problem, requestID string) error {
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="stethoscope"`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	return json.NewEncoder(w).Encode(problemJSON{
		Type: "about:blank", Title: http.StatusText(p.Status), Status: p.Status, Detail: p.Detail, RequestID: requestID,
	})
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// sessionFailed answers a request whose session could not be read or kept. It
// happens outside the router, so it needs nothing of the house.
func (s *server) sessionFailed(w http.ResponseWriter, r *http.Request, err error) {
	s.Log.ErrorContext(r.Context(), "the session could not be read or kept", "error", err)
	http.Error(w, "Something broke on our side. Nothing you did. Error ID "+RequestID(r.Context())+".", http.StatusInternalServerError)
}
