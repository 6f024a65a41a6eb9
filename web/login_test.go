package web

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The numbers are those of the project's list of attacks (docs/security.md).

func TestAbuse1And2_AStateThatIsNotThisBrowsersSignsNobodyIn(t *testing.T) {
	s := start(t)
	victim, attacker := s.browser(), s.browser()
	location := s.get(t, attacker, "/login").Header.Get("Location")
	answer := s.issuer.authorize(location)
	for name, c := range map[string]struct {
		browser *http.Client
		query   url.Values
	}{
		"no state":                      {attacker, url.Values{"code": answer["code"]}},
		"an unknown state":              {attacker, url.Values{"code": answer["code"], "state": {"unknown"}}},
		"the attacker's state and code": {victim, answer},
	} {
		if p := s.get(t, c.browser, "/login/callback?"+c.query.Encode()); p.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, p.StatusCode)
		}
		if p := s.get(t, c.browser, "/"); p.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s signs somebody in", name)
		}
	}
	if p := s.get(t, attacker, "/login/callback?"+answer.Encode()); p.StatusCode != http.StatusSeeOther {
		t.Errorf("the honest answer: %d", p.StatusCode)
	}
	if p := s.get(t, attacker, "/login/callback?"+answer.Encode()); p.StatusCode != http.StatusBadRequest {
		t.Errorf("the same answer again: %d", p.StatusCode)
	}
}

func TestAbuse3To12_AnIDTokenThatIsNotWhollyRightSignsNobodyIn(t *testing.T) {
	unsigned := func(claims string) string {
		return "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + "."
	}
	with := func(algorithm jose.SignatureAlgorithm, keyID string, key any) func(string) string {
		return func(claims string) string {
			signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", keyID))
			if err != nil {
				t.Fatal(err)
			}
			signed, _ := signer.Sign([]byte(claims))
			text, _ := signed.CompactSerialize()
			return text
		}
	}
	set := func(name string, value any) func(map[string]any) {
		return func(claims map[string]any) { claims[name] = value }
	}
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	for _, c := range []struct {
		name  string
		spoil func(map[string]any)
		sign  func(string) string
	}{
		{"3: no nonce", set("nonce", absent), nil},
		{"3: another nonce", set("nonce", "other"), nil},
		{"3: a logout token", set("events", map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}), nil},
		{"6: not signed", nil, unsigned},
		{"6: signed with our client secret", nil, with(jose.HS256, "k", []byte("canary-client-secret-canary-client-secret"))},
		{"6: signed with a key that the issuer shares with everybody", nil, with(jose.HS256, "shared", sharedKey)},
		{"6: signed with the issuer's own key in a way that we don't take", nil, with(jose.ES384, "p384", otherKey)},
		{"7: made for another client", set("aud", "other"), nil},
		{"7: made for another client too", set("aud", []string{"client", "other"}), nil},
		{"7: another authorized party", set("azp", "other"), nil},
		{"8: ended", set("exp", ago(2*time.Minute)), nil},
		{"8: issued long ago", set("iat", ago(time.Hour)), nil},
		{"8: issued in the future", set("iat", ago(-time.Hour)), nil},
		{"9: an empty subject", set("sub", ""), nil},
		{"9: a long subject", set("sub", strings.Repeat("x", 256)), nil},
		{"9: a subject that is a number", set("sub", 7), nil},
		{"10: not said whether verified", set("email_verified", absent), nil},
		{"10: verified false", set("email_verified", false), nil},
		{`10: verified "false"`, set("email_verified", "false"), nil},
		{`10: verified "true" as text`, set("email_verified", "true"), nil},
		{"10: verified 0", set("email_verified", 0), nil},
		{"10: verified null", set("email_verified", nil), nil},
		{"10: verified []", set("email_verified", []string{}), nil},
		{"12: two at signs", set("email", "a@evil@example.com"), nil},
		{"12: quoted", set("email", `"ada"@example.com`), nil},
		{"12: a trailing dot", set("email", "ada@example.com."), nil},
		{"12: a trailing blank", set("email", "ada@example.com "), nil},
		{"12: a null character", set("email", "ada@example.com\x00"), nil},
		{"12: a look-alike", set("email", "аda@example.com"), nil},
		{"12: 321 characters", set("email", strings.Repeat("a", 309)+"@example.com"), nil},
		{"12: none", set("email", absent), nil},
		{"14: another domain that ends alike", set("email", "ada@evilexample.com"), nil},
		{"14: another domain that begins alike", set("email", "ada@example.com.evil"), nil},
		{"another issuer", set("iss", "https://evil.example"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t)
			s.issuer.spoil, s.issuer.sign = c.spoil, c.sign
			browser := s.browser()
			p := s.signIn(t, browser, "/login")
			if p.StatusCode != http.StatusForbidden {
				t.Errorf("the callback answers %d", p.StatusCode)
			}
			if p := s.get(t, browser, "/"); p.StatusCode != http.StatusUnauthorized {
				t.Errorf("somebody is signed in: %s", p.text)
			}
			if strings.Contains(s.log.String(), "canary-client-secret") || strings.Contains(s.log.String(), "eyJ") {
				t.Errorf("the log has a secret: %s", s.log)
			}
		})
	}
}

