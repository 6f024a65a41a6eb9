package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"syscall"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// refusalCodes are the words with which a token endpoint refuses (RFC 6749 §5.2).
var refusalCodes = []string{"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"}

// reason says what kind of trouble there was with the login provider, in words
// that are ours or the system's. go-oidc and oauth2 write whole answers and
// claims into their errors, of any length and with personal data and tokens in
// them, so nothing of their text is let through to the log.
func reason(err error) error {
	var (
		refused     *refusal
		noToken     *oauth2.RetrieveError
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
		network     net.Error
		system      syscall.Errno
		ended       *oidc.TokenExpiredError
		other       *oidc.IssuerMismatchError
	)
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.As(err, &noToken) && noToken.Response != nil:
		refused = &refusal{status: noToken.Response.StatusCode}
		if slices.Contains(refusalCodes, noToken.ErrorCode) {
			refused.code = noToken.ErrorCode
		}
		return refused
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &network) && network.Timeout():
		return errors.New("the login provider did not answer in time")
	case errors.As(err, &name):
		return errors.New("the login provider's name could not be resolved")
	case errors.As(err, &certificate):
		return errors.New("the login provider's certificate is not trusted")
	case errors.As(err, &system):
		return fmt.Errorf("the login provider could not be reached: %w", system)
	case errors.As(err, &ended):
		return errors.New("the token has ended")
	case errors.As(err, &other):
		return errors.New("the login provider names another issuer")
	}
	return errors.New("what the login provider sent is not as it should be")
}
