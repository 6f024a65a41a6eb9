package web

import (
	"net"
	"net/http"
	"net/url"
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
		case (r.Method == http.MethodGet || r.Method == http.MethodHead) && isLoopback(r.Host) && isLoopback(canonical.Host):
			http.Redirect(w, r, canonical.Scheme+"://"+canonical.Host+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		default:
			http.Error(w, "This service does not answer under that name.", http.StatusMisdirectedRequest)
		}
	})
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
