package plugins

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// Tokens keeps one access token and renews it when it is about to end. Unlike
// oauth2.Transport it renews under the context of the request that needs it:
// a token endpoint that hangs must not outlast the visit.
type Tokens struct {
	fetch func(ctx context.Context) (*oauth2.Token, error)
	now   func() time.Time
	turn  chan struct{} // a lock that a context can leave
	token *oauth2.Token
}

// NewTokens returns a keeper of the tokens that fetch gets.
func NewTokens(fetch func(ctx context.Context) (*oauth2.Token, error), now func() time.Time) *Tokens {
	return &Tokens{fetch: fetch, now: now, turn: make(chan struct{}, 1)}
}

// renewEarly is how long before its end a token is renewed; tokens can be as
// short as a minute (Jamf), so it is no longer than this.
const renewEarly = 10 * time.Second

// Get returns a token that is still good, and fetches one if need be. One
// fetch serves everybody who waits.
func (t *Tokens) Get(ctx context.Context) (string, error) {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if t.token != nil && (t.token.Expiry.IsZero() || t.now().Add(renewEarly).Before(t.token.Expiry)) {
		return t.token.AccessToken, nil
	}
	token, err := t.fetch(ctx)
	if err != nil {
		if cause := ctx.Err(); cause != nil {
			return "", cause
		}
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) {
			return "", TokenRefused(refused)
		}
		if classified(err) {
			return "", err
		}
		if unreadToken(err) {
			return "", fmt.Errorf("get a token: %w", ErrGarbled)
		}
		return "", Transport(err)
	}
	t.token = token
	return token.AccessToken, nil
}

// unreadToken tells the errors of package oauth2 for an answer that came and
// was no token; it has no type for them.
func unreadToken(err error) bool {
	text := err.Error()
	return strings.HasPrefix(text, "oauth2: cannot parse") || strings.HasPrefix(text, "oauth2: server response missing")
}

// Drop forgets a token that the source no longer takes, unless it has been
// renewed since.
func (t *Tokens) Drop(ctx context.Context, token string) {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return
	}
	if t.token != nil && t.token.AccessToken == token {
		t.token = nil
	}
}
