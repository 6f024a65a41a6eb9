package web

import (
	"fmt"
	"io"
	"net/http"
)

// mostMetadata is the most bytes of an answer from the login provider that are
// read: its metadata, keys and tokens are small, and go-oidc reads without end.
const mostMetadata = 1 << 20

// limitedTransport cuts answers off. One to a GET (for metadata or keys) that is
// not 200 is an error with its status and nothing else: go-oidc makes text of
// the body.
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
	if r.Method == http.MethodGet && answer.StatusCode != http.StatusOK {
		_ = answer.Body.Close()
		return nil, &refusal{status: answer.StatusCode}
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, mostMetadata), answer.Body}
	return answer, nil
}

// A refusal is an answer of the login provider that is not what was asked for.
type refusal struct {
	status int
	code   string // of RFC 6749 §5.2; empty if the answer has none
}

func (r *refusal) Error() string {
	text := fmt.Sprintf("the login provider answered %d", r.status)
	if r.code != "" {
		text += " " + r.code
	}
	return text
}