func TestAbuse4_TheCodeIsTiedToWhoAskedForIt(t *testing.T) {
	s := start(t)
	first, second := s.browser(), s.browser()
	stolen := s.issuer.authorize(s.get(t, first, "/login").Header.Get("Location"))
	own := s.issuer.authorize(s.get(t, second, "/login").Header.Get("Location"))
	own["code"] = stolen["code"] // injected into another sign-in
	if p := s.get(t, second, "/login/callback?"+own.Encode()); p.StatusCode != http.StatusBadRequest {
		t.Errorf("%d", p.StatusCode)
	}
}

func TestAbuse5_AnAnswerOfAnotherIssuerIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, issuer string
		promised     bool
		want         int
	}{
		{"another issuer", "https://evil.example", false, http.StatusBadRequest},
		{"another issuer where the name is promised", "https://evil.example", true, http.StatusBadRequest},
		{"none where the name is promised", "", true, http.StatusBadRequest},
		{"none where it is not", "", false, http.StatusSeeOther},
		{"the right one", "own", true, http.StatusSeeOther},
	} {
		s := start(t)
		s.issuer.metadata = func(m map[string]any) { m["authorization_response_iss_parameter_supported"] = c.promised }
		browser := s.browser()
		answer := s.issuer.authorize(s.get(t, browser, "/login").Header.Get("Location"))
		switch c.issuer {
		case "":
			answer.Del("iss")
		case "own":
		default:
			answer.Set("iss", c.issuer)
		}
		if p := s.get(t, browser, "/login/callback?"+answer.Encode()); p.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.name, p.StatusCode, c.want)
		}
	}
}

func TestAbuse4_AProviderThatListsItsMethodsWithoutS256IsRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		methods any
		want    int
	}{
		{"none listed", nil, http.StatusSeeOther},
		{"S256 among others", []string{"plain", "S256"}, http.StatusSeeOther},
		{"plain alone", []string{"plain"}, http.StatusServiceUnavailable},
		{"an empty list", []string{}, http.StatusServiceUnavailable},
	} {
		s := start(t)
		s.issuer.metadata = func(m map[string]any) {
			if c.methods != nil {
				m["code_challenge_methods_supported"] = c.methods
			}
		}
		if p := s.get(t, s.browser(), "/login"); p.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.name, p.StatusCode, c.want)
		}
	}
}

func TestAbuse13_OneAddressInAnyCaseIsOnePerson(t *testing.T) {
	s := start(t)
	if p := s.get(t, s.as(t, "ADA@Example.COM"), "/"); !strings.Contains(p.text, "Ada’s Mac") {
		t.Errorf("%d", p.StatusCode)
	}
}

func TestAbuse15And16_SigningInLeadsOnlyToOurOwnPages(t *testing.T) {
	for _, evil := range []string{
		"https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%09/evil.example", "/%5cevil.example", "/\t/evil.example", "https:evil.example",
		"/@evil.example", "///evil.example", "/..//evil.example", "javascript:alert(1)", "/devices/../../evil", "/devices/%2e%2e/x", "/logout", "/login", "/login/callback", "/api/v1/me", "/demo/as", "",
		"/devices/C02SERIAL", "/devices/" + strings.Repeat("a", 81), "/devices/",
		"/devices\r\nSet-Cookie: x=y", "/" + strings.Repeat("a", 600), "http://[::1]", "/;@evil.example", "/devices//evil.example", "?return=//evil.example", "/ﾠ", "/devices/a/b",
	} {
		if got := safeReturn(evil); got != "/" {
			t.Errorf("%q leads to %q", evil, got)
		}
	}
	for from, want := range map[string]string{
		"/": "/", "/devices": "/devices", "/devices?open=abc-encryption": "/devices?open=abc-encryption", "/help": "/help", "/devices/0abc": "/devices/0abc",
		"/devices?checked=a-remote_login&open=a-remote_login": "/devices?checked=a-remote_login&open=a-remote_login", "/devices?view=print": "/devices?view=print",
		"/devices?zzz=c02guess&open=a": "/devices?open=a", "/devices?open=C02GUESS": "/devices", "/?email=eve@example.com": "/", "/devices?open=" + strings.Repeat("a", 81): "/devices",
		"/devices#x": "/devices", "/devices?open=%61": "/devices?open=a", "/help?open=%22%3E": "/help",
	} {
		if got := safeReturn(from); got != want {
			t.Errorf("%q leads to %q, want %q", from, got, want)
		}
	}
}

