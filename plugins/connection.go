package plugins

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
)

// connectionTrouble returns why no connection came about or why it broke; nil
// if the error is about something else. Servers can write into most errors of
// net/http, even into those about certificates, so that only errors whose text
// is known to be Go's, the system's or made of our own settings keep it;
// whatever else it is gets words of ours.
func connectionTrouble(err error) error {
	if why := tlsTrouble(err); why != "" {
		return errors.New(why)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if plain(e) {
			return e
		}
		if text := e.Error(); strings.HasPrefix(text, "tls: ") || strings.HasPrefix(text, "x509: ") {
			return errors.New("no TLS connection could be agreed on")
		}
	}
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			return end
		}
	}
	var slow interface{ Timeout() bool }
	var operation *net.OpError
	switch {
	case errors.As(err, &slow) && slow.Timeout():
		return errors.New("no answer in time")
	case errors.As(err, &operation):
		return errors.New("the connection failed")
	case strings.HasPrefix(err.Error(), "http2: server sent GOAWAY"): // and quotes the server's reason
		return errors.New("the server ended the connection")
	}
	return nil
}

// plainTexts are whole texts of errors that have no type of their own, or one
// that is not exported.
var plainTexts = map[string]bool{
	"EOF":                                 true,
	"unexpected EOF":                      true,
	"context canceled":                    true,
	"context deadline exceeded":           true,
	"i/o timeout":                         true,
	"operation was canceled":              true,
	"use of closed network connection":    true,
	"http: server closed idle connection": true,
	"http: server gave HTTP response to HTTPS client": true,
	"http2: client connection lost":                   true,
	"net/http: TLS handshake timeout":                 true,
	"net/http: timeout awaiting response headers":     true,
	"http2: timeout awaiting response headers":        true,
}

// plain reports an error whose text can hold nothing that a server sent.
func plain(err error) bool {
	switch e := err.(type) {
	case *net.OpError: // an alert of TLS is a number; anything else is told by the cause
		return e.Op == "remote error" || e.Op == "local error" || e.Err != nil && plain(e.Err)
	case *os.SyscallError:
		return plain(e.Err)
	case *net.DNSError, syscall.Errno:
		return true
	}
	return plainTexts[err.Error()]
}

// tlsTrouble says in our words why there is no TLS connection: names in a
// server's certificate are the server's text. It is empty for other errors.
func tlsTrouble(err error) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		roots     x509.SystemRootsError
		verified  *tls.CertificateVerificationError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &authority):
		return "its certificate is signed by an authority that this machine does not know"
	case errors.As(err, &host):
		return "its certificate is for another host"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate has expired or is not valid yet"
	case errors.As(err, &roots):
		return "this machine's own list of authorities for certificates cannot be read"
	case errors.As(err, &invalid), errors.As(err, &verified):
		return "its certificate is not valid"
	case errors.As(err, &record):
		return "it does not speak TLS"
	}
	return ""
}
