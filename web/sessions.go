package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
)

// newSessions keeps sessions in this process, under the hash of their ID: 30
// minutes idle, 12 hours at most (NIST SP 800-63B, AAL2).
//
// The manager is put together here and not by scs.New, which starts a goroutine
// for a store that we do not use.
func newSessions(address *url.URL, failed func(http.ResponseWriter, *http.Request, error)) *scs.SessionManager {
	const lifetime = 12 * time.Hour
	return &scs.SessionManager{
		Store:            newSessionStore(lifetime),
		Codec:            scs.GobCodec{},
		HashTokenInStore: true,
		IdleTimeout:      30 * time.Minute,
		Lifetime:         lifetime,
		ErrorFunc:        failed,
		Cookie: scs.SessionCookie{
			Name:     cookieName(address, "session"),
			Path:     "/",
			HttpOnly: true,
			SameSite: http.SameSiteLaxMode, // Strict would lose the way back from the provider
			Secure:   address.Scheme == "https",
		},
	}
}

// cookieName adds the prefix that lets no other host and no plain connection
// set the cookie. Browsers take it over https only; plain http is for loopback.
func cookieName(address *url.URL, name string) string {
	if address.Scheme == "https" {
		return "__Host-" + name
	}
	return name
}
