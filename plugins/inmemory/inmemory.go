// Package inmemory reaches an http.Handler without a network: for the demo, whose
// vendors are handlers, and for tests of plugins.
//
// This package is an API for plugins in other repositories.
package inmemory

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// Transport returns a RoundTripper that asks a handler in memory instead of a
// server over the network. The answer streams: what the handler has written
// can be read while it still runs, so that an answer may be endless or hang.
// When the request's context ends, the answer ends with its error; when the
// client closes the answer, the handler's context ends and its writes fail, as
// they do when a connection is gone. A handler that panics with
// http.ErrAbortHandler cuts the answer short.
func Transport(h http.Handler) http.RoundTripper { return transport{h} }

type transport struct{ handler http.Handler }

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	if err := ctx.Err(); err != nil {
		closeBody(request)
		return nil, err
	}
	serving, hangUp := context.WithCancel(ctx)
	reader, writer := io.Pipe()
	stop := context.AfterFunc(ctx, func() { _ = writer.CloseWithError(ctx.Err()) })
	e := &exchange{request: request, header: http.Header{}, body: writer, started: make(chan struct{})}
	go func() {
		defer hangUp()
		defer closeBody(request)
		defer func() {
			if cause := recover(); cause == http.ErrAbortHandler {
				e.abort()
			} else if cause != nil {
				panic(cause)
			}
		}()
		t.handler.ServeHTTP(e, received(request, serving))
		e.end()
	}()
	select {
	case <-e.started:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if e.answer == nil {
		stop()
		return nil, io.ErrUnexpectedEOF
	}
	e.answer.Body = &answerBody{reader, func() { stop(); hangUp() }}
	return e.answer, nil
}

func closeBody(request *http.Request) {
	if request.Body != nil {
		_ = request.Body.Close()
	}
}

// received is the request as a server sees it: the address has no host.
func received(request *http.Request, ctx context.Context) *http.Request {
	r := request.Clone(ctx)
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.RequestURI = r.URL.RequestURI()
	r.URL.Scheme, r.URL.Host, r.URL.User = "", "", nil
	r.RemoteAddr = "192.0.2.1:49152" // RFC 5737: nobody's address
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	return r
}

type answerBody struct {
	*io.PipeReader
	hangUp func()
}

func (b *answerBody) Close() error {
	b.hangUp()
	return b.PipeReader.Close()
}

// An exchange is the handler's side of one request and its answer.
type exchange struct {
	request *http.Request
	header  http.Header
	body    *io.PipeWriter
	promise int64 // the answer's Content-Length, -1 if it gave none
	written int64
	answer  *http.Response // nil until the head is sent, and for ever if it was cut short before
	once    sync.Once
	started chan struct{}
}

func (e *exchange) Header() http.Header { return e.header }

func (e *exchange) WriteHeader(status int) {
	if status < 200 { // an early hint, and not the answer
		return
	}
	e.once.Do(func() {
		e.promise = -1
		if n, err := strconv.ParseInt(e.header.Get("Content-Length"), 10, 64); err == nil {
			e.promise = n
		}
		e.answer = &http.Response{
			Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: e.header.Clone(), ContentLength: e.promise, Request: e.request,
		}
		close(e.started)
	})
}

func (e *exchange) Write(data []byte) (int, error) {
	if e.answer == nil && e.header.Get("Content-Type") == "" {
		e.header.Set("Content-Type", http.DetectContentType(data))
	}
	e.WriteHeader(http.StatusOK)
	if e.request.Method == http.MethodHead {
		return len(data), nil
	}
	if e.promise >= 0 && e.written+int64(len(data)) > e.promise {
		return 0, http.ErrContentLength
	}
	n, err := e.body.Write(data)
	e.written += int64(n)
	return n, err
}

// Flush makes the exchange an http.Flusher. Every write is sent at once; only
// the head may have to be.
func (e *exchange) Flush() { e.WriteHeader(http.StatusOK) }

func (e *exchange) end() {
	e.WriteHeader(http.StatusOK)
	if e.written < e.promise && e.request.Method != http.MethodHead {
		_ = e.body.CloseWithError(io.ErrUnexpectedEOF)
		return
	}
	_ = e.body.Close()
}

func (e *exchange) abort() {
	e.once.Do(func() { close(e.started) })
	_ = e.body.CloseWithError(io.ErrUnexpectedEOF)
}
