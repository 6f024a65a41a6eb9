package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"stethoscope/config"
	"stethoscope/lookup"
	"stethoscope/posture"
	"stethoscope/views"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// desk knows devices by email, as lookup does.
type desk map[string][]posture.Device

func (d desk) Ask(_ context.Context, who posture.Person) lookup.Answer {
	if who.Email == "panic@example.com" {
		panic("ada@example.com's serial is C02SECRET")
	}
	return lookup.Answer{Devices: d[who.Email], Sources: d.Sources(), At: noon,
		Troubles: []posture.Trouble{{Source: posture.Source{Name: "landesk", Title: "LANDESK"}, Kind: posture.Slow, Err: errors.New("cause-for-the-log")}}}
}

func (d desk) Sources() []posture.Source {
	return []posture.Source{{Name: "jamf", Title: "Jamf", OwnerAuthority: true}, {Name: "landesk", Title: "LANDESK"}}
}

// judge rates one thing, as practices do.
type judge struct{}

func (judge) Judge(devices []posture.Device, _ time.Time) []posture.Checkup {
	var checkups []posture.Checkup
	for _, d := range devices {
		checkups = append(checkups, posture.Checkup{Device: d, Recommendations: []posture.Recommendation{{
			Key: "encryption", Title: "Disk encryption", Rating: posture.Critical, Headline: "Turn on disk encryption", Saw: "FileVault is off.",
			Advice: &posture.Advice{Why: "Because.", Steps: []string{"Open it.", "Turn it on."}, Minutes: 5}, SeenAt: noon,
			Readings: []posture.Reading{{Source: posture.Source{Name: "jamf", Title: "Jamf"}, Words: "Not encrypted", At: noon}},
		}}})
	}
	return checkups
}

func device(serial, name string) posture.Device {
	id, ok := posture.Serial(serial)
	if !ok {
		panic("no serial: " + serial)
	}
	return posture.Device{Reports: []posture.Report{{
		Source: posture.Source{Name: "jamf", Title: "Jamf", OwnerAuthority: true}, Key: serial, Identifiers: []posture.Identifier{id}, SeenAt: noon,
		Claims: []posture.Claim{posture.Name.Is(name), posture.RunsOn.Is(posture.MacOS), posture.OSVersion.Is("26.1"), posture.Model.Is("MacBook Pro")},
	}}}
}

// A service is the whole web room with an issuer behind it.
type service struct {
	*httptest.Server
	issuer  *testIssuer
	log     *lines
	address *url.URL
}

// lines is a log that may be read while the service writes it.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

var adas, eves = device("C02ADA", "Ada’s Mac"), device("C02EVE", "Eve’s Mac")

func start(t *testing.T, change ...func(*Options)) *service {
	t.Helper()
	s := &service{issuer: newTestIssuer(t), log: &lines{}}
	s.Server = httptest.NewUnstartedServer(nil)
	s.address = &url.URL{Scheme: "http", Host: s.Listener.Addr().String()}
	o := Options{
		URL: s.address, Site: views.Site{Name: "Stethoscope"}, Lookup: desk{"ada@example.com": {adas}, "eve@example.com": {eves}}, Practices: judge{},
		Login: LoginOptions{Issuer: s.issuer.URL, ClientID: "client", ClientSecret: config.NewSecret("canary-client-secret"), Domains: []string{"example.com"}},
		Log:   slog.New(WithRequestIDs(slog.NewJSONHandler(s.log, nil))), Now: func() time.Time { return noon },
	}
	for _, f := range change {
		f(&o)
	}
	s.Config.Handler = New(o)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// browser keeps cookies and follows nothing by itself.
func (s *service) browser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// A page is an answer with its body read.
type page struct {
	*http.Response
	text string
}

func (s *service) get(t *testing.T, browser *http.Client, path string) page {
	t.Helper()
	return s.do(t, browser, http.MethodGet, path, nil, nil)
}

// post sends a form as a browser on our own page does.
func (s *service) post(t *testing.T, browser *http.Client, path string, form url.Values) page {
	t.Helper()
	return s.do(t, browser, http.MethodPost, path, form, http.Header{"Sec-Fetch-Site": {"same-origin"}})
}

func (s *service) do(t *testing.T, browser *http.Client, method, path string, form url.Values, header http.Header) page {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range header {
		r.Header[k] = v
	}
	if host := header.Get("Host"); host != "" {
		r.Host = host
	}
	answer, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page{answer, string(body)}
}

// signIn walks through the whole exchange and returns the last answer.
func (s *service) signIn(t *testing.T, browser *http.Client, from string) page {
	t.Helper()
	started := s.get(t, browser, from)
	if started.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s answers %d: %s", from, started.StatusCode, started.text)
	}
	return s.get(t, browser, "/login/callback?"+s.issuer.authorize(started.Header.Get("Location")).Encode())
}

