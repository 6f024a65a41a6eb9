package web

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestAbuse36_NoOtherSiteMayReadTheAPI(t *testing.T) {
	s := start(t)
	browser := s.as(t, "ada@example.com")
	for _, origin := range []string{"https://evil.example", "null", "http://localhost:3000", s.URL, "https://evil.example, " + s.URL} {
		for _, method := range []string{http.MethodGet, http.MethodOptions} {
			p := s.do(t, browser, method, "/api/v1/devices/merged/ada@example.com", nil, http.Header{
				"Origin": {origin}, "Access-Control-Request-Method": {"GET"}, "Access-Control-Request-Headers": {"authorization"}, "Access-Control-Request-Private-Network": {"true"},
			})
			for name := range p.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s from %s gets %s: %s", method, origin, name, p.Header.Get(name))
				}
			}
			if p.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
				t.Errorf("%s from %s may be embedded", method, origin)
			}
		}
	}
}

func TestAbuse39_NoHeaderSignsSomebodyIn(t *testing.T) {
	s := start(t)
	for _, header := range []http.Header{
		{"X-Forwarded-User": {"ada@example.com"}}, {"X_Forwarded_User": {"ada@example.com"}}, {"X-Forwarded-Email": {"ada@example.com"}}, {"X_forwarded_email": {"ada@example.com"}},
		{"X-Forwarded-Preferred-Username": {"ada@example.com"}}, {"X-Auth-Request-User": {"ada@example.com"}}, {"X-Auth-Request-Email": {"ada@example.com"}}, {"Remote-User": {"ada@example.com"}},
		{"X-Goog-Authenticated-User-Email": {"accounts.google.com:ada@example.com"}}, {"Authorization": {"Basic YWRhQGV4YW1wbGUuY29tOg=="}}, {"Authorization": {"Bearer ada@example.com"}},
		{"X-Forwarded-Uri": {"/help"}}, {"X-Original-Url": {"/healthz"}}, {"X-Rewrite-Url": {"/healthz"}}, {"X-Original-Uri": {"/static/app.css"}}, {"X-Http-Method-Override": {"OPTIONS"}},
		{"User-Agent": {"kube-probe/1.31"}}, {"User-Agent": {"GoogleHC/1.0"}}, {"User-Agent": {"ELB-HealthChecker/2.0"}},
		{"X-Forwarded-For": {"127.0.0.1"}}, {"X-Real-Ip": {"127.0.0.1"}}, {"Forwarded": {"for=127.0.0.1;host=evil.example;proto=https"}},
	} {
		for _, path := range []string{"/", "/devices", "/devices/" + adas.ID(), "/api/v1/devices/merged/ada@example.com"} {
			if p := s.do(t, s.browser(), http.MethodGet, path, nil, header); p.StatusCode != http.StatusUnauthorized || strings.Contains(p.text, "Ada’s Mac") {
				t.Errorf("%s with %v: %d", path, header, p.StatusCode)
			}
		}
	}
	p := s.do(t, s.browser(), http.MethodGet, "/login", nil, http.Header{"Forwarded": {"host=evil.example;proto=https"}, "X-Forwarded-Port": {"666"}, "X-Forwarded-Prefix": {"/evil"}, "X-Original-Host": {"evil.example"}})
	if to := p.Header.Get("Location"); strings.Contains(to, "evil") || strings.Contains(to, "666") || !strings.Contains(to, url.QueryEscape(s.URL+"/login/callback")) {
		t.Errorf("sign-in comes back to %s", to)
	}
}

