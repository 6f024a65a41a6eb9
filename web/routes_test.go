package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestASlashAtTheEndLeadsToThePage(t *testing.T) {
	s := start(t)
	ada := s.as(t, "ada@example.com")
	for from, want := range map[string]string{
		"/help/": "/help", "/devices/": "/devices", "/devices/?view=print": "/devices?view=print", "/devices/" + adas.ID() + "/": "/devices/" + adas.ID(),
		"/devices/%2fevil.example/": "/devices/%2Fevil.example", "/devices/%5cevil.example/": "/devices/%5Cevil.example", "/help/?return=//evil.example": "/help?return=//evil.example",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if p := s.do(t, ada, method, from, nil, nil); p.StatusCode != http.StatusTemporaryRedirect || p.Header.Get("Location") != want {
				t.Errorf("%s %s answers %d to %q, want %s", method, from, p.StatusCode, p.Header.Get("Location"), want)
			}
		}
	}
	for _, from := range []string{"//evil.example/", "//evil.example/help/", "/help//", "/\\evil.example/", "//help/", "/login/", "/healthz/", "/devices/a/b/", "/api/v1/devices/merged/ada@example.com/"} {
		if p := s.get(t, ada, from); p.StatusCode < 400 {
			t.Errorf("%s answers %d to %q", from, p.StatusCode, p.Header.Get("Location"))
		}
	}
	if p := s.do(t, ada, http.MethodPost, "/help/", nil, http.Header{"Origin": {s.URL}}); p.StatusCode < 400 {
		t.Errorf("POST /help/ answers %d", p.StatusCode)
	}
	if p := s.get(t, s.browser(), "/devices/"); p.StatusCode != http.StatusUnauthorized || strings.Contains(p.text, "Mac") {
		t.Errorf("signed out, /devices/ answers %d", p.StatusCode)
	}
}
