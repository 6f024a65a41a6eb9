package app

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"stethoscope/config"
	"stethoscope/demo"
	"stethoscope/plugins"
	"stethoscope/posture"
	"stethoscope/web"
)

// endless is an answer of 200 MB that counts what was read of it.
type endless struct {
	left int
	read *atomic.Int64
}

func (e *endless) Read(b []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(b), e.left)
	for i := range b[:n] {
		b[i] = 'x'
	}
	e.left -= n
	e.read.Add(int64(n))
	return n, nil
}

func (*endless) Close() error { return nil }

type answering func(*http.Request) (*http.Response, error)

func (f answering) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A finder answers for a source and fails on the way.
type finder func(posture.Clues) ([]posture.Report, error)

func (f finder) Find(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
	return f(clues)
}

func TestACheckupFailsOnlyIfNobodyAnswered(t *testing.T) {
	partly := func(clues posture.Clues) ([]posture.Report, error) {
		if clues.Email == "" {
			return nil, plugins.ErrUnreachable
		}
		serial, _ := posture.Serial("C02PARTLY1")
		return []posture.Report{{Key: "1", Identifiers: []posture.Identifier{serial}, Owners: []string{clues.Email}, SeenAt: demo.Clock, Claims: []posture.Claim{posture.Name.Is("Half a Mac")}}}, plugins.ErrUnreachable
	}
	none := func(posture.Clues) ([]posture.Report, error) { return nil, plugins.ErrUnreachable }
	empty := func(posture.Clues) ([]posture.Report, error) { return nil, nil }
	for _, c := range []struct {
		name         string
		jamf, google finder
		code         int
		troubles     int
	}{
		{"both answered a part", partly, partly, 0, 2},
		{"one answered a part", partly, none, 0, 2},
		{"one knows of nothing", none, empty, 0, 1},
		{"nobody answered", none, none, 1, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			plugin := func(name string, f finder) plugins.Plugin {
				return plugins.Plugin{Name: name, Title: name, OwnerAuthority: true, Open: func(plugins.Env, config.Block) (plugins.Source, error) { return f, nil }}
			}
			var out, problems bytes.Buffer
			parts := Parts{Plugins: []plugins.Plugin{plugin("jamf", c.jamf), plugin("google", c.google)}, Practices: ours.Practices}
			code := Run(t.Context(), parts, []string{"checkup", "sam.rivera@example.com", "--demo"}, &out, &problems)
			if code != c.code || strings.Count(problems.String(), "\n") != c.troubles {
				t.Errorf("exit %d, want %d; says %s%s", code, c.code, &problems, &out)
			}
		})
	}
}

func TestAbuse88_ABadAnswerOfOneVendorIsANoticeAndTheOthersAreShown(t *testing.T) {
	const email = "sam.rivera@example.com"
	var read atomic.Int64
	body := func(text string) io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }
	for _, c := range []struct {
		name, want string
		status     int
		body       func() io.ReadCloser
	}{
		{"cut short", "garbled", 200, func() io.ReadCloser { return body(`{"totalCount": 1, "results": [{"id": "1", "general": {"na`) }},
		{"a web page", "garbled", 200, func() io.ReadCloser { return body("<html>" + email + "</html>") }},
		{"of the wrong type", "garbled", 200, func() io.ReadCloser { return body(`["` + email + `"]`) }},
		{"200 MB long", "garbled", 200, func() io.ReadCloser { return &endless{200 << 20, &read} }},
		{"empty", "garbled", 200, func() io.ReadCloser { return body("") }},
		{"an error with personal data", "busy", 500, func() io.ReadCloser { return body(`{"error": "no ` + email + `"}`) }},
		{"a refusal with a credential", "refused", 403, func() io.ReadCloser { return body(`{"token": "canary-token"}`) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _, err := demoDoors()
			if err != nil {
				t.Fatal(err)
			}
			whole := d.http
			d.http = func(source string) http.RoundTripper {
				if source != "jamf" {
					return whole(source)
				}
				return answering(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, "/oauth/token") {
						return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: body(`{"access_token":"canary-token","token_type":"Bearer","expires_in":60}`), Request: r}, nil
					}
					return &http.Response{StatusCode: c.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: c.body(), Request: r}, nil
				})
			}
			var log bytes.Buffer
			command := &command{parts: ours}
			h, err := command.build(demoConfiguration(), d, slog.New(web.WithRequestIDs(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			if err != nil {
				t.Fatal(err)
			}
			answer := h.desk.Ask(t.Context(), posture.Person{Email: email})
			if len(answer.Troubles) != 1 || answer.Troubles[0].Source.Name != "jamf" || answer.Troubles[0].Kind.String() != c.want {
				t.Errorf("the troubles are %+v, want jamf=%s", answer.Troubles, c.want)
			}
			if len(answer.Devices) != 1 || answer.Devices[0].Name() != "Pixel 8" {
				t.Errorf("the devices of the other source are not shown: %d", len(answer.Devices))
			}
			if !strings.Contains(log.String(), `"source":"jamf"`) {
				t.Errorf("the log does not name the source: %s", &log)
			}
			for _, secret := range []string{email, "canary", "demo-secret"} {
				if strings.Contains(log.String(), secret) {
					t.Errorf("the log has %s: %s", secret, &log)
				}
			}
		})
	}
	// Both inventories of Jamf are asked, and neither is read to its end.
	if read.Load() > 2*33<<20 {
		t.Errorf("%d MiB of the endless answers were read", read.Load()>>20)
	}
}
