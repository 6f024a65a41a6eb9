package web

import (
	"io"
	"net/http"
)

// mostMetadata is the most bytes of an answer from the login provider that are
// read: its metadata, keys and tokens are small, and go-oidc reads without end.
const mostMetadata = 1 << 20

// limitedTransport cuts answers off.
type limitedTransport struct{ next http.RoundTripper }

func (t limitedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	answer, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, mostMetadata), answer.Body}
	return answer, nil
}
