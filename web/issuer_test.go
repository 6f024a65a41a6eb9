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
	"github.com/go-jose/go-jose/v4"
)

// A testIssuer is an OpenID provider whose tokens a test can spoil.
type testIssuer struct {
	*httptest.Server
	key *ecdsa.PrivateKey
	// metadata changes what discovery tells; answer takes the place of what an
	// address ("/keys") answers with.
	metadata func(map[string]any)
	answer   map[string]http.HandlerFunc
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
	i := &testIssuer{key: key, answer: map[string]http.HandlerFunc{}, grants: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.configuration)
	mux.HandleFunc("GET /keys", i.keys)
	mux.HandleFunc("POST /token", i.token)
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer, ok := i.answer[r.URL.Path]; ok {
			answer(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(i.Close)
	return i
}

// sharedKey is one that the issuer gives to everybody who asks for its keys.
var sharedKey = []byte("a key that is not secret, with which anybody could sign")

func (i *testIssuer) keys(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: i.key.Public(), KeyID: "k"}, {Key: otherKey.Public(), KeyID: "p384"}, {Key: sharedKey, KeyID: "shared"}}})
}

// otherKey is the issuer's too, for a signature that we don't take.
var otherKey, _ = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)

func (i *testIssuer) configuration(w http.ResponseWriter, _ *http.Request) {
	m := map[string]any{
		"issuer": i.URL, "authorization_endpoint": i.URL + "/auth", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{oidc.ES256, oidc.ES384, "HS256", "none"},
	}
	if i.metadata != nil {
		i.metadata(m)
	}
	writeJSON(w, m)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
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
	if !ok || base64.RawURLEncoding.EncodeToString(proof[:]) != asked.Get("code_challenge") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"canary"}`))
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
	writeJSON(w, map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": sign(string(text))})
}

// absent marks a claim that is not there at all, other than null.
var absent = new(int)
