package google

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"stethoscope/config"
	"stethoscope/demo/fakegoogle"
	"stethoscope/plugins"
	"stethoscope/posture"
)

// now is when the demo's clock stands.
var now = time.Date(2026, 11, 22, 4, 22, 0, 0, time.UTC)

// newKey makes a service account's key once for all tests: RSA keys take a while.
var newKey = sync.OnceValue(fakegoogle.Key)

// keyWith returns a key with some of its fields changed; nil takes a field out.
func keyWith(t *testing.T, changes map[string]any) string {
	t.Helper()
	var file map[string]any
	if err := json.Unmarshal(newKey(), &file); err != nil {
		t.Fatal(err)
	}
	for name, value := range changes {
		if value == nil {
			delete(file, name)
		} else {
			file[name] = value
		}
	}
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// block parses settings; env:KEY is the key.
func block(t *testing.T, yaml, key string) config.Block {
	t.Helper()
	b, err := config.Parse([]byte(yaml), config.Resolver{
		Env: func(name string) (string, bool) { return key, name == "KEY" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A setup is a source, and what it logged.
type setup struct {
	plugins.Source
	log *bytes.Buffer
	url string
}

// connect opens the plugin against a server that plays Google.
func connect(t *testing.T, google http.Handler, more ...string) setup {
	t.Helper()
	server := httptest.NewServer(google)
	t.Cleanup(server.Close)
	key := keyWith(t, map[string]any{"token_uri": server.URL + "/token"})
	s := setup{log: new(bytes.Buffer), url: server.URL}
	yaml := "act_as: reader@example.com\ncredentials: env:KEY\nurl: " + server.URL + "\n" + strings.Join(more, "\n")
	source, err := Plugin.Open(plugins.Env{
		Name: "google", HTTP: server.Client(), Log: slog.New(slog.NewTextHandler(s.log, nil)),
		Now: func() time.Time { return now },
	}, block(t, yaml, key))
	if err != nil {
		t.Fatal(err)
	}
	s.Source = source
	return s
}

// samples plays Google over the demo's records.
func samples() http.Handler { return fakegoogle.New(os.DirFS("../../sample-data/google")) }

// records are files of a fake Google: a path and the JSON in it.
func records(pairs ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for i := 0; i+1 < len(pairs); i += 2 {
		files[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

// answering plays a Google that gives tokens as it should and answers every
// search with this.
func answering(lists http.HandlerFunc) http.Handler {
	return fakegoogle.NewWith(fstest.MapFS{}, fakegoogle.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/token" {
			return false
		}
		lists(w, r)
		return true
	}})
}

// saying answers with a status and a body.
func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// find asks for one person's machines and expects no trouble.
func find(t *testing.T, s plugins.Source, email string) []posture.Report {
	t.Helper()
	reports, err := s.Find(t.Context(), posture.Clues{Email: email})
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

// keys returns the reports' keys.
func keys(reports []posture.Report) []string {
	var all []string
	for _, r := range reports {
		all = append(all, r.Key)
	}
	return all
}

// serial returns the identifier of a serial number.
func serial(t *testing.T, text string) posture.Identifier {
	t.Helper()
	id, ok := posture.Serial(text)
	if !ok {
		t.Fatalf("%q is no serial number", text)
	}
	return id
}

// read returns the value that a report claims for a fact.
func read[T any](r posture.Report, fact posture.Fact[T]) (T, bool) {
	o, ok := fact.In(posture.Device{Reports: []posture.Report{r}})
	return o.Value, ok
}
