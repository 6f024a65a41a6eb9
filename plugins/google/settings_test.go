package google

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"stethoscope/config"
	"stethoscope/plugins"
)

// openWith opens the plugin with an HTTP client that fails the test: opening holds
// no conversation.
func openWith(t *testing.T, yaml, key string) error {
	t.Helper()
	client := &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		t.Error("opening the plugin asks somebody")
		return nil, errors.New("nobody there")
	})}
	_, err := Plugin.Open(plugins.Env{HTTP: client, Now: time.Now}, block(t, yaml, key))
	return err
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

const rightSettings = "act_as: reader@example.com\ncredentials: env:KEY\n"

func TestSettings(t *testing.T) {
	key := keyWith(t, nil)
	for _, test := range []struct {
		says string
		yaml string
		want string // how the problems begin; empty if all is well
	}{
		{"two keys are enough", rightSettings, ""},
		{"http on this machine is allowed", rightSettings + "url: http://127.0.0.1:8080", ""},
		{"a customer ID is allowed", rightSettings + "customer: C01ab2cd3", ""},
		{"nothing at all", "{}", "act_as: must be the email|credentials: must be the JSON key"},
		{"everything is wrong, and said at once", "customer: a/b\nact_as: reader\ncredentials: env:NONE\nurl: http://example.com", "credentials: the environment variable NONE|customer: |act_as: |url: must be an https"},
		{"an unknown key", rightSettings + "custmer: x", "custmer: unknown key; did you mean customer?"},
		{"http elsewhere", rightSettings + "url: http://admin.googleapis.com", "url: "},
		{"an address with a query", rightSettings + "url: https://example.com/?a=b", "url: "},
		{"an address with a password", rightSettings + "url: https://a:b@example.com", "url: "},
		{"a credential in the file itself", "act_as: reader@example.com\ncredentials: abc", "credentials: a secret is given as env:NAME"},
		{"a customer that climbs the address", rightSettings + "customer: ../x", "customer: "},
	} {
		t.Run(test.says, func(t *testing.T) { checkProblems(t, openWith(t, test.yaml, key), test.want) })
	}
}

// checkProblems compares problems with the wanted beginnings of their lines.
func checkProblems(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("problems: %v", err)
		}
		return
	}
	var problems config.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error %v, want problems", err)
	}
	wanted := strings.Split(want, "|")
	if len(problems) != len(wanted) {
		t.Fatalf("problems:\n%v\nwant %q", err, wanted)
	}
	for i, w := range wanted {
		if !strings.HasPrefix(problems[i].String(), w) {
			t.Errorf("problem %q, want %q", problems[i], w)
		}
	}
}

func TestKeys(t *testing.T) {
	privateOf := func(bits int) string {
		private, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)}))
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curveBytes, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	with := func(changes map[string]any) string { return keyWith(t, changes) }
	for _, test := range []struct {
		says string
		key  string
		want string
	}{
		{"as Google hands it out", with(nil), ""},
		{"with a private key in the older form", with(map[string]any{"private_key": privateOf(2048)}), ""},
		{"without a token_uri, which then is Google's", with(map[string]any{"token_uri": nil}), ""},
		{"text that is no JSON", "hunter2-PRIVATE", "credentials"},
		{"a key of another kind", with(map[string]any{"type": "authorized_user"}), "credentials"},
		{"without an account and a private key", with(map[string]any{"client_email": nil, "private_key": nil}), "credentials|credentials"},
		{"with a token_uri that is not safe", with(map[string]any{"token_uri": "http://oauth2.example.com/token"}), "credentials"},
		{"with a damaged private key", with(map[string]any{"private_key": "-----BEGIN PRIVATE KEY-----\nhunter2=\n-----END PRIVATE KEY-----\n"}), "credentials"},
		{"with a private key of a curve", with(map[string]any{"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: curveBytes}))}), "credentials"},
		{"with a private key that is too short", with(map[string]any{"private_key": privateOf(1024)}), "credentials"},
	} {
		t.Run(test.says, func(t *testing.T) {
			err := openWith(t, rightSettings, test.key)
			checkProblems(t, err, test.want)
			if err != nil && (strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "BEGIN") || strings.Contains(err.Error(), "oauth2.example.com")) {
				t.Errorf("%v repeats the key", err)
			}
		})
	}
}

func TestSettingsExampleOpens(t *testing.T) {
	text, err := os.ReadFile("settings.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b, err := config.Parse(text, config.Resolver{File: func(path string) ([]byte, error) { return newKey(), nil }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Plugin.Open(plugins.Env{HTTP: new(http.Client), Now: time.Now}, b.Without("plugin", "name", "owner_authority")); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"customer", "act_as", "credentials", "url", "chromeos_locks_on_sleep"} {
		if b.At(name).Empty() {
			t.Errorf("the example does not show %s", name)
		}
	}
}

// decodeClaims reads the claims of a JWT.
func decodeClaims(t *testing.T, assertion string) map[string]any {
	t.Helper()
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		t.Fatalf("an assertion of %d parts", len(parts))
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(text, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}
