package fakejamf

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// tokens grants and checks access tokens.
type tokens struct {
	options Options

	mutex   sync.Mutex
	granted int
	uses    map[string]int // of each token that was granted
}

// grant is the token endpoint: OAuth 2 client credentials in the form body,
// and errors as in RFC 6749 §5.2.
func (t *tokens) grant(w http.ResponseWriter, r *http.Request) {
	refuse := func(code string) {
		answer(w, http.StatusBadRequest, map[string]any{"error": code, "error_description": "refused by fakejamf"})
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/x-www-form-urlencoded" {
		refuse("invalid_request")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || r.URL.RawQuery != "" {
		refuse("invalid_request") // a secret in the address would be in every log
		return
	}
	if r.PostForm.Get("grant_type") != "client_credentials" {
		refuse("unsupported_grant_type")
		return
	}
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if id == "" || secret == "" || t.options.ClientSecret != "" && secret != t.options.ClientSecret {
		refuse("invalid_client")
		return
	}
	t.mutex.Lock()
	t.granted++
	token := "fakejamf-token-" + strconv.Itoa(t.granted)
	t.uses[token] = 0
	t.mutex.Unlock()
	answer(w, http.StatusOK, map[string]any{
		"access_token": token, "scope": "api-role:1", "token_type": "Bearer", "expires_in": t.options.TokenSeconds,
	})
}

// require lets only requests with a good token through.
func (t *tokens) require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		t.mutex.Lock()
		uses, granted := t.uses[token]
		good := bearer && granted && (t.options.TokenUses == 0 || uses < t.options.TokenUses)
		if good {
			t.uses[token]++
		}
		t.mutex.Unlock()
		if !good {
			fail(w, http.StatusUnauthorized, "INVALID_TOKEN", "Unauthorized")
			return
		}
		next.ServeHTTP(w, r)
	})
}