func FuzzReturnPath(f *testing.F) {
	for _, seed := range []string{"/", "/devices?open=x", "//evil", "/\\evil", "/%2f%2fevil", "https://evil"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		got := safeReturn(path)
		base, _ := url.Parse("https://posture.example.com/login/callback")
		to, err := base.Parse(got)
		if err != nil || to.Scheme != "https" || to.Host != "posture.example.com" || strings.HasPrefix(to.Path, "/login") || strings.HasPrefix(to.Path, "/api") {
			t.Errorf("%q leads to %v (%v)", path, to, err)
		}
	})
}

func TestAbuse17_WhatTheProviderSaysOfAnErrorIsNotShown(t *testing.T) {
	s := start(t)
	browser := s.browser()
	u, _ := url.Parse(s.get(t, browser, "/login").Header.Get("Location"))
	p := s.get(t, browser, "/login/callback?"+url.Values{"state": {u.Query().Get("state")}, "error": {"<script>x"}, "error_description": {"call +1 900 EVIL"}}.Encode())
	if p.StatusCode != http.StatusBadRequest || strings.Contains(p.text, "EVIL") || strings.Contains(p.text, "<script>x") {
		t.Errorf("%d %s", p.StatusCode, p.text)
	}
}

func TestAbuse18_TheSameAnswerTwiceAtOnceSignsInOnce(t *testing.T) {
	s := start(t)
	browser := s.browser()
	answer := s.issuer.authorize(s.get(t, browser, "/login").Header.Get("Location"))
	cookies := browser.Jar.Cookies(s.address)
	var wait sync.WaitGroup
	statuses := make(chan int, 8)
	for range 8 {
		tab := s.browser()
		tab.Jar.SetCookies(s.address, cookies)
		wait.Go(func() { statuses <- s.get(t, tab, "/login/callback?"+answer.Encode()).StatusCode })
	}
	wait.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	if count[http.StatusSeeOther] != 1 || count[http.StatusBadRequest] != 7 {
		t.Errorf("the answers are %v", count)
	}
}

func TestAbuse19_FiveTabsSignInAndASixthDropsTheOldest(t *testing.T) {
	s := start(t)
	browser := s.browser()
	var answers []url.Values
	for range 6 {
		answers = append(answers, s.issuer.authorize(s.get(t, browser, "/login").Header.Get("Location")))
	}
	for i, answer := range answers {
		want := http.StatusSeeOther
		if i == 0 {
			want = http.StatusBadRequest
		}
		if p := s.get(t, browser, "/login/callback?"+answer.Encode()); p.StatusCode != want {
			t.Errorf("tab %d: %d, want %d", i, p.StatusCode, want)
		}
	}
}

func TestAbuse20_ASessionIDFromBeforeTheSignInIsWorthNothing(t *testing.T) {
	s := start(t)
	attacker, victim := s.as(t, "eve@example.com"), s.browser()
	planted := attacker.Jar.Cookies(s.address) // a session that there is
	victim.Jar.SetCookies(s.address, planted)
	if p := s.signIn(t, victim, "/login"); p.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", p.StatusCode)
	}
	if p := s.get(t, victim, "/"); !strings.Contains(p.text, "Ada’s Mac") {
		t.Fatalf("the victim is not signed in: %d", p.StatusCode)
	}
	for _, c := range victim.Jar.Cookies(s.address) {
		for _, p := range planted {
			if c.Name == "session" && c.Value == p.Value {
				t.Error("the session ID is the one from before")
			}
		}
	}
	if p := s.get(t, attacker, "/"); p.StatusCode != http.StatusUnauthorized || strings.Contains(p.text, "Ada") {
		t.Errorf("the planted ID opens /: %d", p.StatusCode)
	}
}