func TestAbuse42_NoSpellingOfAPathPassesTheDoor(t *testing.T) {
	s := start(t)
	ada := s.as(t, "ada@example.com")
	api := "api/v1/devices/merged/ada@example.com"
	for _, path := range []string{
		"//" + api, "///" + api, "/./" + api, "/%2e/" + api, "/%2e%2e/" + api, "/static/../" + api, "/static/%2e%2e/" + api, "/static/..%2f" + api, "/healthz/../" + api, "/healthz/%2e%2e/" + api,
		"/help/..;/" + api, "/;x/" + api, "/%2f" + api, "/%61pi/v1/devices/merged/ada@example.com", "/API/v1/devices/merged/ada@example.com", "/" + api + "/", "/" + api + ";x", "/" + api + "%00", "/" + api + "%23", "/" + api + "%3fx",
		"//devices", "/devices/", "/devices;x", "/devices/;x", "/devices%00", "/devices/%00", "/%64evices", "/DEVICES", "/devices%2f" + adas.ID(), "/devices/" + adas.ID() + "/", "/devices/" + adas.ID() + ";x", "/devices/" + adas.ID() + "%00",
		"/static/..%2fdevices", "/static/%2e%2e/devices", "/login/../devices", "/login/%2e%2e/devices", "/healthz%2f..%2fdevices", "/healthz;/devices", "/devices?x=/healthz", "/devices?/static/app.css", "/devices#/healthz", "/;", "/?/healthz", "/%20", "/index.html", "/.",
	} {
		p := s.get(t, s.browser(), path)
		if p.StatusCode < 400 || strings.Contains(p.text, "Ada") || strings.Contains(p.text, "C02ADA") {
			t.Errorf("signed out, %s answers %d to %q", path, p.StatusCode, p.Header.Get("Location"))
		}
		if p := s.get(t, ada, strings.ReplaceAll(path, "ada@", "eve@")); strings.Contains(p.text, "Eve’s Mac") || strings.Contains(p.text, "C02EVE") {
			t.Errorf("signed in, %s shows somebody else", path)
		}
	}
	for path, want := range map[string]int{"ada%40example.com": 200, "Ada%40Example.com": 200, "%61da@example.com": 200, "eve%40example.com": 403, "ada%2540example.com": 403, "ada%40example.com%00": 403, "%65ve@example.com": 403} {
		if p := s.get(t, ada, "/api/v1/devices/merged/"+path); p.StatusCode != want || strings.Contains(p.text, "Eve’s Mac") {
			t.Errorf("%s: %d, want %d", path, p.StatusCode, want)
		}
	}
}

func TestAbuse57_AnErrorNeverAnswersWithTheRequestsMarkup(t *testing.T) {
	s := start(t)
	const markup = "<script>alert(1)</script>"
	escaped := url.PathEscape(markup)
	for _, browser := range []*http.Client{s.browser(), s.as(t, "ada@example.com")} {
		for _, c := range []struct {
			method, path string
			form         url.Values
			header       http.Header
		}{
			{"GET", "/" + escaped, nil, nil}, {"GET", "/devices/" + escaped, nil, nil}, {"GET", "/devices?open=" + escaped + "&checked=" + escaped + "&view=" + escaped, nil, nil}, {"GET", "/?" + escaped, nil, nil},
			{"GET", "/static/" + escaped, nil, nil}, {"GET", "/api/" + escaped, nil, nil}, {"GET", "/api/v1/devices/merged/" + escaped, nil, nil},
			{"GET", "/login?return=" + escaped + "&login_hint=" + escaped, nil, nil}, {"GET", "/login/callback?state=" + escaped + "&error=" + escaped + "&error_description=" + escaped, nil, nil},
			{"POST", "/theme", url.Values{"theme": {markup}, "return": {markup}}, http.Header{"Sec-Fetch-Site": {"same-origin"}}},
			{"POST", "/theme", url.Values{"theme": {"dark"}}, http.Header{"Origin": {markup}}},
			{"PUT", "/" + escaped, nil, http.Header{"Sec-Fetch-Site": {"same-origin"}}}, {"GET", "/help", nil, http.Header{"Host": {"evil.example"}, "Referer": {markup}}},
			{"GET", "/help", nil, http.Header{"Cookie": {"theme=" + markup}}}, {"GET", "/help", nil, http.Header{"User-Agent": {markup}, "Sec-Ch-Ua-Platform": {markup}}},
		} {
			p := s.do(t, browser, c.method, c.path, c.form, c.header)
			if strings.Contains(p.text, "alert(1)") || strings.Contains(p.Header.Get("Location"), "<") {
				t.Errorf("%s %s repeats the markup: %s", c.method, c.path, p.text)
			}
			if p.Header.Get("X-Content-Type-Options") != "nosniff" && p.StatusCode != http.StatusMisdirectedRequest || strings.Contains(p.Header.Get("Content-Type"), "svg") {
				t.Errorf("%s %s: %v", c.method, c.path, p.Header)
			}
			if kind := p.Header.Get("Content-Type"); strings.HasPrefix(c.path, "/api/") && kind != "application/problem+json" {
				t.Errorf("%s %s answers with %q", c.method, c.path, kind)
			}
		}
	}
}

