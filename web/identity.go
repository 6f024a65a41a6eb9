package web

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"stethoscope/posture"
)

// identify proves an ID token and says whose it is. go-oidc proves signature,
// issuer, audience and end; the nonce, the authorized party, the age, the
// subject and the address are this function's (OpenID Connect Core §3.1.3.7).
func (l *login) identify(ctx context.Context, verifier *oidc.IDTokenVerifier, raw, nonce string, now time.Time) (posture.Person, error) {
	var who posture.Person
	if raw == "" {
		return who, errors.New("the login provider sent no ID token")
	}
	token, err := verify(ctx, verifier, raw)
	if err != nil {
		return who, err
	}
	var claims struct {
		AuthorizedParty string          `json:"azp"`
		Email           string          `json:"email"`
		EmailVerified   json.RawMessage `json:"email_verified"`
		Name            string          `json:"name"`
		Events          json.RawMessage `json:"events"` // only a logout token has these
	}
	if err := token.Claims(&claims); err != nil {
		return who, errors.New("the ID token's claims could not be read")
	}
	switch {
	case nonce == "" || token.Nonce != nonce:
		return who, errors.New("the ID token's nonce is not ours")
	case len(claims.Events) > 0:
		return who, errors.New("the token is no ID token")
	case len(token.Audience) != 1 || token.Audience[0] != l.ClientID:
		return who, errors.New("the ID token has another client among its audience")
	case claims.AuthorizedParty != "" && claims.AuthorizedParty != l.ClientID:
		return who, errors.New("the ID token was made for another client")
	case token.IssuedAt.Before(now.Add(-10 * time.Minute)), token.IssuedAt.After(now.Add(2 * time.Minute)):
		return who, errors.New("the ID token is not of this moment")
	case token.Subject == "" || len(token.Subject) > 255:
		return who, errors.New("the ID token's subject is empty or too long")
	case string(claims.EmailVerified) != "true":
		return who, errors.New("the login provider has not verified the address")
	}
	email, ok := posture.NormalEmail(claims.Email)
	if !ok || strings.TrimSpace(claims.Email) != claims.Email {
		return who, errors.New("the ID token's address is no plain address")
	}
	_, domain, _ := strings.Cut(email, "@")
	if len(l.Domains) > 0 && !slices.ContainsFunc(l.Domains, func(d string) bool { return strings.EqualFold(d, domain) }) {
		return who, errors.New("the address is of a domain that may not sign in")
	}
	return posture.Person{Subject: token.Subject, Email: email, Name: cut(claims.Name, 100)}, nil
}

// cut shortens a name that somebody wrote for fun.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
