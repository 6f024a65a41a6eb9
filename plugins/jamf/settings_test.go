package jamf

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stethoscope/plugins"
)

func TestSettings(t *testing.T) {
	good := "url: https://acme.jamfcloud.com\nclient_id: a\nclient_secret: env:SECRET\n"
	for _, test := range []struct {
		sentence string
		yaml     string
		want     []string // the problems, in part
	}{
		{"what is needed is enough", good, nil},
		{"the server may have a path", strings.Replace(good, ".com", ".com:8443/jamf/", 1), nil},
		{"plain http is good enough on the same machine", strings.Replace(good, "https://acme.jamfcloud.com", "http://127.0.0.1:8080", 1), nil},
		{"plain http anywhere else is not", strings.Replace(good, "https", "http", 1), []string{"url: must be https"}},
		{"a name that begins like loopback is not loopback", strings.Replace(good, "https://acme.jamfcloud.com", "http://127.0.0.1.example.com", 1), []string{"url: must be https"}},
		{"the path of the API is not part of the server", strings.Replace(good, ".com", ".com/api", 1), []string{"url: must be the address of the server alone"}},
		{"nor is that of the Classic API", strings.Replace(good, ".com", ".com/JSSResource", 1), []string{"url: must be the address of the server alone"}},
		{"a password in the address is refused and not repeated", strings.Replace(good, "acme", "me:hunter2@acme", 1), []string{"url: must hold no user name or password"}},
		{"an address has no query", strings.Replace(good, ".com", ".com?a=b", 1), []string{"url: must end with the host"}},
		{"an address has a host", strings.Replace(good, "https://acme.jamfcloud.com", "acme", 1), []string{"url: must be an address such as"}},
		{"all that is missing is said at once", "page_size: 10", []string{"url: is missing", "client_id: is missing", "client_secret: is missing"}},
		{"a page has at most 2000 records", good + "page_size: 2001", []string{"page_size: must be between 1 and 2000"}},
		{"a page has at least one", good + "page_size: 0", []string{"page_size: must be between 1 and 2000"}},
		{"a secret is never written out", strings.Replace(good, "env:SECRET", "hunter2", 1), []string{"client_secret: a secret is given as env:NAME"}},
		{"a key that nobody knows is an error", good + "page_sise: 10", []string{"page_sise: unknown key; did you mean page_size?"}},
		{"a purpose that nobody knows is an error", good + "extension_attributes: {screenlock: A}", []string{"extension_attributes.screenlock: unknown key"}},
		{"one extension attribute serves one purpose", good + "extension_attributes: {screen_lock: Lock, remote_login: ' lock '}", []string{"screen_lock and remote_login name the same"}},
		{"several may be left unread", good + "extension_attributes: {screen_lock: '', remote_login: ''}", nil},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			_, err := readSettings(parse(t, test.yaml))
			if err == nil {
				if test.want != nil {
					t.Fatalf("nothing was wrong, want %q", test.want)
				}
				return
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(test.want) {
				t.Fatalf("problems %q, want %q", lines, test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(lines[i], want) {
					t.Errorf("problem %q, want %q", lines[i], want)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("a problem repeats a password")
			}
		})
	}
}

func TestOpenHoldsNoConversation(t *testing.T) {
	o := open(t, http.NotFoundHandler())
	if n := len(o.server.asked("")); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestSettingsExampleOpens(t *testing.T) {
	text, err := os.ReadFile("settings.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	block := parse(t, string(text)).Without("plugin", "name", "owner_authority")
	if _, err := Plugin.Open(plugins.Env{Now: time.Now}, block); err != nil {
		t.Fatal(err)
	}
	s, err := readSettings(block)
	if err != nil || s.ExtensionAttributes != defaultAttributeNames || s.PageSize != 100 {
		t.Errorf("the example does not show the defaults: %+v, %v", s, err)
	}
}

func TestREADMEListsEveryFact(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	told, _, _ := strings.Cut(string(text), "## What it needs")
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(told, -1) {
		listed = append(listed, row[1])
	}
	if !slices.Equal(listed, Plugin.Claims) {
		t.Errorf("the README lists %q, the plugin declares %q", listed, Plugin.Claims)
	}
}
