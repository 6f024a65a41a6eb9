package google

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"

	"stethoscope/plugins"
)

// scopes are all that is asked for: reading the two lists, nothing else of the
// organisation. Domain-wide delegation must allow both.
var scopes = []string{
	"https://www.googleapis.com/auth/admin.directory.device.mobile.readonly",
	"https://www.googleapis.com/auth/admin.directory.device.chromeos.readonly",
}

// A tokenFetcher trades a signed assertion for an access token (RFC 7523 §2.1,
// developers.google.com/identity/protocols/oauth2/service-account).
type tokenFetcher struct {
	http  *http.Client
	key   *serviceKey
	actAs string
	now   func() time.Time
}

// fetch gets a token. What the endpoint refuses is an oauth2.RetrieveError with
// the status and the error code, and nothing else of the answer.
func (f *tokenFetcher) fetch(ctx context.Context) (*oauth2.Token, error) {
	visit := &visiting{ctx: ctx, next: f.http.Transport}
	assertion := jwt.Config{
		Email: f.key.email, PrivateKey: []byte(f.key.private), PrivateKeyID: f.key.id, Subject: f.actAs, Scopes: scopes, TokenURL: f.key.tokenURL,
	}
	client := &http.Client{Transport: visit, CheckRedirect: f.http.CheckRedirect}
	token, err := assertion.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, client)).Token()
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused):
		return nil, &oauth2.RetrieveError{Response: &http.Response{StatusCode: refused.Response.StatusCode, Header: refused.Response.Header}, ErrorCode: errorCode(refused.Body)}
	case visit.err != nil:
		return nil, visit.err
	case err != nil, token.AccessToken == "":
		return nil, fmt.Errorf("get a token: %w", plugins.ErrGarbled)
	}
	// The end is told by the house's clock. A token that does not say when it ends
	// is renewed as if it were short.
	lasts := time.Minute
	if !token.Expiry.IsZero() {
		lasts = min(time.Until(token.Expiry), 24*time.Hour)
	}
	return &oauth2.Token{AccessToken: token.AccessToken, TokenType: "Bearer", Expiry: f.now().Add(lasts)}, nil
}

// errorCode reads the OAuth error code of a refusal, and nothing else of it.
func errorCode(body []byte) string {
	var told struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(body, &told) // an answer in another form has no code
	return told.Error
}

// visiting gives x/oauth2/jwt, which posts without a context, the context of
// the visit: a token endpoint that hangs must not outlast it. It remembers what
// went wrong with the connection, which that package makes text of.
type visiting struct {
	ctx  context.Context
	next http.RoundTripper
	err  error
}

func (v *visiting) RoundTrip(r *http.Request) (*http.Response, error) {
	next := v.next
	if next == nil {
		next = http.DefaultTransport
	}
	answer, err := next.RoundTrip(r.WithContext(v.ctx))
	v.err = err
	return answer, err
}