func (s *service) as(t *testing.T, email string) *http.Client {
	t.Helper()
	browser := s.browser()
	s.issuer.spoil = func(claims map[string]any) { claims["email"] = email }
	if p := s.signIn(t, browser, "/login"); p.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s can't sign in: %d %s", email, p.StatusCode, p.text)
	}
	s.issuer.spoil = nil
	return browser
}

func TestAPersonSignsInAndSeesTheirOwnDevices(t *testing.T) {
	s := start(t)
	browser := s.browser()
	if p := s.get(t, browser, "/devices"); p.StatusCode != http.StatusUnauthorized || !strings.Contains(p.text, `href="/login?return=%2Fdevices"`) || strings.Contains(p.text, "Mac") {
		t.Errorf("signed out, /devices answers %d: %s", p.StatusCode, p.text)
	}
	if p := s.signIn(t, browser, "/login?return=%2Fdevices"); p.Header.Get("Location") != "/devices" {
		t.Fatalf("after signing in: %d to %q", p.StatusCode, p.Header.Get("Location"))
	}
	for _, path := range []string{"/", "/devices", "/devices/" + adas.ID()} {
		p := s.get(t, browser, path)
		if p.StatusCode != http.StatusOK || !strings.Contains(p.text, "Ada’s Mac") || strings.Contains(p.text, "Eve’s Mac") {
			t.Errorf("%s answers %d with Ada's %v, Eve's %v", path, p.StatusCode, strings.Contains(p.text, "Ada’s Mac"), strings.Contains(p.text, "Eve’s Mac"))
		}
		if !strings.Contains(p.text, "LANDESK") {
			t.Errorf("%s does not say that LANDESK did not answer", path)
		}
	}
	if !strings.Contains(s.log.String(), `"route":"/devices/:id"`) {
		t.Errorf("the log does not name the route: %s", s.log)
	}
	for _, personal := range []string{"ada@", "C02ADA", adas.ID(), "canary"} {
		if strings.Contains(s.log.String(), personal) {
			t.Errorf("the log has %s: %s", personal, s.log)
		}
	}
}

