package plugins_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"stethoscope/plugins"
	"stethoscope/plugins/inmemory"
)

type record struct {
	Email string
	Count int
	Part  struct{ Size []int }
	By    map[string]int
	At    time.Time
}

// fetch asks a vendor who answers as h does.
func fetch(ctx context.Context, t *testing.T, h http.HandlerFunc) (record, error) {
	t.Helper()
	client := &http.Client{Transport: inmemory.Transport(h), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://vendor.example.com/users?email=sam.rivera@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer hunter2hunter2")
	var into record
	err = plugins.FetchJSON(client, request, &into)
	return into, err
}

func body(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
}

func TestFetchJSONReadsAnAnswer(t *testing.T) {
	for _, text := range []string{`{"email": "sam.rivera@example.com"}`, "\n {\"Email\":\"sam.rivera@example.com\", \"other\": [1]}\n"} {
		if got, err := fetch(t.Context(), t, body(text)); err != nil || got.Email != "sam.rivera@example.com" {
			t.Errorf("%s: read %v, error %v", text, got, err)
		}
	}
}

func TestFetchJSONSaysWhatIsWrongWithAnAnswerAndNothingOfIt(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		says   string
	}{
		{"an empty body", body(""), "not JSON at byte 0"},
		{"cut short within a word", body(`{"email": "sam.riv`), "not JSON at byte 18"},
		{"cut short within an object", body(`{"email": "sam.rivera@example.com",`), "not JSON at byte 35"},
		{"two texts", body(`{} sam.rivera@example.com`), "not JSON at byte 4"},
		{"a web page", body("\n<!doctype html><p>sam.rivera@example.com hunter2"), "a web page"},
		{"XML", body("<?xml version='1.0'?><email>sam.rivera@example.com</email>"), "a web page"},
		{"another language", body("sam.rivera@example.com,hunter2"), "not JSON at byte 1"},
		{"text for a number", body(`{"count": "hunter2"}`), "Count is a JSON string"},
		{"a number too large", body(`{"count": 123456789012345678901234567890}`), "Count is a JSON number"},
		{"text for a number, deep", body(`{"part": {"size": ["hunter2"]}}`), "Part.Size is a JSON string"},
		{"text for a number under a name that is an email", body(`{"by": {"sam.rivera@example.com": "x"}}`), "By is a JSON string"},
		{"a time that is none", body(`{"at": "sam.rivera@example.com"}`), "not the JSON expected"},
		{"a list for an object", body(`["hunter2"]`), "is a JSON array"},
		{"text for an object", body(`"hunter2"`), "is a JSON string"},
		{"fewer bytes than promised", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "400")
			_, _ = io.WriteString(w, `{"email": "sam.rivera@example.com"}`)
		}, "cut short"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := fetch(t.Context(), t, test.answer)
			mustBe(t, err, plugins.ErrGarbled)
			mustNotSay(t, err)
			if err != nil && !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(test.says)) {
				t.Errorf("%q does not say %q", err, test.says)
			}
		})
	}
}

func TestFetchJSONTellsAnAnswerThatIsNoSuccess(t *testing.T) {
	for _, test := range []struct {
		status int
		after  string
		want   error
		later  time.Duration
	}{
		{401, "", plugins.ErrRefused, 0}, {403, "", plugins.ErrRefused, 0}, {404, "", plugins.ErrNotFound, 0},
		{302, "", plugins.ErrGarbled, 0}, {307, "", plugins.ErrGarbled, 0}, {400, "", plugins.ErrGarbled, 0}, {500, "", plugins.ErrBusy, 0},
		{429, "30", plugins.ErrBusy, 30 * time.Second}, {429, " 30 ", plugins.ErrBusy, 30 * time.Second}, {503, "3600", plugins.ErrBusy, time.Hour},
		{429, "86400", plugins.ErrBusy, time.Hour}, {429, "9999999999999", plugins.ErrBusy, time.Hour}, {429, "99999999999999999999999", plugins.ErrBusy, 0},
		{429, "-5", plugins.ErrBusy, 0}, {429, "soon", plugins.ErrBusy, 0}, {429, "Sun, 22 Nov 2026 10:00:00 GMT", plugins.ErrBusy, 0},
	} {
		t.Run(fmt.Sprint(test.status, " ", test.after), func(t *testing.T) {
			_, err := fetch(t.Context(), t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://elsewhere.invalid/?email=sam.rivera@example.com")
				if test.after != "" {
					w.Header().Set("Retry-After", test.after)
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, "hunter2 for sam.rivera@example.com")
			})
			mustBe(t, err, test.want)
			mustNotSay(t, err)
			var status *plugins.StatusError
			if !errors.As(err, &status) || status.Status != test.status || status.RetryAfter != test.later {
				t.Errorf("got %#v, want to come back after %v", status, test.later)
			}
		})
	}
}

func TestFetchJSONReadsNoMoreThanItsBound(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusInternalServerError} {
		var sent atomic.Int64
		_, err := fetch(t.Context(), t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			piece := []byte(strings.Repeat(" ", 64<<10))
			for sent.Load() < 2*plugins.MaxAnswer {
				n, err := w.Write(piece)
				if sent.Add(int64(n)); err != nil {
					return
				}
			}
		})
		if err == nil || sent.Load() > plugins.MaxAnswer+64<<10 {
			t.Errorf("status %d: %d bytes were read, error %v", status, sent.Load(), err)
		}
		if status == http.StatusOK {
			mustBe(t, err, plugins.ErrGarbled)
		}
	}
}

func TestFetchJSONTakesAnAnswerAsLongAsItsBound(t *testing.T) {
	got, err := fetch(t.Context(), t, func(w http.ResponseWriter, _ *http.Request) {
		text := `{"count": 7}`
		_, _ = io.WriteString(w, strings.Repeat(" ", plugins.MaxAnswer-len(text))+text)
	})
	if err != nil || got.Count != 7 {
		t.Errorf("read %d, error %v", got.Count, err)
	}
}

func TestFetchJSONReturnsWhenTheVisitEnds(t *testing.T) {
	for _, where := range []string{"before the answer", "within the answer"} {
		t.Run(where, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				defer close(release)
				ctx, leave := context.WithTimeout(t.Context(), time.Second)
				defer leave()
				_, err := fetch(ctx, t, func(w http.ResponseWriter, _ *http.Request) {
					if where == "within the answer" {
						_, _ = io.WriteString(w, "{")
					}
					<-release
				})
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("the error is %v", err)
				}
				mustBe(t, err, nil)
				mustNotSay(t, err)
			})
		})
	}
}

func TestFetchJSONClosesEveryAnswer(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusForbidden} {
		ended := make(chan struct{})
		_, _ = fetch(t.Context(), t, func(w http.ResponseWriter, r *http.Request) {
			defer close(ended)
			w.WriteHeader(status)
			for {
				if _, err := w.Write([]byte(strings.Repeat("x", 1<<20))); err != nil {
					return
				}
			}
		})
		<-ended
	}
}
