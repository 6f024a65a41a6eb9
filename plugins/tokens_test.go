package plugins_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"stethoscope/plugins"
	"stethoscope/plugins/inmemory"
)

// An issuer hands out token-1, token-2 … each good for as long as it says.
type issuer struct {
	mu     sync.Mutex
	issued int
	lives  time.Duration
}

func (i *issuer) fetch(context.Context) (*oauth2.Token, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.issued++
	token := &oauth2.Token{AccessToken: fmt.Sprint("token-", i.issued)}
	if i.lives > 0 {
		token.Expiry = time.Now().Add(i.lives)
	}
	return token, nil
}

func mustGet(t *testing.T, tokens *plugins.Tokens, want string) {
	t.Helper()
	if got, err := tokens.Get(t.Context()); got != want || err != nil {
		t.Errorf("got %q, error %v; want %q", got, err, want)
	}
}

func TestATokenIsKeptUntilShortlyBeforeItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := issuer{lives: time.Minute}
		tokens := plugins.NewTokens(i.fetch, time.Now)
		mustGet(t, tokens, "token-1")
		time.Sleep(49 * time.Second)
		mustGet(t, tokens, "token-1")
		time.Sleep(2 * time.Second) // nine seconds before its end
		mustGet(t, tokens, "token-2")
		mustGet(t, tokens, "token-2")
	})
}

func TestATokenWithoutAnEndIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var i issuer
		tokens := plugins.NewTokens(i.fetch, time.Now)
		mustGet(t, tokens, "token-1")
		time.Sleep(1000 * time.Hour)
		mustGet(t, tokens, "token-1")
	})
}

func TestOneFetchServesEverybodyWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var i issuer
		release := make(chan struct{})
		tokens := plugins.NewTokens(func(ctx context.Context) (*oauth2.Token, error) {
			<-release
			return i.fetch(ctx)
		}, time.Now)
		var visitors sync.WaitGroup
		for range 10 {
			visitors.Go(func() { mustGet(t, tokens, "token-1") })
		}
		synctest.Wait()
		close(release)
		visitors.Wait()
		if i.issued != 1 {
			t.Errorf("%d tokens were fetched", i.issued)
		}
	})
}

func TestAVisitorLeavesTheQueueWhenTheVisitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var i issuer
		tokens := plugins.NewTokens(func(ctx context.Context) (*oauth2.Token, error) {
			<-release // a fetch that hears nothing
			return i.fetch(ctx)
		}, time.Now)
		go func() { _, _ = tokens.Get(t.Context()) }()
		synctest.Wait()
		ctx, leave := context.WithCancel(t.Context())
		leave()
		if _, err := tokens.Get(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("get returned the error %v", err)
		}
		tokens.Drop(ctx, "token-1") // nor does this wait
		close(release)
		synctest.Wait()
		mustGet(t, tokens, "token-1")
	})
}

// hangs marks the context of a fetch that gets no answer.
type hangs struct{}

func TestWhoseVisitEndsWithinAFetchLeavesItToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var i issuer
		tokens := plugins.NewTokens(func(ctx context.Context) (*oauth2.Token, error) {
			if ctx.Value(hangs{}) != nil {
				<-ctx.Done()
				return nil, fmt.Errorf("oauth2: cannot fetch token: %v", ctx.Err())
			}
			return i.fetch(ctx)
		}, time.Now)
		ctx, leave := context.WithTimeout(context.WithValue(t.Context(), hangs{}, true), time.Second)
		defer leave()
		if _, err := tokens.Get(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("get returned the error %v", err)
		} else {
			mustBe(t, err, nil)
		}
		mustGet(t, tokens, "token-1")
	})
}

func TestAFailedFetchIsNotKept(t *testing.T) {
	var i issuer
	failed := false
	tokens := plugins.NewTokens(func(ctx context.Context) (*oauth2.Token, error) {
		if !failed {
			failed = true
			return nil, errors.New("oh")
		}
		return i.fetch(ctx)
	}, time.Now)
	if _, err := tokens.Get(t.Context()); err == nil {
		t.Error("the first get returned no error")
	}
	mustGet(t, tokens, "token-1")
}

func TestDropForgetsOnlyTheTokenThatWasRefused(t *testing.T) {
	var i issuer
	tokens := plugins.NewTokens(i.fetch, time.Now)
	tokens.Drop(t.Context(), "") // nothing is there to drop
	mustGet(t, tokens, "token-1")
	tokens.Drop(t.Context(), "token-1")
	mustGet(t, tokens, "token-2")
	tokens.Drop(t.Context(), "token-1") // somebody who comes late
	mustGet(t, tokens, "token-2")
}

func TestWhyThereIsNoToken(t *testing.T) {
	status := func(code int, kind, text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(code)
			_, _ = w.Write([]byte(text))
		})
	}
	for _, test := range []struct {
		name   string
		answer http.Handler
		want   error
	}{
		{"wrong secret", status(401, "application/json", `{"error": "invalid_client", "error_description": "hunter2 of sam.rivera"}`), plugins.ErrRefused},
		{"busy", status(429, "text/plain", "hunter2"), plugins.ErrBusy},
		{"out of order", status(503, "text/html", "<p>hunter2"), plugins.ErrBusy},
		{"a web page", status(200, "text/html", "<p>hunter2 sam.rivera"), plugins.ErrGarbled},
		{"cut short", status(200, "application/json", `{"access_token": "hunter2`), plugins.ErrGarbled},
		{"no token in it", status(200, "application/json", `{"email": "sam.rivera"}`), plugins.ErrGarbled},
		{"a redirect", status(302, "text/plain", ""), plugins.ErrGarbled},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := &http.Client{Transport: inmemory.Transport(test.answer), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			endpoint := clientcredentials.Config{ClientID: "us", ClientSecret: "hunter2hunter2", TokenURL: "https://vendor.example.com/token?email=sam.rivera"}
			tokens := plugins.NewTokens(func(ctx context.Context) (*oauth2.Token, error) {
				return endpoint.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
			}, time.Now)
			_, err := tokens.Get(t.Context())
			mustBe(t, err, test.want)
			mustNotSay(t, err)
		})
	}
	t.Run("a fetch of the plugin's own that knows why", func(t *testing.T) {
		for _, word := range words {
			tokens := plugins.NewTokens(func(context.Context) (*oauth2.Token, error) { return nil, fmt.Errorf("log in: %w", word) }, time.Now)
			_, err := tokens.Get(t.Context())
			mustBe(t, err, word)
		}
	})
	t.Run("no connection", func(t *testing.T) {
		tokens := plugins.NewTokens(func(context.Context) (*oauth2.Token, error) { return nil, errors.New("dial tcp: no route to host") }, time.Now)
		_, err := tokens.Get(t.Context())
		mustBe(t, err, plugins.ErrUnreachable)
	})
}
