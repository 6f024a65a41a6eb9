package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"stethoscope/lookup"
	"stethoscope/posture"
)

// A slowDesk says that it was asked and answers once it may.
type slowDesk struct {
	desk
	asked, may chan struct{}
}

func (d slowDesk) Ask(ctx context.Context, who posture.Person) lookup.Answer {
	d.asked <- struct{}{}
	<-d.may
	return d.desk.Ask(ctx, who)
}

func TestAPageThatIsStillLoadingDoesNotUndoSigningOut(t *testing.T) {
	slow := slowDesk{desk{"ada@example.com": {adas}}, make(chan struct{}, 2), make(chan struct{})}
	s := start(t, func(o *Options) { o.Lookup = slow })
	browser, tab, thief := s.as(t, "ada@example.com"), s.browser(), s.browser()
	before := browser.Jar.Cookies(s.address)
	tab.Jar.SetCookies(s.address, before)
	loaded := make(chan page)
	go func() { loaded <- s.get(t, tab, "/devices") }()
	<-slow.asked
	if p := s.post(t, browser, "/logout", url.Values{}); p.StatusCode != http.StatusSeeOther {
		t.Errorf("signing out: %d", p.StatusCode)
	}
	slow.may <- struct{}{}
	if p := <-loaded; p.StatusCode != http.StatusOK {
		t.Errorf("the page: %d", p.StatusCode)
	}
	close(slow.may)
	thief.Jar.SetCookies(s.address, before)
	if p := s.get(t, thief, "/"); p.StatusCode != http.StatusUnauthorized {
		t.Errorf("the old cookie opens /: %d", p.StatusCode)
	}
}

func TestADeletedSessionStaysDeletedForALifetime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSessionStore(12 * time.Hour)
		commit := func(id string, ends time.Duration) {
			if err := s.Commit(id, []byte("data"), time.Now().Add(ends)); err != nil {
				t.Fatal(err)
			}
		}
		sweep := func() {
			s.sweepAt = 0
			commit("other", time.Second)
		}
		commit("a", time.Minute) // idle for 29 minutes
		if err := s.Delete("a"); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete("never was"); err != nil || len(s.sessions) != 1 {
			t.Errorf("%d are kept (%v)", len(s.sessions), err)
		}
		for _, later := range []time.Duration{0, 2 * time.Minute, 11 * time.Hour} {
			time.Sleep(later)
			sweep()
			commit("a", 30*time.Minute)
			if _, found, _ := s.Find("a"); found {
				t.Errorf("found again %v later", later)
			}
		}
		time.Sleep(time.Hour)
		sweep()
		if _, kept := s.sessions["a"]; kept {
			t.Error("the tombstone stays for ever")
		}
	})
}

func TestSessionsThatEndedAreNotFoundAndAreSweptOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSessionStore(12 * time.Hour)
		for i := range fewest - 1 {
			if err := s.Commit(strconv.Itoa(i), nil, time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		if _, found, _ := s.Find("0"); !found {
			t.Error("a session is not found")
		}
		time.Sleep(time.Minute + time.Second)
		if _, found, _ := s.Find("0"); found {
			t.Error("a session that ended is found")
		}
		if err := s.Commit("new", nil, time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if n := len(s.sessions); n != 1 {
			t.Errorf("%d sessions are kept, those that ended too", n)
		}
	})
}

func TestASessionEndsAfter30IdleMinutesAnd12HoursAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newSessions(&url.URL{Scheme: "https", Host: "posture.example.com"}, nil)
		// visit opens a page with the cookie and returns the cookie that it leaves.
		visit := func(token string, change func(context.Context)) string {
			ctx, err := m.Load(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			change(ctx)
			if token, _, err = m.Commit(ctx); err != nil {
				t.Fatal(err)
			}
			return token
		}
		signedIn := func(token string) (in bool) {
			visit(token, func(ctx context.Context) { in = m.GetString(ctx, "email") != "" })
			return in
		}
		signIn := func() string {
			return visit("", func(ctx context.Context) { m.Put(ctx, "email", "ada@example.com") })
		}
		token := signIn()
		time.Sleep(29 * time.Minute)
		if !signedIn(token) {
			t.Error("29 idle minutes end it")
		}
		time.Sleep(31 * time.Minute)
		if signedIn(token) {
			t.Error("31 idle minutes do not end it")
		}
		token = signIn()
		for range 35 { // 11 hours and 40 minutes
			time.Sleep(20 * time.Minute)
			if !signedIn(token) {
				t.Fatal("somebody busy is signed out")
			}
		}
		time.Sleep(21 * time.Minute)
		if signedIn(token) {
			t.Error("12 hours do not end it")
		}
	})
}

func TestTheStoreKnowsOnlyTheHashOfASessionID(t *testing.T) {
	m := newSessions(&url.URL{Scheme: "https", Host: "posture.example.com"}, nil)
	ctx, err := m.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	m.Put(ctx, "email", "ada@example.com")
	token, _, err := m.Commit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	store := m.Store.(*sessionStore)
	if _, plain := store.sessions[token]; plain || len(store.sessions) != 1 {
		t.Errorf("the store keeps the cookie itself: %v (%d sessions)", plain, len(store.sessions))
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
