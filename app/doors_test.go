package app

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAbuse88_ACredentialFollowsNoRedirect(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var asked []string
		d := doors{http: func(string) http.RoundTripper {
			return answering(func(r *http.Request) (*http.Response, error) {
				asked = append(asked, r.URL.Host)
				if agent := r.Header.Get("User-Agent"); !strings.HasPrefix(agent, "Stethoscope/") {
					t.Errorf("it calls itself %q", agent)
				}
				return &http.Response{StatusCode: status, Header: http.Header{"Location": {"https://evil.example/"}}, Body: http.NoBody, Request: r}, nil
			})
		}}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://vendor.example.com/token", strings.NewReader("secret"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer canary")
		answer, err := d.client("jamf").Do(request)
		if err != nil || answer.StatusCode != status {
			t.Fatalf("%d: %v", status, err)
		}
		answer.Body.Close()
		if len(asked) != 1 || asked[0] != "vendor.example.com" {
			t.Errorf("%d led to %v", status, asked)
		}
	}
}

// A client that sends or reads byte by byte must not hold a connection for ever.
func TestTheServerWaitsForNobodyForEver(t *testing.T) {
	s := newServer(http.NotFoundHandler(), 4*time.Second, slog.New(slog.DiscardHandler))
	for name, c := range map[string]struct{ got, least, most time.Duration }{
		"for headers":              {s.ReadHeaderTimeout, time.Second, 10 * time.Second},
		"for a body":               {s.ReadTimeout, s.ReadHeaderTimeout, 30 * time.Second},
		"for an answer to be read": {s.WriteTimeout, s.ReadTimeout + 4*time.Second, time.Minute},
		"for the next request":     {s.IdleTimeout, time.Second, 2 * time.Minute},
	} {
		if c.got < c.least || c.got > c.most {
			t.Errorf("it waits %v %s", c.got, name)
		}
	}
	if s.MaxHeaderBytes < 4<<10 || s.MaxHeaderBytes > 64<<10 {
		t.Errorf("it takes %d bytes of headers", s.MaxHeaderBytes)
	}
	if patient := newServer(nil, time.Minute, slog.New(slog.DiscardHandler)); patient.WriteTimeout <= time.Minute {
		t.Errorf("a page that waits a minute for its sources has %v to be written", patient.WriteTimeout)
	}
}

func TestCheckSaysWhatIsWrongWithTheLoginProvider(t *testing.T) {
	const right = `{"issuer": "http://127.0.0.1:8080/demo/issuer", "authorization_endpoint": "x", "token_endpoint": "x", "jwks_uri": "x"}`
	for _, c := range []struct {
		name   string
		status int
		body   string
		err    error
		want   string
	}{
		{"it is right", 200, right, nil, "ok"},
		{"no connection", 0, "", io.ErrUnexpectedEOF, "can’t be reached; look at its address and the network between"},
		{"it is not there", 404, "<html>canary", nil, "answered 404 Not Found where its configuration should be; look at login.issuer"},
		{"it is elsewhere", 302, "", nil, "answered 302 Found where its configuration should be; look at login.issuer"},
		{"a web page", 200, "<html>canary", nil, "answered with something else than expected (it is a web page, not JSON)"},
		{"something else", 200, `{"canary": true}`, nil, "answered with something else than an OpenID configuration; look at login.issuer"},
		{"plain PKCE alone", 200, strings.Replace(right, "{", `{"code_challenge_methods_supported": ["plain"], `, 1), nil, "does not offer PKCE with S256, which signing in needs"},
		{"another issuer", 200, strings.Replace(right, "8080", "9090", 1), nil, `calls itself "http://127.0.0.1:9090/demo/issuer"; write exactly that as login.issuer, if it is the one you mean`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			command := &command{parts: ours, demo: true, out: &out}
			h, err := command.open(quiet())
			if err != nil {
				t.Fatal(err)
			}
			h.doors.login = answering(func(r *http.Request) (*http.Response, error) {
				if want := "http://127.0.0.1:8080/demo/issuer/.well-known/openid-configuration"; r.URL.String() != want {
					t.Errorf("it asks for %s, want %s", r.URL, want)
				}
				if c.err != nil {
					return nil, c.err
				}
				return &http.Response{StatusCode: c.status, Header: http.Header{"Location": {"https://evil.example/"}}, Body: io.NopCloser(strings.NewReader(c.body)), Request: r}, nil
			})
			err = command.reach(t.Context(), h)
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if last := lines[len(lines)-1]; !strings.HasPrefix(last, "login: "+c.want+" (") || !strings.HasSuffix(last, " ms)") {
				t.Errorf("check says %q, want %q", last, c.want)
			}
			if stopped, failed := err.(*stop); failed != (c.want != "ok") || failed && stopped.code != 1 {
				t.Errorf("check ends with %#v", err)
			}
		})
	}
}
