package demo

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// hosts reaches a handler by the host that a request names, and nobody else.
type hosts map[string]http.Handler

func (h hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	handler, ok := h[r.URL.Hostname()]
	if !ok {
		return nil, fmt.Errorf("the demo knows no host %s", url.QueryEscape(r.URL.Hostname()))
	}
	return inMemory{handler}.RoundTrip(r)
}

// inMemory calls a handler without a network. The body streams, and both sides
// see it when the other goes away.
type inMemory struct{ handler http.Handler }

func (t inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	reader, writer := io.Pipe()
	w := &pipeWriter{header: http.Header{}, body: writer, ready: make(chan struct{})}
	inner := r.Clone(r.Context())
	if inner.Body == nil {
		inner.Body = http.NoBody
	}
	inner.RequestURI = r.URL.RequestURI()
	inner.Host = r.URL.Host
	go func() {
		t.handler.ServeHTTP(w, inner)
		w.WriteHeader(http.StatusOK)
		_ = writer.Close()
	}()
	select {
	case <-w.ready:
	case <-r.Context().Done():
		_ = reader.CloseWithError(r.Context().Err())
		return nil, r.Context().Err()
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: reader, ContentLength: -1, Request: r,
	}, nil
}

type pipeWriter struct {
	header http.Header
	body   *io.PipeWriter
	status int
	sent   http.Header // as they were when the handler let them go
	ready  chan struct{}
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
		close(w.ready)
	}
}

func (w *pipeWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}
