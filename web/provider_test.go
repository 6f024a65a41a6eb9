package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func TestNothingThatTheProviderSendsReachesTheLog(t *testing.T) {
	const canary = "canary ada@example.com "
	says := func(status int, kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text)
		}
	}
	long := strings.Repeat(canary, 10_000)
	for _, c := range []struct {
		name, path string
		answer     http.HandlerFunc
		want       string // in the log
	}{
		{"a configuration that breaks", "/.well-known/openid-configuration", says(500, "text/plain", long), "configuration: the login provider answered 500"},
		{"a configuration that leads elsewhere", "/.well-known/openid-configuration", says(302, "text/plain", long), "answered 302"},
		{"a configuration that is a page", "/.well-known/openid-configuration", says(200, "text/html; x="+strings.Repeat("canary", 100), long), "not as it should be"},
		{"a configuration of another issuer", "/.well-known/openid-configuration", says(200, "application/json", `{"issuer":"`+long+`"}`), "names another issuer"},
		{"a configuration of wrong types", "/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
			says(200, "application/json", `{"issuer":"http://`+r.Host+`","jwks_uri":{"`+canary+`":1}}`)(w, r)
		}, "not as it should be"},
		{"a configuration that counts where it should say yes", "/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
			says(200, "application/json", `{"issuer":"http://`+r.Host+`","authorization_response_iss_parameter_supported":`+strings.Repeat("7", 5000)+`}`)(w, r)
		}, "not as it should be"},
		{"a token answer that breaks", "/token", says(500, "text/plain", long), "exchange the code: the login provider answered 500"},
		{"a token answer that refuses", "/token", says(401, "application/json", `{"error":"invalid_client","error_description":"`+long+`","error_uri":"`+canary+`"}`), "answered 401 invalid_client"},
		{"a token answer that refuses in its own words", "/token", says(400, "application/json", `{"error":"`+long+`"}`), `answered 400"`},
		{"a token answer that is no JSON", "/token", says(200, "application/json", `{"`+canary), "not as it should be"},
		{"keys that break", "/keys", says(503, "text/plain", long), "verify the ID token: the login provider answered 503"},
		{"keys that are no keys", "/keys", says(200, "application/json", `["`+long+`"]`), "not as it should be"},
		{"keys that are a page", "/keys", says(200, "text/html", long), "not as it should be"},
		{"an ID token that is none", "/token", says(200, "application/json", `{"access_token":"x","id_token":"`+long+`"}`), "not as it should be"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t)
			s.issuer.answer[c.path] = c.answer
			browser := s.browser()
			if p := s.get(t, browser, "/login"); p.StatusCode == http.StatusSeeOther {
				s.get(t, browser, "/login/callback?"+s.issuer.authorize(p.Header.Get("Location")).Encode())
			}
			if p := s.get(t, browser, "/"); p.StatusCode != http.StatusUnauthorized {
				t.Errorf("somebody is signed in: %d", p.StatusCode)
			}
			log := s.log.String()
			if strings.Contains(log, "canary") || len(log) > 2000 || !strings.Contains(log, c.want) {
				t.Errorf("no %q in the log of %d bytes: %.3000s", c.want, len(log), log)
			}
		})
	}
	for _, claim := range []string{"iss", "aud", "nonce", "azp", "email", "sub"} {
		t.Run("a claim "+claim, func(t *testing.T) {
			s := start(t)
			s.issuer.spoil = func(claims map[string]any) { claims[claim] = long }
			browser := s.browser()
			s.signIn(t, browser, "/login")
			if log := s.log.String(); strings.Contains(log, "canary") || len(log) > 2000 || !strings.Contains(log, "sign-in failed") {
				t.Errorf("the log: %.3000s", log)
			}
		})
	}
}

func TestAnAnswerOfTheProviderIsReadOnlyUpToItsBound(t *testing.T) {
	for name, c := range map[string]struct{ padding, want int }{
		"below": {mostMetadata / 2, http.StatusSeeOther},
		"above": {mostMetadata, http.StatusServiceUnavailable},
	} {
		s := start(t)
		s.issuer.metadata = func(m map[string]any) { m["zzz"] = strings.Repeat("x", c.padding) }
		if p := s.get(t, s.browser(), "/login"); p.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", name, p.StatusCode, c.want)
		}
	}
}

func TestNoRedirectOfTheProviderIsFollowed(t *testing.T) {
	for _, path := range []string{"/.well-known/openid-configuration", "/token", "/keys"} {
		s := start(t)
		var asked atomic.Int64
		elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		t.Cleanup(elsewhere.Close)
		s.issuer.answer[path] = func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+path, http.StatusTemporaryRedirect) // 307 takes the form along
		}
		browser := s.browser()
		if p := s.get(t, browser, "/login"); p.StatusCode == http.StatusSeeOther {
			if p := s.get(t, browser, "/login/callback?"+s.issuer.authorize(p.Header.Get("Location")).Encode()); p.StatusCode < 400 {
				t.Errorf("%s: %d", path, p.StatusCode)
			}
		}
		if asked.Load() != 0 {
			t.Errorf("%s leads elsewhere", path)
		}
	}
	if got := newLogin(&url.URL{}, LoginOptions{}).client.Timeout; got != 10*time.Second {
		t.Errorf("the provider may take %v", got)
	}
}

func TestACrowdAtTheDoorAsksTheProviderOnce(t *testing.T) {
	issuer := newTestIssuer(t)
	var asked atomic.Int64
	waiting, may := make(chan struct{}, 100), make(chan struct{})
	issuer.answer["/.well-known/openid-configuration"] = func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		waiting <- struct{}{}
		<-may
		issuer.configuration(w, r)
	}
	l := newLogin(&url.URL{Scheme: "http", Host: "127.0.0.1"}, LoginOptions{Issuer: issuer.URL})
	var crowd sync.WaitGroup
	for range 20 {
		crowd.Go(func() {
			if _, err := l.discover(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	<-waiting
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := l.discover(gone); !errors.Is(err, context.Canceled) { // while the provider still hangs
		t.Errorf("somebody who left waits on: %v", err)
	}
	close(may)
	crowd.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("the provider was asked %d times", n)
	}
}

func TestAProviderThatFailsIsLeftAloneForAMoment(t *testing.T) {
	issuer := newTestIssuer(t)
	var asked int
	issuer.answer["/.well-known/openid-configuration"] = func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	now := noon
	l := newLogin(&url.URL{Scheme: "http", Host: "127.0.0.1"}, LoginOptions{Issuer: issuer.URL})
	l.now = func() time.Time { return now }
	for _, step := range []struct {
		later time.Duration
		asked int
	}{{0, 1}, {failureLasts - time.Second, 1}, {time.Second, 2}, {0, 2}} {
		now = now.Add(step.later)
		if p, err := l.discover(t.Context()); err == nil || p != nil {
			t.Errorf("discovered %v", p)
		}
		if asked != step.asked {
			t.Errorf("asked %d times, want %d", asked, step.asked)
		}
	}
	delete(issuer.answer, "/.well-known/openid-configuration")
	now = now.Add(failureLasts)
	for range 2 {
		if p, err := l.discover(t.Context()); err != nil || p == nil {
			t.Errorf("a provider that is well again: %v", err)
		}
	}
}

func TestTheSignaturesThatWeTakeAreNoOneElsesToMake(t *testing.T) {
	for _, a := range algorithms {
		switch jose.SignatureAlgorithm(a) {
		case jose.HS256, jose.HS384, jose.HS512, "none", "":
			t.Errorf("%q is taken", a)
		}
	}
}
