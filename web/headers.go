package web

import (
	"net/http"
	"strings"
)

// The policy of every page: our own stylesheet, pictures and forms, nothing
// else. There is no inline style or script to allow.
const pagePolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// apiPolicy is for answers that are no pages.
const apiPolicy = "default-src 'none'; frame-ancestors 'none'"

// withHeaders sets what every answer carries.
func withHeaders(https bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		policy := pagePolicy
		if isAPI(r) {
			policy = apiPolicy
		}
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()")
		h.Set("X-Robots-Tag", "noindex")
		if https {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		if !strings.HasPrefix(r.URL.Path, "/static/") { // personal: nobody keeps a copy
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}
