package plugins

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
)

// What a plugin may say of its failure; wrap one of these, so that the page
// can tell people what kind of trouble it is. Anything else counts as broken.
var (
	// ErrRefused: the source refused our credentials, or what they may read.
	ErrRefused = errors.New("the source refused our credentials")
	// ErrGarbled: the answer could not be read.
	ErrGarbled = errors.New("the answer could not be read")
	// ErrUnreachable: no connection to the source.
	ErrUnreachable = errors.New("the source could not be reached")
	// ErrBusy: the source asked us to come back later, or is out of order.
	ErrBusy = errors.New("the source asked us to come back later")
	// ErrNotFound: the address asked for is not there. Whether that means "no
	// such machine" or "an older server" is the plugin's to know.
	ErrNotFound = errors.New("not found")
)

// A StatusError is an answer that was no success. It names the status and
// nothing of the body or the address, which may hold personal data.
type StatusError struct {
	Status     int
	RetryAfter time.Duration // 0 if the source did not say
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%d %s: %v", e.Status, http.StatusText(e.Status), e.Unwrap())
}

// Unwrap returns which of this package's errors the status means.
func (e *StatusError) Unwrap() error {
	switch {
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return ErrRefused
	case e.Status == http.StatusNotFound:
		return ErrNotFound
	case e.Status == http.StatusTooManyRequests, e.Status >= 500:
		return ErrBusy
	}
	return ErrGarbled // a redirect or a 400: whatever answered does not speak as expected
}

// Transport cleans an error of http.Client.Do: it takes out the address, whose
// query may hold an email or a token, and whatever a server may have written
// into it, and tells a refused credential, an answer that is not HTTP and a
// connection that failed from one another.
func Transport(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return TokenRefused(refused)
	}
	asked := false
	for withAddress := (*url.Error)(nil); errors.As(err, &withAddress); { // one may lie in another
		asked, err = true, withAddress.Err
	}
	if why := connectionTrouble(err); why != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, why)
	}
	if asked { // there was a connection, so what is wrong is what came over it
		return fmt.Errorf("%w: it is not HTTP as expected", ErrGarbled)
	}
	return fmt.Errorf("%w: the reason is left out, since it may quote the source", ErrUnreachable)
}

// classified reports whether an error already says which trouble it is.
func classified(err error) bool {
	for _, word := range []error{ErrRefused, ErrGarbled, ErrUnreachable, ErrBusy, ErrNotFound} {
		if errors.Is(err, word) {
			return true
		}
	}
	return false
}

// TokenRefused turns the answer of a token endpoint into an error that has the
// status and the OAuth error code, and nothing else of the answer.
func TokenRefused(e *oauth2.RetrieveError) error {
	status, later := 0, time.Duration(0)
	if e.Response != nil {
		status, later = e.Response.StatusCode, retryAfter(e.Response.Header.Get("Retry-After"))
	}
	if status == http.StatusTooManyRequests || status >= 500 {
		return fmt.Errorf("get a token: %w", &StatusError{status, later})
	}
	if status == http.StatusBadRequest || status == http.StatusUnauthorized || status == http.StatusForbidden {
		return fmt.Errorf("get a token: %d %s (%s): %w", status, http.StatusText(status), oauthCode(e.ErrorCode), ErrRefused)
	}
	return fmt.Errorf("get a token: %w", ErrGarbled)
}

// oauthCode lets only the codes of RFC 6749 §5.2 and RFC 7523 into a log.
func oauthCode(code string) string {
	switch code {
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "access_denied":
		return code
	}
	return "no reason given"
}