func TestAbuse60_AHostileRequestIsOneLineInTheLog(t *testing.T) {
	for _, request := range []string{
		"GET /devices/%0d%0a%7b%22level%22:%22ERROR%22%7d%1b%5b31mSECRET HTTP/1.1\r\nUser-Agent: x\"}{\\n\\r\x85\xe2\x80\xa8SECRET\r\n",
		"GET /help?x=%e2%80%a8SECRET&%00 HTTP/1.1\r\nUser-Agent: \t{\"SECRET\":1}\xff\xfe\r\nX-Request-Id: SECRET\r\n",
		"SECRET!%|~ /%0aSECRET HTTP/1.1\r\nReferer: https://evil.example/SECRET\r\nCookie: session=SECRET; login=SECRET\r\n",
		"GET /login/callback?state=SECRET%0a&code=SECRET&error=SECRET HTTP/1.1\r\nUser-Agent: SECRET\r\n",
		"GET /api/v1/devices/merged/SECRET%0a@example.com HTTP/1.1\r\nAuthorization: Bearer SECRET\r\n",
	} {
		s := start(t)
		connection, err := net.Dial("tcp", s.address.Host)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintf(connection, "%sHost: %s\r\nConnection: close\r\n\r\n", request, s.address.Host)
		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		connection.Close()
		s.Close() // the line is written once the answer has left
		var about int
		lines := strings.Split(strings.TrimSuffix(s.log.String(), "\n"), "\n")
		for _, line := range lines {
			var fields map[string]any
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				t.Errorf("%q: %v in %q", request, err, line)
			}
			if fields["msg"] == "request" {
				about++
			}
		}
		if about != 1 || strings.Contains(s.log.String(), "SECRET") || strings.ContainsAny(s.log.String(), "\x1b\r\u2028\u0085") {
			t.Errorf("%q (%d): %d lines: %s", request, answer.StatusCode, about, s.log)
		}
	}
}

func TestLocalhostLeadsOnlyToAPathOfOurs(t *testing.T) {
	ours := &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}
	never := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was answered") })
	for _, c := range []struct {
		name string
		asks *url.URL
		want string
	}{
		{"a path", &url.URL{Path: "/devices", RawQuery: "open=x"}, "http://127.0.0.1:8080/devices?open=x"},
		{"a path as it was sent", &url.URL{Path: "/a b/c", RawPath: "/a%20b%2fc"}, "http://127.0.0.1:8080/a%20b%2fc"},
		{"what is no path", &url.URL{Scheme: "a", Opaque: "@evil.example/"}, ""},
		{"two slashes", &url.URL{Path: "//evil.example/"}, ""},
		{"nothing", &url.URL{}, ""},
		{"a path without a slash", &url.URL{Path: "@evil.example/"}, ""},
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host, r.URL = "localhost:8080", c.asks
		onlyHost(ours, never).ServeHTTP(w, r)
		if got := w.Header().Get("Location"); got != c.want || c.want == "" && w.Code != http.StatusMisdirectedRequest {
			t.Errorf("%s: %d to %q", c.name, w.Code, got)
		}
	}
}

func TestAPageRepeatsNothingOfAQueryThatIsNotItsOwn(t *testing.T) {
	s := start(t)
	browser := s.as(t, "ada@example.com")
	for _, path := range []string{"/devices?zzz=C02GUESS", "/devices?open=C02GUESS", "/?C02GUESS", "/devices/C02GUESS", "/help?x=C02GUESS&view=C02GUESS", "/C02GUESS"} {
		if p := s.get(t, browser, path); strings.Contains(p.text, "C02GUESS") {
			t.Errorf("%s repeats it", path)
		}
	}
	if p := s.get(t, browser, "/devices?open=a-b&zzz=1"); !strings.Contains(p.text, `value="/devices?open=a-b"`) {
		t.Error("a switch of theme does not come back to the open fold")
	}
}
