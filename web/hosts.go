package web

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// onlyHost answers for the configured host alone: an address in a page or a
// sign-in is never built from what a request claims. Somebody who wrote
// "localhost" for 127.0.0.1 is led to the one address that cookies know. Health
// checks come by whatever name the balancer has.
func onlyHost(canonical *url.URL, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Host == canonical.Host, r.URL.Path == "/healthz", r.URL.Path == "/readyz":
			next.ServeHTTP(w, r)
		case (r.Method == http.MethodGet || r.Method == http.MethodHead) && isLoopback(r.Host) && isLoopback(canonical.Host) && onePath(r.URL):
			target := canonical.Scheme + "://" + canonical.Host + r.URL.EscapedPath()
			if r.URL.RawQuery != "" {
				target += "?" + r.URL.RawQuery
			}
			http.Redirect(w, r, target, http.StatusTemporaryRedirect)
		default:
			http.Error(w, "This service does not answer under that name.", http.StatusMisdirectedRequest)
		}
	})
}

// onePath reports whether what was asked for is a path on a host. A request may
// also name something that a URL can't be put together from ("a:@evil.example").
func onePath(u *url.URL) bool {
	path := u.EscapedPath()
	return u.Opaque == "" && strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//")
}

// isLoopback reports whether a host (with or without a port) is this machine.
func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
