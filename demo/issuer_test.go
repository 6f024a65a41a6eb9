package demo

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	service  = "http://127.0.0.1:8080"
	verifier = "a-verifier-of-at-least-forty-three-characters-is-asked-for"
)

func opened(t *testing.T) *issuer {
	t.Helper()
	address, err := url.Parse(service)
	if err != nil {
		t.Fatal(err)
	}
	d := &Doors{issuer: newIssuer()}
	if got := d.Issuer(address, People()[0].Email); got != service+IssuerPath {
		t.Fatalf("the issuer is at %s", got)
	}
	return d.issuer
}

// authorize starts a sign-in with some parameters changed, and returns the
// status and where the browser is sent.
func authorize(i *issuer, change url.Values) (int, url.Values) {
	proof := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {ClientID}, "redirect_uri": {service + "/login/callback"}, "response_type": {"code"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(proof[:])}, "code_challenge_method": {"S256"},
	}
	for key, values := range change {
		q[key] = values
	}
	w := httptest.NewRecorder()
	i.ServeHTTP(w, httptest.NewRequest(http.MethodGet, IssuerPath+"/authorize?"+q.Encode(), nil))
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code == http.StatusSeeOther && to.Scheme+"://"+to.Host+to.Path != service+"/login/callback" {
		return w.Code, url.Values{"sent": {w.Header().Get("Location")}}
	}
	return w.Code, to.Query()
}

// fetch exchanges a code with some parameters changed, and returns the status
// and the claims of the ID token.
func fetch(t *testing.T, i *issuer, code string, change url.Values) (int, map[string]any) {
	t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {service + "/login/callback"}, "code_verifier": {verifier}}
	for key, values := range change {
		form[key] = values
	}
	r := httptest.NewRequest(http.MethodPost, IssuerPath+"/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	i.ServeHTTP(w, r)
	var answer struct {
		Error   string `json:"error"`
		IDToken string `json:"id_token"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if w.Code != http.StatusOK {
		if answer.Error != "invalid_grant" || answer.IDToken != "" {
			t.Errorf("a refusal says %s", w.Body)
		}
		return w.Code, nil
	}
	parts := strings.Split(answer.IDToken, ".")
	if len(parts) != 3 {
		t.Fatalf("no ID token: %s", w.Body)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return w.Code, claims
}

func TestTheIssuerSignsInWhoeverIsNamedAndElseTheDefault(t *testing.T) {
	i := opened(t)
	for hint, want := range map[string]string{"": People()[0].Email, "ada.okafor@example.com": "ada.okafor@example.com", "eve@example.com": People()[0].Email} {
		status, back := authorize(i, url.Values{"login_hint": {hint}})
		if status != http.StatusSeeOther || back.Get("state") != "s" || back.Get("iss") != service+IssuerPath || back.Get("code") == "" {
			t.Fatalf("%q: %d %v", hint, status, back)
		}
		status, claims := fetch(t, i, back.Get("code"), nil)
		if status != http.StatusOK || claims["email"] != want || claims["nonce"] != "n" || claims["aud"] != ClientID || claims["iss"] != service+IssuerPath {
			t.Errorf("%q: %d %v", hint, status, claims)
		}
	}
}

func TestASignInThatTheDemoDidNotBeginIsRefused(t *testing.T) {
	i := opened(t)
	for name, change := range map[string]url.Values{
		"another client":           {"client_id": {"other"}},
		"another place to return":  {"redirect_uri": {"https://evil.example/login/callback"}},
		"another path to return":   {"redirect_uri": {service + "/login/callback/../../x"}},
		"a host that begins alike": {"redirect_uri": {service + ".evil.example/login/callback"}},
		"a token in the address":   {"response_type": {"id_token"}},
		"a plain challenge":        {"code_challenge_method": {"plain"}},
		"no challenge":             {"code_challenge": {""}},
	} {
		if status, back := authorize(i, change); status != http.StatusBadRequest || len(back) > 0 || len(i.codes) > 0 {
			t.Errorf("%s: %d, sent back with %v, %d codes kept", name, status, back, len(i.codes))
		}
	}
}

func TestACodeIsGoodOnceForWhoAskedForIt(t *testing.T) {
	for _, c := range []struct {
		name   string
		first  url.Values
		status int
	}{
		{"used twice", nil, http.StatusOK},
		{"with another verifier", url.Values{"code_verifier": {verifier + "x"}}, http.StatusBadRequest},
		{"without a verifier", url.Values{"code_verifier": {""}}, http.StatusBadRequest},
		{"with another place to return", url.Values{"redirect_uri": {service + "/login/other"}}, http.StatusBadRequest},
		{"with a code that was never given", url.Values{"code": {"other"}}, http.StatusBadRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := opened(t)
			_, back := authorize(i, nil)
			if status, _ := fetch(t, i, back.Get("code"), c.first); status != c.status {
				t.Errorf("the first answer is %d, want %d", status, c.status)
			}
			if c.first.Get("code") != "" {
				return // the code itself was not shown
			}
			if status, _ := fetch(t, i, back.Get("code"), nil); status != http.StatusBadRequest {
				t.Errorf("the code is good again: %d", status)
			}
		})
	}
}

func TestACodeEndsAfterAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := opened(t)
		_, early := authorize(i, nil)
		_, late := authorize(i, nil)
		time.Sleep(time.Minute)
		if status, _ := fetch(t, i, early.Get("code"), nil); status != http.StatusOK {
			t.Errorf("within the minute the answer is %d", status)
		}
		time.Sleep(time.Nanosecond)
		if status, _ := fetch(t, i, late.Get("code"), nil); status != http.StatusBadRequest {
			t.Errorf("after the minute the answer is %d", status)
		}
	})
}

func TestCodesThatNobodyFetchesAreBounded(t *testing.T) {
	i := opened(t)
	for range 3*mostGrants + 1 {
		authorize(i, nil)
		if len(i.codes) > mostGrants {
			t.Fatalf("%d codes are kept", len(i.codes))
		}
	}
	_, back := authorize(i, nil)
	if status, _ := fetch(t, i, back.Get("code"), nil); status != http.StatusOK {
		t.Errorf("then nobody gets in: %d", status)
	}
}

func TestTheSwitchKnowsTheDemosPeopleAlone(t *testing.T) {
	handler := (&Doors{issuer: opened(t)}).Handler()
	for email, want := range map[string]string{"ada.okafor@example.com": "303 /login?login_hint=ada.okafor%40example.com&return=%2Fdevices", "eve@example.com": "400 ", "": "400 "} {
		r := httptest.NewRequest(http.MethodPost, "/demo/as", strings.NewReader(url.Values{"email": {email}, "return": {"/devices"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if got := fmt.Sprintf("%d %s", w.Code, w.Header().Get("Location")); got != want {
			t.Errorf("%q: got %s, want %s", email, got, want)
		}
	}
}
