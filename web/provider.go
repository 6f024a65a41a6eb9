package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// A provider is what discovery told.
type provider struct {
	oauth2.Config
	verifier *oidc.IDTokenVerifier
	metadata providerMetadata
}

type providerMetadata struct {
	KeysURL     string   `json:"jwks_uri"`
	NamesIssuer bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207 §3
	PKCEMethods []string `json:"code_challenge_methods_supported"`               // RFC 8414 §2
}

// algorithms are the signatures that we take, whatever the provider offers:
// never "none", never one that our client secret could forge.
var algorithms = []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA}

// failureLasts is how long a provider that could not be discovered is not asked
// again, so that a crowd at the door does not keep it down.
const failureLasts = 5 * time.Second

// discover asks the provider for its addresses once it is needed, once for
// everybody who waits; each waits only as long as their own ctx. A provider
// that is down stops nobody who is signed in, and is asked again later.
func (l *login) discover(ctx context.Context) (*provider, error) {
	l.mu.Lock()
	if l.provider != nil || l.failure != nil && l.now().Sub(l.failedAt) < failureLasts {
		defer l.mu.Unlock()
		return l.provider, l.failure
	}
	answered := l.asking
	if answered == nil {
		answered = make(chan struct{})
		l.asking = answered
		go l.ask(answered)
	}
	l.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-answered:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.provider, l.failure
}

// ask keeps what discovery brings, and says so by closing answered.
func (l *login) ask(answered chan struct{}) {
	p, err := l.askProvider()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.provider, l.failure, l.failedAt, l.asking = p, err, l.now(), nil
	close(answered)
}

func (l *login) askProvider() (*provider, error) {
	// No request's context: the provider keeps it for fetching keys later. The
	// client ends what takes too long.
	ctx := oidc.ClientContext(context.Background(), l.client)
	discovered, err := oidc.NewProvider(ctx, l.Issuer)
	if err != nil {
		return nil, fmt.Errorf("ask the login provider for its configuration: %w", reason(err))
	}
	var m providerMetadata
	if err := discovered.Claims(&m); err != nil {
		return nil, fmt.Errorf("read the login provider's configuration: %w", reason(err))
	}
	// A provider that lists its methods without S256 would take our codes without
	// their proof. One that lists none may well check it: Microsoft's does and
	// does not say so, and RFC 8414 lets it.
	if m.PKCEMethods != nil && !slices.Contains(m.PKCEMethods, "S256") {
		return nil, errors.New("the login provider does not support PKCE with S256")
	}
	return &provider{
		Config: oauth2.Config{
			ClientID: l.ClientID, ClientSecret: l.ClientSecret.Reveal(), Endpoint: discovered.Endpoint(),
			RedirectURL: l.callback, Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
		},
		verifier: oidc.NewVerifier(l.Issuer, keySet{oidc.NewRemoteKeySet(ctx, m.KeysURL)}, &oidc.Config{ClientID: l.ClientID, SupportedSigningAlgs: algorithms}),
		metadata: m,
	}, nil
}

// A keySet tells verify what went wrong with the keys, which go-oidc makes text of.
type keySet struct{ oidc.KeySet }

type keyFailure struct{}

func (k keySet) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, jwt)
	if failure, ok := ctx.Value(keyFailure{}).(*error); ok {
		*failure = err
	}
	return payload, err
}

// verify proves signature, issuer, audience and end of an ID token.
func verify(ctx context.Context, verifier *oidc.IDTokenVerifier, raw string) (*oidc.IDToken, error) {
	var keys error
	token, err := verifier.Verify(context.WithValue(ctx, keyFailure{}, &keys), raw)
	if err != nil {
		return nil, fmt.Errorf("verify the ID token: %w", reason(errors.Join(err, keys)))
	}
	return token, nil
}
