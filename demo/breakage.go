package demo

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A breakage is a way for a source to fail, so that anybody can see what the
// page says then. The zero breakage is none.
type breakage string

const (
	down    breakage = "down"    // no connection
	slow    breakage = "slow"    // answers, but long after everybody's patience
	refused breakage = "refused" // refuses our credentials
	garbled breakage = "garbled" // answers with a web page
	hang    breakage = "hang"    // never answers
)

// slowness is longer than the patience of demo.yaml.
const slowness = 10 * time.Second

func parseBreakage(text string, sources []string) (map[string]breakage, error) {
	broken := map[string]breakage{}
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		source, way, _ := strings.Cut(part, ":")
		if !slices.Contains(sources, source) {
			return nil, fmt.Errorf("STETHOSCOPE_DEMO_BREAK: the demo has no source %q; it has %s", source, strings.Join(sources, ", "))
		}
		b := breakage(way)
		if !slices.Contains([]breakage{down, slow, refused, garbled, hang}, b) {
			return nil, fmt.Errorf("STETHOSCOPE_DEMO_BREAK: %q is no way to break; use down, slow, refused, garbled or hang", way)
		}
		broken[source] = b
	}
	return broken, nil
}

func (b breakage) of(whole http.RoundTripper) http.RoundTripper {
	if b == "" {
		return whole
	}
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		switch b {
		case down:
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		case refused:
			return answer(r, http.StatusUnauthorized, "application/json", `{"error":"invalid_client"}`), nil
		case garbled:
			return answer(r, http.StatusOK, "text/html", "<!doctype html><title>Maintenance</title><p>Back soon.</p>"), nil
		case slow:
			select {
			case <-time.After(slowness):
				return whole.RoundTrip(r)
			case <-r.Context().Done():
			}
		}
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(r *http.Request, status int, kind, body string) *http.Response {
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}
}
