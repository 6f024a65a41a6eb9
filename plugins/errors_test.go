package plugins_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"stethoscope/plugins"
)

var words = []error{plugins.ErrRefused, plugins.ErrGarbled, plugins.ErrUnreachable, plugins.ErrBusy, plugins.ErrNotFound}

// mustBe holds that an error says this one trouble and no other.
func mustBe(t *testing.T, err, want error) {
	t.Helper()
	for _, word := range words {
		if errors.Is(err, word) != (word == want) {
			t.Errorf("errors.Is(%v, %v) is %v", err, word, errors.Is(err, word))
		}
	}
}

func TestWhatAStatusMeans(t *testing.T) {
	for status, want := range map[int]error{
		401: plugins.ErrRefused, 403: plugins.ErrRefused, 404: plugins.ErrNotFound, 429: plugins.ErrBusy,
		500: plugins.ErrBusy, 502: plugins.ErrBusy, 503: plugins.ErrBusy, 599: plugins.ErrBusy,
		301: plugins.ErrGarbled, 302: plugins.ErrGarbled, 400: plugins.ErrGarbled, 418: plugins.ErrGarbled,
	} {
		err := fmt.Errorf("search: %w", &plugins.StatusError{Status: status})
		mustBe(t, err, want)
		if !strings.Contains(err.Error(), fmt.Sprint(status)) {
			t.Errorf("%q does not name the status %d", err, status)
		}
	}
}

func TestABrokenConnectionIsToldWithoutTheAddress(t *testing.T) {
	const address = "https://vendor.example.com/users?email=sam.rivera@example.com&key=hunter2hunter2"
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for _, test := range []struct {
		name string
		err  error
		want error
		says string
	}{
		{"connection refused", &url.Error{Op: "Get", URL: address, Err: refused}, plugins.ErrUnreachable, "connection refused"},
		{"an address within an address", &url.Error{Op: "Get", URL: address, Err: &url.Error{Op: "Post", URL: address, Err: refused}}, plugins.ErrUnreachable, "connection refused"},
		{"an address within a sentence", fmt.Errorf("get %s: %w", address, &url.Error{Op: "Get", URL: address, Err: refused}), plugins.ErrUnreachable, "connection refused"},
		{"no address at all", io.EOF, plugins.ErrUnreachable, "EOF"},
		{"an answer that is not HTTP", &url.Error{Op: "Get", URL: address, Err: errors.New(`malformed HTTP response "sam.rivera@example.com"`)}, plugins.ErrGarbled, "not HTTP"},
		{"a header that is none", &url.Error{Op: "Get", URL: address, Err: errors.New(`malformed MIME header line: sam.rivera@example.com`)}, plugins.ErrGarbled, "not HTTP"},
		{"a redirect to nowhere", &url.Error{Op: "Get", URL: address, Err: errors.New(`failed to parse Location header "::sam.rivera@example.com"`)}, plugins.ErrGarbled, "not HTTP"},
		{"a refused token behind the connection", &url.Error{Op: "Get", URL: address, Err: retrieve(401, "invalid_client", nil)}, plugins.ErrRefused, "invalid_client"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := plugins.Transport(test.err)
			mustBe(t, err, test.want)
			mustNotSay(t, err)
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q does not say %q", err, test.says)
			}
		})
	}
	if err := plugins.Transport(&url.Error{Op: "Get", URL: address, Err: refused}); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%v does not keep its cause", err)
	}
}

func retrieve(status int, code string, header http.Header) *oauth2.RetrieveError {
	return &oauth2.RetrieveError{
		Response: &http.Response{StatusCode: status, Header: header}, Body: []byte("sam.rivera@example.com hunter2hunter2"),
		ErrorCode: code, ErrorDescription: "sam.rivera@example.com", ErrorURI: "https://vendor.example.com/?key=hunter2hunter2",
	}
}

func mustNotSay(t *testing.T, err error) {
	t.Helper()
	for _, form := range []string{fmt.Sprintf("%v", err), fmt.Sprintf("%+v", err)} {
		for _, secret := range []string{"sam.rivera", "hunter2", "?email="} {
			if strings.Contains(form, secret) {
				t.Errorf("the error holds %q: %s", secret, form)
			}
		}
	}
}

func TestWhatATokenEndpointMeans(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer *oauth2.RetrieveError
		want   error
		says   string
	}{
		{"wrong client", retrieve(401, "invalid_client", nil), plugins.ErrRefused, "401 Unauthorized (invalid_client)"},
		{"wrong grant", retrieve(400, "invalid_grant", nil), plugins.ErrRefused, "400 Bad Request (invalid_grant)"},
		{"forbidden", retrieve(403, "", nil), plugins.ErrRefused, "no reason given"},
		{"a reason of the vendor's own is not repeated", retrieve(400, "hunter2hunter2", nil), plugins.ErrRefused, "no reason given"},
		{"too many requests", retrieve(429, "", nil), plugins.ErrBusy, "429"},
		{"out of order", retrieve(502, "", nil), plugins.ErrBusy, "502"},
		{"no such address", retrieve(404, "", nil), plugins.ErrGarbled, "get a token"},
		{"success without a token", retrieve(200, "", nil), plugins.ErrGarbled, "get a token"},
		{"no answer kept", &oauth2.RetrieveError{}, plugins.ErrGarbled, "get a token"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := plugins.TokenRefused(test.answer)
			mustBe(t, err, test.want)
			mustNotSay(t, err)
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q does not say %q", err, test.says)
			}
		})
	}
	var busy *plugins.StatusError
	if err := plugins.TokenRefused(retrieve(429, "", http.Header{"Retry-After": {"90"}})); !errors.As(err, &busy) || busy.RetryAfter != 90*time.Second {
		t.Errorf("%v does not say to come back after 90 s", err)
	}
}