func TestAbuse21_StartingSignInsWithoutEndKeepsNothingAndPushesOutNobody(t *testing.T) {
	ts := newTransactions()
	now := time.Now()
	real, cookie := ts.begin("", "/devices", now) // before the flood
	for range mostUsed + 500 {
		ts.begin("", "/", now)
	}
	if n := len(ts.used.recent) + len(ts.used.older); n != 0 {
		t.Errorf("%d states are kept of people who did not come back", n)
	}
	for range mostUsed + 500 {
		started, own := ts.begin("", "/", now)
		ts.end(own, started.State, now)
	}
	if n := len(ts.used.recent) + len(ts.used.older); n > mostUsed {
		t.Errorf("%d states are kept", n)
	}
	if got, ok := ts.end(cookie, real.State, now.Add(time.Minute)); !ok || got.State != real.State || got.Back != "/devices" {
		t.Error("a real person does not get in")
	}
	if _, ok := ts.end(cookie, real.State, now.Add(2*time.Minute)); ok {
		t.Error("a sign-in works twice")
	}
}

func TestASignInUnderWayIsTheBrowsersOwnUntilItEnds(t *testing.T) {
	ts := newTransactions()
	now := time.Now()
	begun, cookie := ts.begin("", "/", now)
	_, elsewhere := newTransactions().begin("", "/", now)
	for name, c := range map[string]struct{ cookie, state string }{
		"without a cookie":           {"", begun.State},
		"without a state":            {cookie, ""},
		"with a changed cookie":      {cookie[:len(cookie)-4] + "AAAA", begun.State},
		"with a cookie not sealed":   {base64.RawURLEncoding.EncodeToString([]byte(`[{"s":"x","t":"2999-11-22T12:00:00Z"}]`)), "x"},
		"with what is no cookie":     {"%%%", begun.State},
		"with a cookie of elsewhere": {elsewhere, begun.State},
	} {
		if _, ok := ts.end(c.cookie, c.state, now); ok {
			t.Errorf("%s it works", name)
		}
	}
	if _, ok := ts.end(cookie, begun.State, now.Add(transactionEnds)); !ok {
		t.Error("a sign-in in time does not work")
	}
	late, cookie := ts.begin(cookie, "/", now)
	if _, ok := ts.end(cookie, late.State, now.Add(transactionEnds+time.Second)); ok {
		t.Error("a sign-in of long ago still works")
	}
	if tabs := ts.open(cookie); len(tabs) != 1 {
		t.Errorf("the cookie holds %d sign-ins, also one that was used", len(tabs))
	}
}

func TestAStateStaysUsedUntilItsSignInEnds(t *testing.T) {
	for minute := range 12 {
		ts := newTransactions()
		now := time.Now()
		use := func() (cookie, state string) {
			begun, cookie := ts.begin("", "/", now)
			ts.end(cookie, begun.State, now)
			return cookie, begun.State
		}
		use()
		now = now.Add(time.Duration(minute) * time.Minute)
		cookie, state := use()
		for range transactionEnds / time.Minute {
			now = now.Add(time.Minute)
			use()
			if _, ok := ts.end(cookie, state, now); ok {
				t.Fatalf("used in minute %d, it works again", minute)
			}
		}
	}
}

func TestTheCookieOfFiveTabsFitsIntoABrowser(t *testing.T) {
	s := start(t)
	browser := s.browser()
	longest := strings.Repeat("a", 80)
	back := "/devices/" + longest + "?checked=" + longest + "&open=" + longest + "&view=" + longest
	if safeReturn(back) != back {
		t.Fatal("that is no address of ours")
	}
	for range mostTabs + 1 {
		p := s.get(t, browser, "/login?return="+url.QueryEscape(back))
		if cookie := p.Header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "login=") || len("__Host-; Secure")+len(cookie) > 4096 {
			t.Errorf("%d bytes", len(cookie))
		}
	}
}

func TestAProviderThatIsDownIsSaidAndAskedAgain(t *testing.T) {
	s := start(t, func(o *Options) { o.Login.Issuer = "http://127.0.0.1:1" })
	p := s.get(t, s.browser(), "/login")
	if p.StatusCode != http.StatusServiceUnavailable || !strings.Contains(p.text, "can’t reach the service that signs you in") {
		t.Errorf("%d %s", p.StatusCode, p.text)
	}
}
