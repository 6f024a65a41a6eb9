package demo

import (
	"context"
	"errors"
	"io"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var whole = roundTrip(func(r *http.Request) (*http.Response, error) {
	return answer(r, http.StatusOK, "application/json", `{"whole": true}`), nil
})

// ask asks a source with a patience, and returns the status and body or the
// error, and how long that took.
func ask(t *testing.T, door http.RoundTripper, patience time.Duration) (status int, body string, took time.Duration, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://vendor.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	got, err := door.RoundTrip(request)
	if err != nil {
		return 0, "", time.Since(start), err
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	return got.StatusCode, string(text), time.Since(start), err
}

func TestEveryWayToBreak(t *testing.T) {
	const json, page = `{"whole": true}`, "<!doctype html><title>Maintenance</title><p>Back soon.</p>"
	for _, c := range []struct {
		name     string
		way      breakage
		patience time.Duration
		status   int
		body     string
		fails    error
		took     time.Duration
	}{
		{"none answers at once", "", time.Second, 200, json, nil, 0},
		{"down is no connection", down, time.Second, 0, "", syscall.ECONNREFUSED, 0},
		{"refused is a refusal", refused, time.Second, 401, `{"error":"invalid_client"}`, nil, 0},
		{"garbled is a web page", garbled, time.Second, 200, page, nil, 0},
		{"slow answers after everybody’s patience", slow, 4 * time.Second, 0, "", context.DeadlineExceeded, 4 * time.Second},
		{"slow answers at last", slow, time.Minute, 200, json, nil, slowness},
		{"hang never answers", hang, time.Hour, 0, "", context.DeadlineExceeded, time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				status, body, took, err := ask(t, c.way.of(whole), c.patience)
				if status != c.status || body != c.body || took != c.took {
					t.Errorf("got %d %q after %v", status, body, took)
				}
				if !errors.Is(err, c.fails) {
					t.Errorf("the error is %v, want %v", err, c.fails)
				}
			})
		})
	}
}

func TestWhichSourcesBreakIsReadStrictly(t *testing.T) {
	broken, err := parseBreakage(" jamf:down, google:slow ,", []string{"jamf", "google"})
	if err != nil || len(broken) != 2 || broken["jamf"] != down || broken["google"] != slow {
		t.Errorf("got %v, %v", broken, err)
	}
	for _, text := range []string{"jamf", "jamf:", "jamf:DOWN", "landesk:down", "down", ":down"} {
		if broken, err := parseBreakage(text, []string{"jamf", "google"}); err == nil {
			t.Errorf("%q is read as %v", text, broken)
		}
	}
}
