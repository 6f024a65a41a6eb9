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
	withSecret := func(claims string) string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte("canary-client-secret-canary-client-secret")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		signed, _ := signer.Sign([]byte(claims))
		text, _ := signed.CompactSerialize()
		return text
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
		{"6: signed with a shared secret", nil, withSecret},
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
	s := start(t)
	browser := s.browser()
	answer := s.issuer.authorize(s.get(t, browser, "/login").Header.Get("Location"))
	answer.Set("iss", "https://evil.example")
	if p := s.get(t, browser, "/login/callback?"+answer.Encode()); p.StatusCode != http.StatusBadRequest {
		t.Errorf("%d", p.StatusCode)
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
		"/devices\r\nSet-Cookie: x=y", "/" + strings.Repeat("a", 600), "http://[::1]", "/;@evil.example", "/devices//evil.example", "?return=//evil.example", "/ﾠ", "/devices/a/b",
	} {
		if got := safeReturn(evil); got != "/" {
			t.Errorf("%q leads to %q", evil, got)
		}
	}
	for _, own := range []string{"/", "/devices", "/devices?open=abc-encryption", "/help", "/devices/0abc"} {
		if got := safeReturn(own); got != own {
			t.Errorf("%q leads to %q", own, got)
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
	browser := s.browser()
	preset := &http.Cookie{Name: "session", Value: strings.Repeat("A", 43), Path: "/"}
	browser.Jar.SetCookies(s.address, []*http.Cookie{preset})
	s.signIn(t, browser, "/login")
	for _, c := range browser.Jar.Cookies(s.address) {
		if c.Name == "session" && c.Value == preset.Value {
			t.Error("the session ID is the one from before")
		}
	}
	attacker := s.browser()
	attacker.Jar.SetCookies(s.address, []*http.Cookie{preset})
	if p := s.get(t, attacker, "/"); p.StatusCode != http.StatusUnauthorized {
		t.Errorf("the preset ID opens /: %d", p.StatusCode)
	}
}

func TestAbuse21_StartingSignInsWithoutEndKeepsLittleAndLetsPeopleIn(t *testing.T) {
	ts := newTransactions()
	now := time.Now()
	for range mostBrowsers + 500 {
		ts.begin("", "/", now)
	}
	if n := len(ts.browsers); n != mostBrowsers || ts.order.Len() != n {
		t.Errorf("%d browsers are kept", n)
	}
	real, id := ts.begin("", "/devices", now)
	if got, ok := ts.end(id, real.state, now); !ok || got.back != "/devices" {
		t.Error("a real person does not get in")
	}
	late, id := ts.begin("", "/", now)
	if _, ok := ts.end(id, late.state, now.Add(transactionEnds+time.Second)); ok {
		t.Error("a sign-in of long ago still works")
	}
}

func TestAProviderThatIsDownIsSaidAndAskedAgain(t *testing.T) {
	s := start(t, func(o *Options) { o.Login.Issuer = "http://127.0.0.1:1" })
	p := s.get(t, s.browser(), "/login")
	if p.StatusCode != http.StatusServiceUnavailable || !strings.Contains(p.text, "can’t reach the service that signs you in") {
		t.Errorf("%d %s", p.StatusCode, p.text)
	}
}

func TestSessionCookiesAreLockedDown(t *testing.T) {
	https, _ := url.Parse("https://posture.example.com")
	m := newSessions(https, nil)
	if c := m.Cookie; c.Name != "__Host-session" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.SameSite != http.SameSiteLaxMode || c.Domain != "" {
		t.Errorf("%+v", c)
	}
	l := newLogin(https, LoginOptions{})
	if c := l.cookie; c.Name != "__Host-login" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" {
		t.Errorf("%+v", c)
	}
}

func TestSessionsThatEndedAreSweptOut(t *testing.T) {
	s := newSessionStore()
	for i := range 10 * fewest {
		if err := s.Commit(string(rune(i)), nil, time.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.sessions); n > 2*fewest {
		t.Errorf("%d sessions that ended are kept", n)
	}
	if _, found, _ := s.Find(string(rune(10*fewest - 1))); found {
		t.Error("a session that ended is found")
	}
}
