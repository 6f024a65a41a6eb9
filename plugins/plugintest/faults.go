package plugintest

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"stethoscope/plugins"
	"stethoscope/plugins/inmemory"
)

// A fault is one way in which a vendor fails.
type fault struct {
	name string
	// answer is what the vendor says instead. It repeats the person's email and
	// our secrets, as vendors' error pages do.
	answer func(s *Suite) http.RoundTripper
	// want are the errors that name the trouble rightly.
	want []error
	// quiet says that the plugin may take the answer for "nothing there".
	quiet bool
	// large says that the answer is so long that it is not sent at every step.
	large bool
}

// elsewhere is the host to which a fault redirects.
const elsewhere = "elsewhere.invalid"

// longAnswer is how much an answer without an end is ready to send: enough to
// see whether a plugin stops at plugins.MaxAnswer.
const longAnswer = plugins.MaxAnswer + plugins.MaxAnswer/4

// anyWord are all errors that tell the page what kind of trouble it is.
var anyWord = []error{plugins.ErrRefused, plugins.ErrGarbled, plugins.ErrUnreachable, plugins.ErrBusy, plugins.ErrNotFound}

// unread are the errors for what cannot be read. A token endpoint's garbled
// answer counts as no connection where the OAuth library hides what it was.
var unread = []error{plugins.ErrGarbled, plugins.ErrUnreachable}

var faults = []fault{
	{name: "401 Unauthorized", answer: status(http.StatusUnauthorized, nil), want: []error{plugins.ErrRefused}},
	{name: "403 Forbidden", answer: status(http.StatusForbidden, nil), want: []error{plugins.ErrRefused}},
	{name: "404 Not Found", answer: status(http.StatusNotFound, nil), want: anyWord, quiet: true},
	{name: "429 with Retry-After", answer: status(http.StatusTooManyRequests, http.Header{"Retry-After": {"3600"}}), want: []error{plugins.ErrBusy}},
	{name: "500 Internal Server Error", answer: status(http.StatusInternalServerError, nil), want: []error{plugins.ErrBusy}},
	{name: "503 Service Unavailable", answer: status(http.StatusServiceUnavailable, http.Header{"Retry-After": {"30"}}), want: []error{plugins.ErrBusy}},
	{name: "500 without an end", answer: endless(http.StatusInternalServerError), want: []error{plugins.ErrBusy}, large: true},
	{name: "a redirect to another host", answer: status(http.StatusFound, http.Header{"Location": {"https://" + elsewhere + "/"}}), want: anyWord},
	{name: "a redirect that keeps method and body", answer: status(http.StatusTemporaryRedirect, http.Header{"Location": {"https://" + elsewhere + "/"}}), want: anyWord},
	{name: "a web page", answer: text("text/html", func(s *Suite) string {
		return "<!doctype html><title>Sign in</title><p>" + s.Email + " " + s.allSecrets()
	}), want: unread},
	{name: "JSON that is cut short", answer: text("application/json", func(s *Suite) string {
		return `{"email": ` + strconv.Quote(s.Email) + `, "note": "` + s.Stranger
	}), want: unread},
	{name: "fewer bytes than were promised", answer: cutShort, want: unread},
	{name: "an empty body", answer: text("application/json", func(*Suite) string { return "" }), want: unread},
	{name: "JSON text where a record belongs", answer: text("application/json", func(s *Suite) string {
		return strconv.Quote("maintenance, " + s.Email + " " + s.allSecrets())
	}), want: unread},
	{name: "JSON numbers where a record belongs", answer: text("application/json", func(*Suite) string { return "[1, 2]" }), want: unread},
	{name: "an answer without an end", answer: endless(http.StatusOK), want: unread, large: true},
	{name: "a refused connection", answer: refusedConnection, want: []error{plugins.ErrUnreachable}},
}

func (s *Suite) allSecrets() string {
	var all []string
	for _, secret := range s.Secrets {
		all = append(all, secret)
	}
	return strings.Join(all, " ")
}

func status(code int, header http.Header) func(*Suite) http.RoundTripper {
	return func(s *Suite) http.RoundTripper {
		return inmemory.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range header {
				w.Header()[name] = values
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(code)
			_, _ = io.WriteString(w, `{"message": `+strconv.Quote("not for "+s.Email+" with "+s.allSecrets())+`}`)
		}))
	}
}

func text(kind string, body func(s *Suite) string) func(*Suite) http.RoundTripper {
	return func(s *Suite) http.RoundTripper {
		return inmemory.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, body(s))
		}))
	}
}

func cutShort(s *Suite) http.RoundTripper {
	return inmemory.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "4096")
		_, _ = io.WriteString(w, `{"email": `+strconv.Quote(s.Email))
	}))
}

// endless answers with a JSON text that does not end.
func endless(code int) func(*Suite) http.RoundTripper {
	return func(*Suite) http.RoundTripper {
		return inmemory.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(code)
			piece := []byte(strings.Repeat("a", 256<<10))
			_, err := io.WriteString(w, `{"note": "`)
			for sent := 0; err == nil && sent < longAnswer; sent += len(piece) {
				_, err = w.Write(piece)
			}
		}))
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func refusedConnection(*Suite) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: syscall.ECONNREFUSED}
	})
}

// failing asks the vendor until the step-th request, and from there on fails
// for ever: what a vendor does who goes down in the middle of a visit.
type failing struct {
	vendor, fault http.RoundTripper
	step          int64
	asked, failed atomic.Int64
}

func (f *failing) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.asked.Add(1) < f.step {
		return f.vendor.RoundTrip(r)
	}
	f.failed.Add(1)
	return f.fault.RoundTrip(r)
}

// steps are the requests of a healthy visit at which the vendor is made to fail.
func steps(healthy int, large bool) []int64 {
	all := []int64{1}
	for step := 2; step <= min(healthy, 3) && !large; step++ {
		all = append(all, int64(step))
	}
	if last := int64(healthy); last > all[len(all)-1] {
		all = append(all, last)
	}
	return all
}
