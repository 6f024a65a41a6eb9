package google

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// scopes are all that is asked for: reading the two lists, nothing else of the
// organisation. Domain-wide delegation must allow both.
const scopes = "https://www.googleapis.com/auth/admin.directory.device.mobile.readonly " +
	"https://www.googleapis.com/auth/admin.directory.device.chromeos.readonly"

// A tokenFetcher trades a signed assertion for an access token (RFC 7523 §2.1,
// developers.google.com/identity/protocols/oauth2/service-account).
//
// It does what x/oauth2/jwt does, except that the visit's context and the
// house's clock reach the request: that package posts without a context, so a
// token endpoint that hangs would outlast the visit.
type tokenFetcher struct {
	http  *http.Client
	key   *serviceKey
	actAs string
	now   func() time.Time
}

// fetch gets a token. What the endpoint refuses is an oauth2.RetrieveError with
// the status and the error code, and nothing else of the answer.
func (f *tokenFetcher) fetch(ctx context.Context) (*oauth2.Token, error) {
	assertion, err := f.assertion()
	if err != nil {
		return nil, err
	}
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.key.tokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := f.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var body struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
		Error       string `json:"error"`
	}
	const mostBytes = 1 << 20
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostBytes))
	if err != nil {
		return nil, err
	}
	malformed := json.Unmarshal(text, &body) != nil
	if answer.StatusCode < 200 || answer.StatusCode > 299 || malformed || body.AccessToken == "" {
		return nil, &oauth2.RetrieveError{Response: &http.Response{StatusCode: answer.StatusCode}, ErrorCode: body.Error}
	}
	// A token that does not say when it ends is renewed as if it were short.
	lasts := time.Minute
	if body.ExpiresIn > 0 {
		lasts = min(time.Duration(min(body.ExpiresIn, 86400))*time.Second, 24*time.Hour)
	}
	return &oauth2.Token{AccessToken: body.AccessToken, TokenType: "Bearer", Expiry: f.now().Add(lasts)}, nil
}

// assertion is the JWT that says who we are and in whose name we ask.
func (f *tokenFetcher) assertion() (string, error) {
	// A clock a little ahead of Google's must not make the assertion one from the future.
	issued := f.now().Add(-10 * time.Second)
	header, err := json.Marshal(map[string]string{"alg": "RS256", "typ": "JWT", "kid": f.key.id})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"iss": f.key.email, "sub": f.actAs, "scope": scopes, "aud": f.key.tokenURL,
		"iat": issued.Unix(), "exp": issued.Add(time.Hour).Unix(),
	})
	if err != nil {
		return "", err
	}
	signed := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(claims)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, f.key.private, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}
