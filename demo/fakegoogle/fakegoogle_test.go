package fakegoogle

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
)

var files = fstest.MapFS{
	"mobile/1.json":   {Data: []byte(`{"deviceId": "1", "email": ["fry@example.com"], "serialNumber": "ABCD1", "imei": "357164099163035", "applications": []}`)},
	"mobile/2.json":   {Data: []byte(`{"deviceId": "2", "email": ["leela@example.com"], "serialNumber": "ABCD2", "brand": "fry"}`)},
	"chromeos/3.json": {Data: []byte(`{"deviceId": "3", "serialNumber": "5CD3407QLM", "recentUsers": [{"email": "leela@example.com"}, {"email": "fry@example.com"}]}`)},
}

// assertion writes a JWT of these claims with a signature that nobody looks at.
func assertion(claims string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
}

// post asks for a token.
func post(google http.Handler, grant, jwt string) *httptest.ResponseRecorder {
	form := url.Values{"grant_type": {grant}, "assertion": {jwt}}
	r := httptest.NewRequest(http.MethodPost, "/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	google.ServeHTTP(w, r)
	return w
}

const grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// tokenFor gets a token with these scopes.
func tokenFor(t *testing.T, google http.Handler, scopes string) string {
	t.Helper()
	w := post(google, grant, assertion(`{"iss": "a@b", "sub": "reader@example.com", "scope": "`+scopes+`", "iat": 1, "exp": 2}`))
	var body struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body.AccessToken == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return body.AccessToken
}

func get(google http.Handler, address, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, address, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	google.ServeHTTP(w, r)
	return w
}

func TestTokensNeedAnAssertion(t *testing.T) {
	google := New(files)
	for _, test := range []struct{ says, grant, jwt, want string }{
		{"another grant", "password", assertion(`{}`), "unsupported_grant_type"},
		{"no JWT", grant, "abc", "invalid_grant"},
		{"a JWT without claims", grant, "a.!.c", "invalid_grant"},
		{"a JWT that does not last", grant, assertion(`{"iss": "a", "sub": "b", "scope": "c", "iat": 2, "exp": 2}`), "invalid_grant"},
		{"nobody to act for", grant, assertion(`{"iss": "a", "scope": "c", "iat": 1, "exp": 2}`), "unauthorized_client"},
		{"no scope", grant, assertion(`{"iss": "a", "sub": "b", "iat": 1, "exp": 2}`), "invalid_scope"},
	} {
		t.Run(test.says, func(t *testing.T) {
			if w := post(google, test.grant, test.jwt); w.Code != 400 || !strings.Contains(w.Body.String(), test.want) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

func TestSearches(t *testing.T) {
	google := New(files)
	token := tokenFor(t, google, scope+"mobile.readonly "+scope+"chromeos.readonly")
	const both = "1 2"
	for _, test := range []struct{ says, list, query, want string }{
		{"no query finds all", "mobile", "", both},
		{"an email", "mobile", "email:fry@example.com", "1"},
		{"the beginning of an email, as Google's match is fuzzy", "mobile", "email:FRY", "1"},
		{"the beginning of a serial number", "mobile", "serial:abcd*", both},
		{"an IMEI without its check digit", "mobile", "imei:35716409916303*", "1"},
		{"two conditions that one device meets", "mobile", "serial:ABCD email:fry@example.com", "1"},
		{"two conditions that none meets", "mobile", "serial:ABCD2 email:fry@example.com", ""},
		{"a word anywhere", "mobile", "fry", both},
		{"a value in quotes", "mobile", `email:"fry@example.com"`, "1"},
		{"a user who was not the last", "chromeos", "recent_user:fry@example.com", "3"},
		{"part of a serial number", "chromeos", "id:3407", "3"},
		{"two characters of a serial number", "chromeos", "id:34", "400"},
		{"a field that there is not", "mobile", "colour:red", "400"},
		{"a field without a value", "mobile", "email: fry", "400"},
		{"a quote that does not end", "mobile", `email:"fry`, "400"},
	} {
		t.Run(test.says, func(t *testing.T) {
			w := get(google, "/admin/directory/v1/customer/my_customer/devices/"+test.list+"?query="+url.QueryEscape(test.query), token)
			if got := found(t, w); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

// found returns the IDs in an answer, or its status if that is no success.
func found(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code != 200 {
		return fmt.Sprint(w.Code)
	}
	var page struct{ MobileDevices, ChromeOSDevices []struct{ DeviceID string } }
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range append(page.MobileDevices, page.ChromeOSDevices...) {
		ids = append(ids, d.DeviceID)
	}
	return strings.Join(ids, " ")
}

func TestRefusals(t *testing.T) {
	google := New(files)
	token := tokenFor(t, google, scope+"mobile.readonly")
	const mobile = "/admin/directory/v1/customer/my_customer/devices/mobile"
	for _, test := range []struct {
		says, address, token string
		status               int
		reason               string
	}{
		{"no token", mobile, "", 401, "authError"},
		{"a made-up token", mobile, "fake-access-token-99", 401, "authError"},
		{"a token for the other list", strings.Replace(mobile, "mobile", "chromeos", 1), token, 403, "insufficientPermissions"},
		{"a page that is too long", mobile + "?maxResults=101", token, 400, "invalid"},
		{"another organisation", strings.Replace(mobile, "my_customer", "x", 1), token, 400, "invalid"},
		{"a page token of somebody's making", mobile + "?pageToken=x", token, 400, "invalid"},
		{"another address", "/admin", token, 404, "notFound"},
	} {
		t.Run(test.says, func(t *testing.T) {
			w := get(google, test.address, test.token)
			var body struct {
				Error struct {
					Code   int
					Errors []struct{ Reason string }
				}
			}
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
				t.Fatal(err)
			}
			if w.Code != test.status || body.Error.Code != test.status || body.Error.Errors[0].Reason != test.reason {
				t.Errorf("%d %s, want %d %s", w.Code, w.Body, test.status, test.reason)
			}
		})
	}
}

func TestPagesAndProjections(t *testing.T) {
	google := New(files)
	token := tokenFor(t, google, scope+"mobile")
	const mobile = "/admin/directory/v1/customer/my_customer/devices/mobile?maxResults=1"
	first := get(google, mobile+"&projection=FULL", token)
	var page struct{ NextPageToken string }
	if err := json.Unmarshal(first.Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	second := get(google, mobile+"&pageToken="+url.QueryEscape(page.NextPageToken), token)
	if found(t, first) != "1" || found(t, second) != "2" || strings.Contains(second.Body.String(), "nextPageToken") {
		t.Errorf("pages %s and %s", first.Body, second.Body)
	}
	if !strings.Contains(first.Body.String(), "applications") || strings.Contains(second.Body.String(), "serialNumber") {
		t.Errorf("projections %s and %s", first.Body, second.Body)
	}
}

func TestKeysAreNew(t *testing.T) {
	var a, b map[string]string
	if json.Unmarshal(Key(), &a) != nil || json.Unmarshal(Key(), &b) != nil {
		t.Fatal("a key is no JSON")
	}
	if a["private_key"] == b["private_key"] || a["token_uri"] != TokenURL {
		t.Error("two keys are one, or name another endpoint")
	}
}
