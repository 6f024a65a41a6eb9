package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"stethoscope/config"
	"stethoscope/posture"
	"stethoscope/views"
)

// LoginOptions say who vouches for people. There is no way to be signed in
// without an OpenID provider, in the demo neither.
type LoginOptions struct {
	Issuer       string
	ClientID     string
	ClientSecret config.Secret
	Domains      []string // whose addresses may sign in; empty: every address that the provider verified
	// Immediately sends people to the provider at once in place of showing the
	// sign-in page first.
	Immediately bool
	// Transport reaches the provider; nil is the network.
	Transport http.RoundTripper
}

// A login signs people in with OpenID Connect: the authorization code flow with
// PKCE, state and nonce (RFC 6749, RFC 7636, OpenID Connect Core §3.1).
type login struct {
	LoginOptions
	callback     string
	cookie       http.Cookie
	client       *http.Client
	transactions *transactions
	now          func() time.Time

	mu       sync.Mutex
	provider *provider
	failure  error // of the last discovery; nil once there is a provider
	failedAt time.Time
	asking   chan struct{} // closed when the discovery under way has ended; nil if none is
}

func newLogin(address *url.URL, o LoginOptions) *login {
	l := &login{LoginOptions: o, callback: address.JoinPath("/login/callback").String(), transactions: newTransactions(), now: time.Now}
	l.client = &http.Client{
		Timeout: 10 * time.Second,
		// The provider's metadata and keys are small; a redirect could lead anywhere.
		Transport:     limitedTransport{o.Transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	l.cookie = http.Cookie{
		Name: cookieName(address, "login"), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: address.Scheme == "https", MaxAge: int(transactionEnds.Seconds()),
	}
	return l
}

// startLogin sends the browser to the provider.
func (s *server) startLogin(c echo.Context) error {
	p, err := s.login.discover(c.Request().Context())
	if err != nil {
		return s.signInFailed(c, http.StatusServiceUnavailable, "We can’t reach the service that signs you in. Try again in a minute.", err)
	}
	cookie := s.login.cookie
	var t transaction
	t, cookie.Value = s.login.transactions.begin(s.login.cookieOf(c), safeReturn(c.QueryParam("return")), s.login.now())
	c.SetCookie(&cookie)
	parameters := []oauth2.AuthCodeOption{oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)}
	if hint := c.QueryParam("login_hint"); hint != "" {
		if email, ok := posture.NormalEmail(hint); ok {
			parameters = append(parameters, oauth2.SetAuthURLParam("login_hint", email))
		}
	}
	return c.Redirect(http.StatusSeeOther, p.AuthCodeURL(t.State, parameters...))
}

// finishLogin takes the provider's answer and signs the person in.
func (s *server) finishLogin(c echo.Context) error {
	const again = "That sign-in did not work. Try once more."
	t, ok := s.login.transactions.end(s.login.cookieOf(c), c.QueryParam("state"), s.login.now())
	if !ok {
		return s.signInFailed(c, http.StatusBadRequest, "That sign-in took too long or was started in another browser. Try once more.", errors.New("no such sign-in is under way"))
	}
	if c.QueryParam("error") != "" {
		// What the provider says of it is not shown: anybody can write it into an address.
		return s.signInFailed(c, http.StatusBadRequest, "The service that signs you in did not agree. Try once more, or ask your help desk.", errors.New("the login provider answered with an error"))
	}
	ctx := c.Request().Context()
	p, err := s.login.discover(ctx)
	if err != nil {
		return s.signInFailed(c, http.StatusServiceUnavailable, "We can’t reach the service that signs you in. Try again in a minute.", err)
	}
	if issuer := c.QueryParam("iss"); issuer != s.login.Issuer && (issuer != "" || p.metadata.NamesIssuer) { // RFC 9207
		return s.signInFailed(c, http.StatusBadRequest, again, errors.New("the answer names another issuer"))
	}
	token, err := p.Exchange(oidc.ClientContext(ctx, s.login.client), c.QueryParam("code"), oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return s.signInFailed(c, http.StatusBadRequest, again, fmt.Errorf("exchange the code: %w", reason(err)))
	}
	raw, _ := token.Extra("id_token").(string)
	who, err := s.login.identify(ctx, p.verifier, raw, t.Nonce, s.login.now())
	if err != nil {
		return s.signInFailed(c, http.StatusForbidden, "We can’t sign you in with that account. Use your work account, or ask your help desk.", err)
	}
	// A new ID: whoever knew the old one is not signed in by this.
	if err := s.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("begin a session: %w", err)
	}
	s.sessions.Put(ctx, "subject", who.Subject)
	s.sessions.Put(ctx, "email", who.Email)
	s.sessions.Put(ctx, "name", who.Name)
	return c.Redirect(http.StatusSeeOther, t.Back)
}

// cookieOf reads the browser's own sign-ins, sealed.
func (l *login) cookieOf(c echo.Context) string {
	cookie, err := c.Cookie(l.cookie.Name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// askToSignIn answers somebody who is not signed in and opened a page.
func (s *server) askToSignIn(c echo.Context) error {
	back := safeReturn(c.Request().URL.RequestURI())
	if s.Login.Immediately && c.Request().Method == http.MethodGet {
		return c.Redirect(http.StatusSeeOther, loginURL(back))
	}
	return show(c, http.StatusUnauthorized, views.SignIn(views.SignInPage{Frame: s.frame(c, posture.Person{}, "", nil), Return: back}))
}

func (s *server) signInFailed(c echo.Context, status int, sentence string, cause error) error {
	s.Log.WarnContext(c.Request().Context(), "sign-in failed", "status", status, "error", cause)
	return show(c, status, views.SignIn(views.SignInPage{Frame: s.frame(c, posture.Person{}, "", nil), Problem: sentence}))
}

// logout ends the session. It is a form's POST: a picture on another site can't
// sign anybody out.
func (s *server) logout(c echo.Context) error {
	if err := s.sessions.Destroy(c.Request().Context()); err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return c.Redirect(http.StatusSeeOther, "/logout")
}

// signedOut says that you are signed out; to somebody who is not, it is their
// overview.
func (s *server) signedOut(c echo.Context) error {
	if s.personOf(c).Email != "" {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	return show(c, http.StatusOK, views.SignIn(views.SignInPage{Frame: s.frame(c, posture.Person{}, "", nil), SignedOut: true}))
}
