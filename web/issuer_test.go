package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

// A testIssuer is an OpenID provider whose tokens a test can spoil.
type testIssuer struct {
	*httptest.Server
	key *ecdsa.PrivateKey
	// spoil changes the claims of the next ID tokens; sign replaces the signing.
	spoil func(claims map[string]any)
	sign  func(claims string) string

	mu     sync.Mutex
	grants map[string]url.Values // by code: the authorization request
}

func newTestIssuer(t *testing.T) *testIssuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "k", Algorithm: oidc.ES256}}, Algorithms: []string{oidc.ES256, "HS256", "none"}}
	i := &testIssuer{key: key, grants: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.Handle("/", keys)
	mux.HandleFunc("POST /token", i.token)
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	keys.SetIssuer(i.URL)
	return i
}

// authorize plays the person at the provider: it takes where the browser was
// sent and returns where the provider sends it back.
func (i *testIssuer) authorize(location string) url.Values {
	u, err := url.Parse(location)
	if err != nil {
		panic(err)
	}
	code := rand.Text()
	i.mu.Lock()
	i.grants[code] = u.Query()
	i.mu.Unlock()
	return url.Values{"code": {code}, "state": {u.Query().Get("state")}, "iss": {i.URL}}
}

func (i *testIssuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	asked, ok := i.grants[r.FormValue("code")]
	delete(i.grants, r.FormValue("code"))
	i.mu.Unlock()
	proof := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	w.Header().Set("Content-Type", "application/json")
	if !ok || base64.RawURLEncoding.EncodeToString(proof[:]) != asked.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	claims := map[string]any{
		"iss": i.URL, "aud": "client", "sub": "user-1", "email": "ada@example.com", "email_verified": true, "name": "Ada Okafor",
		"nonce": asked.Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(),
	}
	if i.spoil != nil {
		i.spoil(claims)
	}
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == absent })
	text, _ := json.Marshal(claims)
	sign := i.sign
	if sign == nil {
		sign = func(claims string) string { return oidctest.SignIDToken(i.key, "k", oidc.ES256, claims) }
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": sign(string(text))})
}

// absent marks a claim that is not there at all, other than null.
var absent = new(int)
