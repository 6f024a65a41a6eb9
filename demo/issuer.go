package demo

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// IssuerPath is where the issuer stands below the demo's own address.
const IssuerPath = "/demo/issuer"

// ClientID is the only client that the issuer knows.
const ClientID = "stethoscope-demo"

// An issuer is an OpenID provider that asks for no password: it signs in the
// person named by login_hint, or the default one. Everything else about it is
// as the standards say, so the service's own login code is what runs.
type issuer struct {
	key    *ecdsa.PrivateKey
	signer jose.Signer

	mu      sync.Mutex
	address string // "http://127.0.0.1:8080/demo/issuer", known once we listen
	person  string // who is signed in when nobody is named
	codes   map[string]grant
}

// A grant is what a code stands for; it is good once and for a minute.
type grant struct {
	email, nonce, challenge, redirect string
	ends                              time.Time
}

// mostGrants bounds what is kept for codes that nobody fetched.
const mostGrants = 1000

func newIssuer() *issuer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "demo"}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		panic(err) // the key above is of the algorithm above
	}
	return &issuer{key: key, signer: signer, codes: map[string]grant{}}
}

// Issuer tells the issuer its own address and who is signed in by default, and
// returns its address.
func (d *Doors) Issuer(service *url.URL, person string) string {
	d.issuer.mu.Lock()
	defer d.issuer.mu.Unlock()
	d.issuer.address, d.issuer.person = service.JoinPath(IssuerPath).String(), person
	return d.issuer.address
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + strings.TrimPrefix(r.URL.Path, IssuerPath) {
	case "GET /.well-known/openid-configuration":
		i.metadata(w)
	case "GET /keys":
		writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &i.key.PublicKey, KeyID: "demo", Algorithm: string(jose.ES256), Use: "sig"}}})
	case "GET /authorize":
		i.authorize(w, r)
	case "POST /token":
		i.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (i *issuer) metadata(w http.ResponseWriter) {
	i.mu.Lock()
	address := i.address
	i.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": address, "authorization_endpoint": address + "/authorize", "token_endpoint": address + "/token", "jwks_uri": address + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
		"code_challenge_methods_supported": []string{"S256"}, "authorization_response_iss_parameter_supported": true,
		"scopes_supported": []string{"openid", "email", "profile"}, "token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
	})
}

func (i *issuer) authorize(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	q := r.URL.Query()
	service := strings.TrimSuffix(i.address, IssuerPath)
	if q.Get("client_id") != ClientID || q.Get("redirect_uri") != service+"/login/callback" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" {
		http.Error(w, "This is no sign-in that the demo began.", http.StatusBadRequest)
		return
	}
	email := q.Get("login_hint")
	if _, known := Find(email); !known {
		email = i.person
	}
	if len(i.codes) >= mostGrants {
		clear(i.codes)
	}
	code := rand.Text()
	i.codes[code] = grant{email, q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri"), time.Now().Add(time.Minute)}
	back := url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {i.address}}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusSeeOther)
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	g, ok := i.codes[r.FormValue("code")]
	delete(i.codes, r.FormValue("code"))
	proof := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || time.Now().After(g.ends) || g.redirect != r.FormValue("redirect_uri") || base64.RawURLEncoding.EncodeToString(proof[:]) != g.challenge {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	who, _ := Find(g.email)
	now := time.Now()
	idToken, err := jwt.Signed(i.signer).Claims(map[string]any{
		"iss": i.address, "aud": ClientID, "sub": "demo|" + who.Email, "email": who.Email, "email_verified": true, "name": who.Name,
		"nonce": g.nonce, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}).Serialize()
	if err != nil {
		http.Error(w, "The token could not be signed.", http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300, "id_token": idToken})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client went away
}
