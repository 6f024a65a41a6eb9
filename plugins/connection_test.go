package plugins_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"stethoscope/plugins"
)

// speaks is a client of a server that answers every request with these bytes.
func speaks(t *testing.T, answer string) *http.Client {
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			if _, err := http.ReadRequest(bufio.NewReader(theirs)); err == nil {
				_, _ = io.WriteString(theirs, answer)
			}
		}()
		return ours, nil
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func TestNothingOfAnAnswerThatIsNotHTTPStandsInAnError(t *testing.T) {
	const sam = "sam.rivera@example.com"
	for name, answer := range map[string]string{
		"another protocol":               "220 " + sam + " ESMTP\r\n",
		"a status that is none":          "HTTP/1.1 " + sam + "\r\n\r\n",
		"a version that is none":         "HTTP/" + sam + " 200 OK\r\n\r\n",
		"a header without a colon":       "HTTP/1.1 200 OK\r\n" + sam + "\r\n\r\n",
		"a length that is none":          "HTTP/1.1 200 OK\r\nContent-Length: " + sam + "\r\n\r\n",
		"two lengths":                    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + sam + "\r\n\r\n",
		"an encoding that nobody knows":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + sam + "\r\n\r\n",
		"two encodings":                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: " + sam + "\r\n\r\n",
		"a trailer that must be none":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Length, " + sam + "\r\n\r\n0\r\n\r\n",
		"a chunk that is none":           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + sam + "\r\n",
		"a trailer that was not told of": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + sam + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://vendor.example.com/", nil)
			if err != nil {
				t.Fatal(err)
			}
			var into record
			err = plugins.FetchJSON(speaks(t, answer), request, &into)
			mustBe(t, err, plugins.ErrGarbled)
			mustNotSay(t, err)
		})
	}
}

// late is an error that says no more of itself than that it took too long.
type late struct{}

func (late) Error() string { return "waited for sam.rivera@example.com" }
func (late) Timeout() bool { return true }

func TestWhyThereIsNoConnection(t *testing.T) {
	const sam = "sam.rivera@example.com"
	theirs := &x509.Certificate{Subject: pkix.Name{CommonName: sam}, DNSNames: []string{sam}, EmailAddresses: []string{sam}}
	dial := func(cause error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: cause} }
	verify := func(cause error) error {
		return &tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{theirs}, Err: cause}
	}
	for _, test := range []struct {
		name string
		err  error
		says string
	}{
		{"nobody listens", dial(&net.OpError{Op: "connect", Err: syscall.ECONNREFUSED}), "connection refused"},
		{"no such host", dial(&net.DNSError{Err: "no such host", Name: "vendor.example.com"}), "lookup vendor.example.com: no such host"},
		{"the connection was reset", fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}), "connection reset"},
		{"the connection ended", io.EOF, "EOF"},
		{"the connection ended early", io.ErrUnexpectedEOF, "unexpected EOF"},
		{"it was idle for too long", errors.New("http: server closed idle connection"), "closed idle connection"},
		{"it took too long", late{}, "no answer in time"},
		{"the visit ended", context.Canceled, "context canceled"},
		{"plain text where TLS belongs", http.ErrSchemeMismatch, "HTTP response to HTTPS client"},
		{"another protocol where TLS belongs", tls.RecordHeaderError{Msg: sam}, "does not speak TLS"},
		{"TLS that we do not speak", errors.New("tls: server selected " + sam), "no TLS connection"},
		{"an alert", &net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, "handshake failure"},
		{"a proxy that refuses in its own words", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New("Forbidden to " + sam)}, "the connection failed"},
		{"a server that ends a connection in its own words", errors.New(`http2: server sent GOAWAY and closed the connection; debug="` + sam + `"`), "ended the connection"},
		{"an authority that nobody knows", verify(x509.UnknownAuthorityError{Cert: theirs}), "authority that this machine does not know"},
		{"another host's certificate", verify(x509.HostnameError{Certificate: theirs, Host: "vendor.example.com"}), "for another host"},
		{"a certificate that has expired", verify(x509.CertificateInvalidError{Cert: theirs, Reason: x509.Expired}), "expired"},
		{"a certificate with a name that it may not have", verify(x509.CertificateInvalidError{Cert: theirs, Reason: x509.CANotAuthorizedForThisName, Detail: sam}), "not valid"},
		{"a certificate that is wrong in a new way", verify(errors.New("x509: " + sam)), "not valid"},
		{"no authorities of our own", x509.SystemRootsError{}, "own list of authorities"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := plugins.Transport(&url.Error{Op: "Get", URL: "https://vendor.example.com/?email=" + sam, Err: test.err})
			mustBe(t, err, plugins.ErrUnreachable)
			mustNotSay(t, err)
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q does not say %q", err, test.says)
			}
		})
	}
	t.Run("a reason that nobody knows, before anything was asked, is left out", func(t *testing.T) {
		err := plugins.Transport(errors.New("cannot sign for " + sam))
		mustBe(t, err, plugins.ErrUnreachable)
		mustNotSay(t, err)
	})
	t.Run("a real server whose certificate nobody signed", func(t *testing.T) {
		server := httptest.NewUnstartedServer(nil)
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		_, err := new(http.Client).Get(server.URL)
		err = plugins.Transport(err)
		mustBe(t, err, plugins.ErrUnreachable)
		if !strings.Contains(err.Error(), "authority that this machine does not know") {
			t.Error(err)
		}
	})
}