func TestImmediatelyLeadsToTheProviderWithoutASignInPage(t *testing.T) {
	s := start(t, func(o *Options) { o.Login.Immediately = true })
	if p := s.get(t, s.browser(), "/devices?view=print"); p.StatusCode != http.StatusSeeOther || p.Header.Get("Location") != "/login?return=%2Fdevices%3Fview%3Dprint" {
		t.Errorf("%d to %q", p.StatusCode, p.Header.Get("Location"))
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	s := start(t)
	browser := s.as(t, "ada@example.com")
	before := browser.Jar.Cookies(s.address)
	if p := s.get(t, browser, "/logout"); p.StatusCode != http.StatusSeeOther || p.Header.Get("Location") != "/" {
		t.Errorf("GET /logout while signed in: %d to %q", p.StatusCode, p.Header.Get("Location"))
	}
	if p := s.post(t, browser, "/logout", url.Values{}); p.Header.Get("Location") != "/logout" || p.Header.Get("Clear-Site-Data") == "" {
		t.Errorf("POST /logout: %d to %q", p.StatusCode, p.Header.Get("Location"))
	}
	if p := s.get(t, browser, "/logout"); p.StatusCode != http.StatusOK || !strings.Contains(p.text, "You are signed out") {
		t.Errorf("after signing out: %d %s", p.StatusCode, p.text)
	}
	browser.Jar.SetCookies(s.address, before) // somebody kept the cookie
	if p := s.get(t, browser, "/"); p.StatusCode != http.StatusUnauthorized {
		t.Errorf("the old cookie still opens /: %d", p.StatusCode)
	}
}

func TestTheAPIAnswersInTheOriginalsShape(t *testing.T) {
	s := start(t)
	browser := s.as(t, "ada@example.com")
	p := s.get(t, browser, "/api/v1/devices/merged/Ada@example.com")
	if p.StatusCode != http.StatusOK || p.Header.Get("X-Stethoscope-Troubles") != "landesk=slow" || p.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Fatalf("%d %v", p.StatusCode, p.Header)
	}
	var got []map[string]any
	if err := json.Unmarshal([]byte(p.text), &got); err != nil {
		t.Fatal(err)
	}
	text, _ := json.MarshalIndent(got[0], "", "  ")
	const want = `{
  "id": "%ID%",
  "identifiers": {
    "serial": "C02ADA"
  },
  "last_sync": "2026-11-22T12:00:00Z",
  "model": "MacBook Pro",
  "name": "Ada’s Mac",
  "os": "Mac OS X",
  "os_version": "26.1",
  "platform": "Mac",
  "practices": {
    "encryption": {
      "description": "Because.",
      "details": "FileVault is off.",
      "directions": "1. Open it.\n1. Turn it on.\n",
      "display": true,
      "last_updated": "2026-11-22T12:00:00Z",
      "observations": [
        {
          "at": "2026-11-22T12:00:00Z",
          "detail": "Not encrypted",
          "source": "jamf",
          "value": false
        }
      ],
      "status": "warn",
      "title": "Disk encryption",
      "value": false
    }
  },
  "serial": "C02ADA",
  "sources": [
    "jamf"
  ],
  "type": "MacBook Pro"
}`
	if string(text) != strings.Replace(want, "%ID%", adas.ID(), 1) {
		t.Errorf("got %s", text)
	}
}

func TestAPIErrorsAreProblems(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		name, path string
		browser    *http.Client
		status     int
	}{
		{"nobody signed in", "/api/v1/devices/merged/ada@example.com", s.browser(), 401},
		{"somebody else's", "/api/v1/devices/merged/eve@example.com", s.as(t, "ada@example.com"), 403},
		{"no such address", "/api/v1/nothing", s.as(t, "ada@example.com"), 404},
	} {
		p := s.get(t, c.browser, c.path)
		var body map[string]any
		if err := json.Unmarshal([]byte(p.text), &body); err != nil {
			t.Errorf("%s: %v in %s", c.name, err, p.text)
		}
		if p.StatusCode != c.status || p.Header.Get("Content-Type") != "application/problem+json" || body["request_id"] != p.Header.Get("X-Request-Id") || body["status"] != float64(c.status) {
			t.Errorf("%s: %d %s %v", c.name, p.StatusCode, p.Header.Get("Content-Type"), body)
		}
		if c.status == 401 && p.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", c.name)
		}
	}
}

func TestAbuse43_SomebodyElsesDeviceIsNotFoundLikeAnyUnknownOne(t *testing.T) {
	s := start(t)
	browser := s.as(t, "ada@example.com")
	blank := func(p page) string { return strings.ReplaceAll(p.text, p.Header.Get("X-Request-Id"), "ID") }
	theirs, unknown := s.get(t, browser, "/devices/"+eves.ID()), s.get(t, browser, "/devices/0123456789abcdef")
	if theirs.StatusCode != 404 || unknown.StatusCode != 404 {
		t.Errorf("theirs %d, unknown %d", theirs.StatusCode, unknown.StatusCode)
	}
	if strings.ReplaceAll(blank(theirs), eves.ID(), "X") != strings.ReplaceAll(blank(unknown), "0123456789abcdef", "X") {
		t.Error("the two pages differ")
	}
}

func TestAbuse46_NoParameterNamesAnotherPerson(t *testing.T) {
	s := start(t)
	browser := s.as(t, "ada@example.com")
	for _, query := range []string{"?email=eve@example.com", "?user=eve@example.com", "?login_hint=eve@example.com"} {
		if p := s.get(t, browser, "/"+query); strings.Contains(p.text, "Eve") || !strings.Contains(p.text, "Ada’s Mac") {
			t.Errorf("/%s shows somebody else", query)
		}
	}
	for _, header := range []string{"X-Forwarded-User", "X-Forwarded-Email", "Remote-User", "X-Auth-Request-Email"} {
		if p := s.do(t, s.browser(), http.MethodGet, "/", nil, http.Header{header: {"eve@example.com"}}); p.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s signs somebody in: %d", header, p.StatusCode)
		}
	}
}

