package jamf

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"stethoscope/config"
	"stethoscope/demo/fakejamf"
	"stethoscope/plugins"
	"stethoscope/posture"
)

// recordingDay is the hour at which the samples were taken.
var recordingDay = time.Date(2026, time.November, 22, 4, 22, 0, 0, time.UTC)

const secret = "correct-horse-battery-staple"

func samples() fs.FS { return os.DirFS("../../sample-data/jamf") }

// server is a Jamf Pro server in memory, with everything that it was asked.
type server struct {
	http.Handler

	mutex    sync.Mutex
	requests []*http.Request
}

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mutex.Lock()
	s.requests = append(s.requests, r)
	s.mutex.Unlock()
	incoming := r.Clone(r.Context())
	if incoming.Body == nil {
		incoming.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, incoming)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}

// asked returns the requests to paths that contain this.
func (s *server) asked(part string) []*http.Request {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var found []*http.Request
	for _, r := range s.requests {
		if strings.Contains(r.URL.Path, part) {
			found = append(found, r)
		}
	}
	return found
}

func (s *server) filters(part string) []string {
	var filters []string
	for _, r := range s.asked(part) {
		filters = append(filters, r.URL.Query().Get("filter"))
	}
	slices.Sort(filters)
	return filters
}

// opened is a source with its server, its log and its clock.
type opened struct {
	plugins.Source
	server *server
	log    *bytes.Buffer
	now    time.Time
}

// open opens the plugin as the house does, on a server that answers with handler.
func open(t testing.TB, handler http.Handler, more ...string) *opened {
	t.Helper()
	o := &opened{server: &server{Handler: handler}, log: new(bytes.Buffer), now: recordingDay}
	var mutex sync.Mutex
	env := plugins.Env{
		Name: "jamf",
		HTTP: &http.Client{
			Transport:     o.server,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		Log: slog.New(slog.NewTextHandler(&lockedWriter{&mutex, o.log}, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now: func() time.Time { return o.now },
	}
	settings := "url: https://example.jamfcloud.com\nclient_id: test\nclient_secret: env:SECRET\n" + strings.Join(more, "\n")
	source, err := Plugin.Open(env, parse(t, settings))
	if err != nil {
		t.Fatal(err)
	}
	o.Source = source
	return o
}

type lockedWriter struct {
	mutex *sync.Mutex
	into  *bytes.Buffer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.into.Write(p)
}

func parse(t testing.TB, yaml string) config.Block {
	t.Helper()
	block, err := config.Parse([]byte(yaml), config.Resolver{Env: func(name string) (string, bool) {
		return secret, name == "SECRET" || name == "JAMF_CLIENT_SECRET"
	}})
	if err != nil {
		t.Fatal(err)
	}
	return block
}

// find asks, and checks what must be true of every answer.
func (o *opened) find(t testing.TB, clues posture.Clues) ([]posture.Report, error) {
	t.Helper()
	reports, err := o.Find(context.Background(), clues)
	for _, r := range reports {
		mustKeepContract(t, r)
		if !plugins.Matches(clues, r) {
			t.Errorf("%s was returned and not asked for", r.Key)
		}
	}
	for _, said := range []string{fmt.Sprint(err), o.log.String()} {
		for _, never := range []string{secret, "fakejamf-token", "@example.com", "%40example.com", "userAndLocation.email"} {
			if strings.Contains(said, never) {
				t.Errorf("%q stands in an error or the log: %s", never, said)
			}
		}
	}
	return reports, err
}

func mustKeepContract(t testing.TB, r posture.Report) {
	t.Helper()
	if r.Source != (posture.Source{}) {
		t.Error("the plugin speaks in a source's name; lookup stamps it")
	}
	if !strings.HasPrefix(r.Key, "computer/") && !strings.HasPrefix(r.Key, "mobile/") {
		t.Errorf("key %q", r.Key)
	}
	seen := map[string]bool{}
	for _, c := range r.Claims {
		if !slices.Contains(Plugin.Claims, c.Fact) || seen[c.Fact] || c.Value == nil {
			t.Errorf("%s claims %s, which is not declared, claimed twice or empty", r.Key, c.Fact)
		}
		seen[c.Fact] = true
	}
	for _, id := range r.Identifiers {
		if id == (posture.Identifier{}) {
			t.Errorf("%s has an empty identifier", r.Key)
		}
	}
}

func keys(reports []posture.Report) string {
	var all []string
	for _, r := range reports {
		all = append(all, r.Key)
	}
	return strings.Join(all, " ")
}

func byEmail(email string) posture.Clues { return posture.Clues{Email: email} }

func byIdentifiers(t testing.TB, ids ...posture.Identifier) posture.Clues {
	t.Helper()
	return posture.Clues{Identifiers: ids}
}

func must(t testing.TB) func(posture.Identifier, bool) posture.Identifier {
	return func(id posture.Identifier, ok bool) posture.Identifier {
		t.Helper()
		if !ok {
			t.Fatal("the test's identifier is not one")
		}
		return id
	}
}

// records is a folder of records for fakejamf.
func records(computers, mobileDevices []string) fs.FS {
	files := fstest.MapFS{}
	for i, record := range computers {
		files[fmt.Sprintf("computers/%05d.json", i)] = &fstest.MapFile{Data: []byte(record)}
	}
	for i, record := range mobileDevices {
		files[fmt.Sprintf("mobile-devices/%05d.json", i)] = &fstest.MapFile{Data: []byte(record)}
	}
	return files
}

// except answers some paths otherwise than Jamf would.
func except(jamf http.Handler, part string, otherwise http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, part) {
			otherwise(w, r)
			return
		}
		jamf.ServeHTTP(w, r)
	})
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func fake(o fakejamf.Options) http.Handler { return fakejamf.NewWith(samples(), o) }
