package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
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

	mu       sync.Mutex
	provider *provider
}

// A provider is what discovery told.
type provider struct {
	oauth2.Config
	verifier *oidc.IDTokenVerifier
	metadata providerMetadata
}

type providerMetadata struct {
	NamesIssuer   bool     `json:"authorization_response_iss_parameter_supported"`
	PKCEMethods   []string `json:"code_challenge_methods_supported"`
	EndSessionURL string   `json:"end_session_endpoint"`
}

// algorithms are the signatures that we take, whatever the provider offers:
// never "none", never one that our client secret could forge.
var algorithms = []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA}

func newLogin(address *url.URL, o LoginOptions) *login {
	l := &login{LoginOptions: o, callback: address.JoinPath("/login/callback").String(), transactions: newTransactions()}
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

// discover asks the provider for its addresses once it is needed. A provider
// that is down stops nobody who is signed in, and is asked again next time.
func (l *login) discover(ctx context.Context) (*provider, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.provider != nil {
		return l.provider, nil
	}
	// The provider keeps its context for fetching keys later: it must outlive
	// the request.
	discovered, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), l.client), l.Issuer)
	if err != nil {
		return nil, fmt.Errorf("ask the login provider for its configuration: %w", err)
	}
	p := &provider{
		Config: oauth2.Config{
			ClientID: l.ClientID, ClientSecret: l.ClientSecret.Reveal(), Endpoint: discovered.Endpoint(),
			RedirectURL: l.callback, Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
		},
		verifier: discovered.Verifier(&oidc.Config{ClientID: l.ClientID, SupportedSigningAlgs: algorithms}),
	}
	if err := discovered.Claims(&p.metadata); err != nil {
		return nil, fmt.Errorf("read the login provider's configuration: %w", err)
	}
	l.provider = p
	return p, nil
}

// startLogin sends the browser to the provider.
func (s *server) startLogin(c echo.Context) error {
	p, err := s.login.discover(c.Request().Context())
	if err != nil {
		return s.signInFailed(c, http.StatusServiceUnavailable, "We can’t reach the service that signs you in. Try again in a minute.", err)
	}
	t, id := s.login.transactions.begin(s.login.browserID(c), safeReturn(c.QueryParam("return")), time.Now())
	cookie := s.login.cookie
	cookie.Value = id
	c.SetCookie(&cookie)
	parameters := []oauth2.AuthCodeOption{oidc.Nonce(t.nonce), oauth2.S256ChallengeOption(t.verifier)}
	if hint := c.QueryParam("login_hint"); hint != "" {
		if email, ok := posture.NormalEmail(hint); ok {
			parameters = append(parameters, oauth2.SetAuthURLParam("login_hint", email))
		}
	}
	return c.Redirect(http.StatusSeeOther, p.AuthCodeURL(t.state, parameters...))
}

// finishLogin takes the provider's answer and signs the person in.
func (s *server) finishLogin(c echo.Context) error {
	const again = "That sign-in did not work. Try once more."
	t, ok := s.login.transactions.end(s.login.browserID(c), c.QueryParam("state"), time.Now())
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
	token, err := p.Exchange(oidc.ClientContext(ctx, s.login.client), c.QueryParam("code"), oauth2.VerifierOption(t.verifier))
	if err != nil {
		return s.signInFailed(c, http.StatusBadRequest, again, withoutBody(err))
	}
	raw, _ := token.Extra("id_token").(string)
	who, err := s.login.identify(ctx, p.verifier, raw, t.nonce, time.Now())
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
	return c.Redirect(http.StatusSeeOther, t.back)
}

// withoutBody keeps the token endpoint's answer out of the log: it may hold tokens.
func withoutBody(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil {
		return fmt.Errorf("exchange the code: the login provider answered %d", refused.Response.StatusCode)
	}
	return fmt.Errorf("exchange the code: %w", err)
}

// browserID reads which sign-ins are this browser's own.
func (l *login) browserID(c echo.Context) string {
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

func loginURL(back string) string {
	if back == "/" {
		return "/login"
	}
	return "/login?return=" + url.QueryEscape(back)
}

// safeReturn lets through only addresses of our own pages; anything else is "/".
// It is read as a browser reads it: backslashes are slashes, and tabs and line
// breaks vanish.
func safeReturn(path string) string {
	if len(path) > 512 || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return "/"
	}
	for i := range len(path) {
		if c := path[i]; c <= ' ' || c > '~' || c == '\\' {
			return "/"
		}
	}
	u, err := url.Parse(path)
	if err != nil || u.Host != "" || u.Scheme != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(u.Path, "\\\t\r\n") {
		return "/"
	}
	for _, own := range []string{"/", "/devices", "/help"} {
		if u.Path == own {
			return path
		}
	}
	if id, found := strings.CutPrefix(u.Path, "/devices/"); found && id != "" && !strings.Contains(id, "/") && !strings.Contains(id, ".") {
		return path
	}
	return "/"
}