func TestEveryRouteSaysWhoMayOpenItAndCarriesTheHeaders(t *testing.T) {
	s := start(t)
	for _, r := range (&server{}).routes() {
		if r.who == nobody {
			t.Errorf("%s %s does not say who may open it", r.method, r.path)
		}
		path := strings.NewReplacer(":email", "ada@example.com", ":id", adas.ID(), "*", "app.css").Replace(r.path)
		p := s.do(t, s.browser(), r.method, path, url.Values{}, http.Header{"Sec-Fetch-Site": {"same-origin"}})
		if want := map[access]int{person: 401, program: 401}[r.who]; want != 0 && p.StatusCode != want {
			t.Errorf("signed out, %s %s answers %d", r.method, r.path, p.StatusCode)
		}
		policy := pagePolicy
		if strings.HasPrefix(r.path, "/api/") {
			policy = apiPolicy
		}
		for name, want := range map[string]string{"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"} {
			if got := p.Header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q", r.method, r.path, name, got)
			}
		}
		if !strings.HasPrefix(r.path, "/static/") && p.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s may be kept: %q", r.method, r.path, p.Header.Get("Cache-Control"))
		}
		if strings.Contains(policy, "unsafe") {
			t.Error("the policy allows something unsafe")
		}
	}
	if err := (&server{}).guard(route{})(echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder())); err == nil {
		t.Error("a route that does not say who may open it opens")
	}
}

func TestAbuse34_AChangeFromElsewhereIsRefused(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		name   string
		header http.Header
		want   int
	}{
		{"our own page", http.Header{"Sec-Fetch-Site": {"same-origin"}}, 303},
		{"our own page in an old browser", http.Header{"Origin": {s.URL}}, 303},
		{"another site", http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}, 403},
		{"a sibling of our site", http.Header{"Sec-Fetch-Site": {"same-site"}}, 403},
		{"an origin of null", http.Header{"Origin": {"null"}}, 403},
		{"neither header", http.Header{}, 403},
	} {
		browser := s.as(t, "ada@example.com")
		if p := s.do(t, browser, http.MethodPost, "/logout", url.Values{}, c.header); p.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.name, p.StatusCode, c.want)
		}
		signedIn := s.get(t, browser, "/").StatusCode == 200
		if signedIn == (c.want == 303) {
			t.Errorf("%s: signed in afterwards: %v", c.name, signedIn)
		}
	}
}

func TestAbuse38_NoAddressIsBuiltFromWhatARequestClaims(t *testing.T) {
	s := start(t)
	for _, header := range []http.Header{{"Host": {"evil.example"}}, {"Host": {"evil.example"}, "X-Forwarded-Host": {s.address.Host}}} {
		if p := s.do(t, s.browser(), http.MethodGet, "/", nil, header); p.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("%v: %d", header, p.StatusCode)
		}
	}
	p := s.do(t, s.browser(), http.MethodGet, "/login", nil, http.Header{"X-Forwarded-Host": {"evil.example"}, "X-Forwarded-Proto": {"https"}})
	if strings.Contains(p.Header.Get("Location"), "evil") || !strings.Contains(p.Header.Get("Location"), url.QueryEscape(s.URL+"/login/callback")) {
		t.Errorf("sign-in comes back to %s", p.Header.Get("Location"))
	}
	if p := s.do(t, s.browser(), http.MethodGet, "/devices?open=x", nil, http.Header{"Host": {"localhost:1"}}); p.Header.Get("Location") != s.URL+"/devices?open=x" {
		t.Errorf("localhost leads to %q", p.Header.Get("Location"))
	}
	if p := s.do(t, s.browser(), http.MethodGet, "/healthz", nil, http.Header{"Host": {"10.0.0.1:8080"}}); p.StatusCode != 200 {
		t.Errorf("a health check by address: %d", p.StatusCode)
	}
}

