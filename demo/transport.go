package demo

import (
	"fmt"
	"net/http"
	"net/url"

	"stethoscope/plugins/inmemory"
)

// hosts reaches a handler by the host that a request names, and nobody else.
type hosts map[string]http.Handler

func (h hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	handler, ok := h[r.URL.Hostname()]
	if !ok {
		return nil, fmt.Errorf("the demo knows no host %s", url.QueryEscape(r.URL.Hostname()))
	}
	return inmemory.Transport(handler).RoundTrip(r)
}
