package google

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// quotaReasons are the 403s that mean "later"
// (developers.google.com/workspace/admin/directory/v1/limits).
var quotaReasons = map[string]bool{
	"rateLimitExceeded":     true,
	"userRateLimitExceeded": true,
	"quotaExceeded":         true,
	"dailyLimitExceeded":    true,
	"RATE_LIMIT_EXCEEDED":   true,
}

// refusalReasons are those that tell an administrator what to set right. Any
// other word of the answer stays out of errors: it may hold personal data.
var refusalReasons = map[string]bool{
	"forbidden":                       true, // the account acted for lacks the right
	"insufficientPermissions":         true, // the scopes are not granted
	"ACCESS_TOKEN_SCOPE_INSUFFICIENT": true,
	"accessNotConfigured":             true, // the Admin SDK API is off in the project
	"SERVICE_DISABLED":                true,
	"domainPolicy":                    true, // API access is off in the Admin console
	"notAuthorized":                   true,
}

// reasonKey is where a request's context has room for the reason of a 403.
type reasonKey struct{}

// A reasonReader reads from the body of a 403 why Google refused and leaves the
// rest of it unread: plugins.FetchJSON lets nothing of a body through.
type reasonReader struct{ next http.RoundTripper }

func (t reasonReader) RoundTrip(request *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	answer, err := next.RoundTrip(request)
	if err != nil || answer.StatusCode != http.StatusForbidden {
		return answer, err
	}
	if reason, ok := request.Context().Value(reasonKey{}).(*string); ok {
		const mostBytes = 64 << 10
		body, _ := io.ReadAll(io.LimitReader(answer.Body, mostBytes))
		*reason = reasonIn(body)
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), answer.Body), answer.Body}
	}
	return answer, nil
}

// reasonIn returns the reason in an error body of Google's, in its old or its
// new form, if it is one that this package knows. A quota goes before others.
func reasonIn(body []byte) string {
	var answer struct {
		Error struct {
			Errors  []struct{ Reason string } `json:"errors"`
			Details []struct{ Reason string } `json:"details"`
		} `json:"error"`
	}
	_ = json.Unmarshal(body, &answer) // what fits is read; a body in another form has no reason
	found := ""
	for _, e := range append(answer.Error.Errors, answer.Error.Details...) {
		if quotaReasons[e.Reason] {
			return e.Reason
		}
		if found == "" && refusalReasons[e.Reason] {
			found = e.Reason
		}
	}
	return found
}