func TestAPanicTellsNothingAndNamesTheRequest(t *testing.T) {
	s := start(t)
	p := s.get(t, s.as(t, "panic@example.com"), "/")
	if p.StatusCode != 500 || strings.Contains(p.text, "SECRET") || !strings.Contains(p.text, p.Header.Get("X-Request-Id")) {
		t.Errorf("%d %s", p.StatusCode, p.text)
	}
	if strings.Contains(s.log.String(), "SECRET") || !strings.Contains(s.log.String(), p.Header.Get("X-Request-Id")) {
		t.Errorf("the log: %s", s.log)
	}
}

func TestTheThemeIsKeptAndLeadsBackToOurOwnPages(t *testing.T) {
	s := start(t)
	browser := s.browser()
	if p := s.post(t, browser, "/theme", url.Values{"theme": {"dark"}, "return": {"/help"}}); p.Header.Get("Location") != "/help" {
		t.Errorf("leads to %q", p.Header.Get("Location"))
	}
	if p := s.get(t, browser, "/help"); !strings.Contains(p.text, `data-theme="dark"`) {
		t.Error("the page is not dark")
	}
	s.post(t, browser, "/theme", url.Values{"theme": {"system"}})
	if p := s.get(t, browser, "/help"); strings.Contains(p.text, "data-theme") {
		t.Error("the page does not follow the system")
	}
	if p := s.post(t, browser, "/theme", url.Values{"theme": {`"><script>`}}); p.StatusCode != 400 {
		t.Errorf("an unknown theme: %d", p.StatusCode)
	}
	if p := s.post(t, browser, "/theme", url.Values{"theme": {"dark"}, "return": {"https://evil.example"}}); p.Header.Get("Location") != "/" {
		t.Errorf("leads to %q", p.Header.Get("Location"))
	}
}

func TestReadinessSaysWhy(t *testing.T) {
	s := start(t, func(o *Options) {
		o.Ready = func(context.Context) error { return errors.New("the store does not answer") }
	})
	if p := s.get(t, s.browser(), "/readyz"); p.StatusCode != 503 || p.text != "the store does not answer\n" {
		t.Errorf("%d %q", p.StatusCode, p.text)
	}
	if p := s.get(t, s.browser(), "/healthz"); p.StatusCode != 200 {
		t.Errorf("healthz: %d", p.StatusCode)
	}
}

func TestAskingForTheHeadersAloneIsAnswered(t *testing.T) {
	s := start(t)
	if p := s.do(t, s.browser(), http.MethodHead, "/help", nil, nil); p.StatusCode != 200 || p.text != "" || p.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("%d %q", p.StatusCode, p.text)
	}
}

func TestALargeFormIsRefused(t *testing.T) {
	s := start(t)
	large := strings.Repeat("x", mostForm+1)
	if p := s.post(t, s.browser(), "/theme", url.Values{"theme": {"dark"}, "more": {large}}); p.StatusCode != http.StatusRequestEntityTooLarge || p.Header.Get("Set-Cookie") != "" {
		t.Errorf("%d", p.StatusCode)
	}
	if p := s.post(t, s.browser(), "/theme", url.Values{"theme": {"dark"}, "more": {large[:mostForm-100]}}); p.StatusCode != http.StatusSeeOther {
		t.Errorf("a form that is not too large: %d", p.StatusCode)
	}
}

func TestTheVisitorsPlatformIsReadFromTheBrowser(t *testing.T) {
	for _, c := range []struct {
		hint, agent string
		want        posture.Platform
	}{
		{`"macOS"`, "", posture.MacOS}, {`"Windows"`, "", posture.Windows}, {`"Chrome OS"`, "", posture.ChromeOS},
		{"", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", posture.MacOS},
		{"", "Mozilla/5.0 (Linux; Android 16; Pixel 8)", posture.Android},
		{"", "Mozilla/5.0 (X11; Linux x86_64)", posture.Linux},
		{"", "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X)", posture.IOS},
		{"", "curl/8", posture.UnknownPlatform},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Sec-CH-UA-Platform", c.hint)
		r.Header.Set("User-Agent", c.agent)
		if got := visitorPlatform(r); got != c.want {
			t.Errorf("%q %q: %v, want %v", c.hint, c.agent, got, c.want)
		}
	}
}
