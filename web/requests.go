package web

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// mostForm is the most bytes that a request's body may have: there are only
// small forms.
const mostForm = 64 << 10

// around is what every request passes through, outermost first.
func (s *server) around(router http.Handler) http.Handler {
	// Only requests that change something need the check, and it needs no token:
	// browsers say where a request comes from.
	var h http.Handler = s.sessions.LoadAndSave(router)
	h = compressed(h)
	h = sameOrigin(h)
	h = limitBody(h)
	h = withHeaders(s.URL.Scheme == "https", h)
	h = onlyHost(s.URL, h)
	h = recovered(s.Log, h)
	return logged(s.Log, h)
}

// sameOrigin refuses a change that another site asks for. A browser always
// sends one of the two headers with a form, so a request with neither is no
// browser's and has no business with a cookie.
func sameOrigin(next http.Handler) http.Handler {
	protected := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		safe := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
		if !safe && r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
			http.Error(w, "This request does not say where it comes from.", http.StatusForbidden)
			return
		}
		protected.ServeHTTP(w, r)
	})
}

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		next.ServeHTTP(w, r)
	})
}

// recovered turns a panic into a plain answer that needs nothing of the house.
func recovered(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				// The panic's value may hold personal data; where it happened does not.
				log.ErrorContext(r.Context(), "panic", "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
				http.Error(w, "Something broke on our side. Nothing you did. Error ID "+RequestID(r.Context())+".", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

type requestKey struct{}

// A note travels with a request, for the log.
type note struct{ id, route string }

// RequestID returns the name of the request that ctx belongs to, as the log and
// the error pages write it; empty if there is none.
func RequestID(ctx context.Context) string {
	if n, ok := ctx.Value(requestKey{}).(*note); ok {
		return n.id
	}
	return ""
}

func noteRoute(ctx context.Context, route string) {
	if n, ok := ctx.Value(requestKey{}).(*note); ok {
		n.route = route
	}
}

// logged names each request and writes one line about it: the route, never the
// address, which may name a person or a device.
func logged(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := &note{id: newRequestID(), route: "none"}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, n))
		w.Header().Set("X-Request-Id", n.id)
		seen := &statusWriter{ResponseWriter: w}
		start := time.Now()
		next.ServeHTTP(seen, r)
		log.InfoContext(r.Context(), "request", "method", knownMethod(r.Method), "route", n.route, "status", seen.status, "ms", time.Since(start).Milliseconds())
	})
}

// knownMethod keeps methods that somebody made up, of any length, out of the log.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return method
	}
	return "other"
}

func newRequestID() string {
	var random [5]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	return base32.StdEncoding.EncodeToString(random[:])
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// A Log handler that adds the request ID to every line written under a
// request's context, whoever writes it.
type requestIDHandler struct{ slog.Handler }

// WithRequestIDs returns a handler that names the request in every line.
func WithRequestIDs(h slog.Handler) slog.Handler { return requestIDHandler{h} }

func (h requestIDHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h requestIDHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestIDHandler{h.Handler.WithAttrs(attrs)}
}

func (h requestIDHandler) WithGroup(name string) slog.Handler {
	return requestIDHandler{h.Handler.WithGroup(name)}
}
