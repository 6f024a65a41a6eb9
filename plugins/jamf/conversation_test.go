package jamf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"stethoscope/demo/fakejamf"
	"stethoscope/plugins"
	"stethoscope/posture"
)

const sam = "sam.rivera@example.com"

func TestFallsBackToOlderComputerInventories(t *testing.T) {
	for _, test := range []struct {
		sentence string
		server   fakejamf.Options
		first    []string // paths of the first question
		second   []string // and of a second
	}{
		{"a current server is asked at v4", fakejamf.Options{}, []string{"v4"}, []string{"v4"}},
		{"one before 11.30 is asked at v3, at once from then on", fakejamf.Options{WithoutV4: true}, []string{"v4", "v3"}, []string{"v3"}},
		{"an old one is asked at v1, at once from then on", fakejamf.Options{WithoutV4: true, WithoutV3: true}, []string{"v4", "v3", "v1"}, []string{"v1"}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			o := open(t, fake(test.server))
			for _, paths := range [][]string{test.first, test.second} {
				before := len(o.server.asked("computers-inventory"))
				reports, err := o.find(t, byEmail(sam))
				if err != nil || keys(reports) != "computer/101 mobile/31" {
					t.Fatalf("found %q, %v", keys(reports), err)
				}
				var asked []string
				for _, r := range o.server.asked("computers-inventory")[before:] {
					asked = append(asked, strings.Split(r.URL.Path, "/")[2])
				}
				if fmt.Sprint(asked) != fmt.Sprint(paths) {
					t.Errorf("asked %q, want %q", asked, paths)
				}
			}
		})
	}
}

func TestNoticesAnUpgradeWithinAnHour(t *testing.T) {
	o := open(t, fake(fakejamf.Options{WithoutV4: true}))
	for _, step := range []struct {
		sentence string
		later    time.Duration
		v4       int // questions to v4 so far
	}{
		{"v4 is tried first", 0, 1},
		{"and then not for a while", 0, 1},
		{"not within the hour", 59 * time.Minute, 1},
		{"again after the hour: asking has not put it off", 2 * time.Minute, 2},
		{"and then not for a while", 0, 2},
	} {
		o.now = o.now.Add(step.later)
		if _, err := o.find(t, byEmail(sam)); err != nil {
			t.Fatal(err)
		}
		if n := len(o.server.asked("/v4/")); n != step.v4 {
			t.Errorf("%s: v4 was asked %d times, want %d", step.sentence, n, step.v4)
		}
	}
	o.server.Handler = fake(fakejamf.Options{})
	o.now = o.now.Add(61 * time.Minute)
	for want := 3; want <= 4; want++ {
		if _, err := o.find(t, byEmail(sam)); err != nil {
			t.Fatal(err)
		}
		if n := len(o.server.asked("/v4/")); n != want {
			t.Errorf("the upgraded server was asked at v4 %d times, want %d", n, want)
		}
	}
}

func TestSaysThatAServerHasNoInventory(t *testing.T) {
	o := open(t, except(fake(fakejamf.Options{}), "computers-inventory", http.NotFound))
	reports, err := o.find(t, byEmail(sam))
	if !errors.Is(err, plugins.ErrNotFound) || keys(reports) != "mobile/31" {
		t.Errorf("found %q, %v", keys(reports), err)
	}
}

func TestFollowsAllPages(t *testing.T) {
	var computers []string
	for i := 1; i <= 23; i++ {
		computers = append(computers, fmt.Sprintf(`{"id":"%d","userAndLocation":{"email":"sam.rivera@example.com"}}`, i))
	}
	for _, test := range []struct {
		sentence string
		server   fakejamf.Options
		settings string
		pages    int
	}{
		{"in pages of ten", fakejamf.Options{}, "page_size: 10", 3},
		{"in pages that the server made shorter", fakejamf.Options{PageSize: 5}, "page_size: 100", 5},
		{"on one page that is just full", fakejamf.Options{}, "page_size: 23", 1},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			o := open(t, fakejamf.NewWith(records(computers, nil), test.server), test.settings)
			reports, err := o.find(t, byEmail(sam))
			if err != nil || len(reports) != 23 {
				t.Errorf("%d reports, %v", len(reports), err)
			}
			if n := len(o.server.asked("computers-inventory")); n != test.pages {
				t.Errorf("%d requests, want %d", n, test.pages)
			}
		})
	}
}

func TestEndsWithAServerThatNeverDoes(t *testing.T) {
	page := `{"totalCount":1000000,"results":[{"id":"1","userAndLocation":{"email":"sam.rivera@example.com"}}` + strings.Repeat(`,{"id":"2"}`, 1999) + `]}`
	o := open(t, except(fake(fakejamf.Options{}), "computers-inventory", says(200, page)), "page_size: 2000")
	reports, err := o.find(t, byEmail(sam))
	if !errors.Is(err, plugins.ErrGarbled) || keys(reports) != "computer/1 mobile/31" {
		t.Errorf("found %q, %v", keys(reports), err)
	}
	if n := len(o.server.asked("computers-inventory")); n != 5 {
		t.Errorf("%d pages of 2000 were read, want 5", n)
	}
}

// countRecords counts the records that are taken apart, which is what costs.
func (o *opened) countRecords(each func()) *atomic.Int32 {
	taken := new(atomic.Int32)
	for _, inv := range o.Source.(*source).inventories {
		read := inv.read
		inv.read = func(record []byte, now time.Time) (posture.Report, error) {
			taken.Add(1)
			each()
			return read(record, now)
		}
	}
	return taken
}

func TestTakesNoMoreRecordsApartThanItsBound(t *testing.T) {
	for _, test := range []struct {
		sentence string
		rows     int
		most     int32
	}{
		{"of one page that is longer than any page", plugins.MaxRecords + 1, 0},
		{"of pages that are together too long", 6000, 6000},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			page := `{"totalCount":1000000,"results":[` + strings.Repeat(`{},`, test.rows-1) + `{}]}`
			o := open(t, except(fake(fakejamf.Options{}), "computers-inventory", says(200, page)))
			uuid := must(t)(posture.HardwareUUID("6E1B7C52-93D4-5A0F-8C21-4F7A9B03D6E8")) // only computers are asked for it
			taken := o.countRecords(func() {})
			if _, err := o.find(t, byIdentifiers(t, uuid)); !errors.Is(err, plugins.ErrGarbled) || !strings.Contains(err.Error(), "more than 10000 records") {
				t.Error(err)
			}
			if n := taken.Load(); n > test.most {
				t.Errorf("%d records were taken apart, want %d", n, test.most)
			}
		})
	}
}

func TestTakesNoRecordApartAfterTheVisitorLeft(t *testing.T) {
	page := `{"totalCount":500,"results":[` + strings.Repeat(`{"id":"2"},`, 499) + `{"id":"2"}]}`
	o := open(t, except(fake(fakejamf.Options{}), "computers-inventory", says(200, page)))
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	taken := o.countRecords(leave)
	uuid := must(t)(posture.HardwareUUID("6E1B7C52-93D4-5A0F-8C21-4F7A9B03D6E8"))
	if _, err := o.Find(ctx, byIdentifiers(t, uuid)); !errors.Is(err, context.Canceled) || taken.Load() != 1 {
		t.Errorf("%d records were taken apart, error %v", taken.Load(), err)
	}
}

func TestKeepsTheFirstPageWhenTheSecondFails(t *testing.T) {
	jamf := fakejamf.New(records([]string{
		`{"id":"1","userAndLocation":{"email":"sam.rivera@example.com"}}`, `{"id":"2","userAndLocation":{"email":"sam.rivera@example.com"}}`,
	}, nil))
	o := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "1" {
			says(502, "<html>bad gateway</html>")(w, r)
			return
		}
		jamf.ServeHTTP(w, r)
	}), "page_size: 1")
	reports, err := o.find(t, byEmail(sam))
	if !errors.Is(err, plugins.ErrBusy) || keys(reports) != "computer/1" {
		t.Errorf("found %q, %v", keys(reports), err)
	}
}

func TestTokens(t *testing.T) {
	ask := func(t *testing.T, o *opened, visits int) (granted int) {
		t.Helper()
		for range visits {
			if reports, err := o.find(t, byEmail(sam)); err != nil || keys(reports) != "computer/101 mobile/31" {
				t.Fatalf("found %q, %v", keys(reports), err)
			}
		}
		return len(o.server.asked("oauth/token"))
	}
	t.Run("one token serves many visits", func(t *testing.T) {
		if n := ask(t, open(t, fake(fakejamf.Options{})), 5); n != 1 {
			t.Errorf("%d tokens", n)
		}
	})
	t.Run("a token of a minute is renewed before its end", func(t *testing.T) {
		o := open(t, fake(fakejamf.Options{TokenSeconds: 60}))
		ask(t, o, 2)
		o.now = o.now.Add(51 * time.Second)
		if n := ask(t, o, 2); n != 2 {
			t.Errorf("%d tokens, want 2", n)
		}
	})
	t.Run("a token that ends before its time is renewed", func(t *testing.T) {
		o := open(t, fake(fakejamf.Options{TokenUses: 2}))
		if n := ask(t, o, 3); n != 3 {
			t.Errorf("%d tokens, want 3", n)
		}
	})
	t.Run("the secret travels in the body alone", func(t *testing.T) {
		o := open(t, fake(fakejamf.Options{ClientSecret: secret}))
		ask(t, o, 1)
		r := o.server.asked("oauth/token")[0]
		if r.Header.Get("Authorization") != "" || strings.Contains(r.URL.String(), secret) {
			t.Error("the secret is in the header or the address")
		}
	})
	t.Run("a token that is refused is renewed once and no more", func(t *testing.T) {
		o := open(t, except(fake(fakejamf.Options{}), "computers-inventory", says(401, "")))
		reports, err := o.find(t, byEmail(sam))
		if !errors.Is(err, plugins.ErrRefused) || keys(reports) != "mobile/31" {
			t.Errorf("found %q, %v", keys(reports), err)
		}
		if n := len(o.server.asked("computers-inventory")); n != 2 {
			t.Errorf("%d requests, want 2", n)
		}
	})
	t.Run("a token endpoint that shows a login page is garbled", func(t *testing.T) {
		_, err := open(t, except(fake(fakejamf.Options{}), "oauth/token", says(200, "<html>Sign in, sam.rivera@example.com</html>"))).find(t, byEmail(sam))
		if !errors.Is(err, plugins.ErrGarbled) || errors.Is(err, plugins.ErrUnreachable) {
			t.Error(err)
		}
	})
	t.Run("a wrong secret is refused, and nothing else is asked", func(t *testing.T) {
		o := open(t, fake(fakejamf.Options{ClientSecret: "another"}))
		if _, err := o.find(t, byEmail(sam)); !errors.Is(err, plugins.ErrRefused) {
			t.Error(err)
		}
		if n := len(o.server.asked("inventory")) + len(o.server.asked("mobile-devices")); n != 0 {
			t.Errorf("%d requests without a token", n)
		}
	})
}

func TestFailures(t *testing.T) {
	for _, test := range []struct {
		sentence string
		answer   http.HandlerFunc
		want     error
	}{
		{"a web page is garbled", says(200, "<!DOCTYPE html><html>sam.rivera@example.com"), plugins.ErrGarbled},
		{"half an answer is garbled", says(200, `{"totalCount":1,"results":[{"id":"1",`), plugins.ErrGarbled},
		{"JSON that is not Jamf's is garbled", says(200, `{"status":"ok"}`), plugins.ErrGarbled},
		{"a list of the wrong type is garbled", says(200, `{"totalCount":1,"results":{"id":"1"}}`), plugins.ErrGarbled},
		{"fewer records than announced are garbled", says(200, `{"totalCount":3,"results":[]}`), plugins.ErrGarbled},
		{"a bad question is garbled", says(400, `{"httpStatus":400,"errors":[{"code":"INVALID","description":"userAndLocation.email==sam.rivera@example.com"}]}`), plugins.ErrGarbled},
		{"a redirect is not followed", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		}, plugins.ErrGarbled},
		{"a role without the privilege is refused", says(403, `{"httpStatus":403}`), plugins.ErrRefused},
		{"500 is busy", says(500, "sam.rivera@example.com"), plugins.ErrBusy},
		{"429 is busy", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
		}, plugins.ErrBusy},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			o := open(t, except(fake(fakejamf.Options{}), "computers-inventory", test.answer))
			reports, err := o.find(t, byEmail(sam))
			if !errors.Is(err, test.want) || keys(reports) != "mobile/31" {
				t.Errorf("found %q, %v: what the other inventory said is kept", keys(reports), err)
			}
			if n := len(o.server.asked("computers-inventory")); n != 1 {
				t.Errorf("%d requests: nothing is tried again within a visit", n)
			}
		})
	}
}

func TestNoConnection(t *testing.T) {
	o := open(t, nil)
	o.client().http = &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, syscall.ECONNREFUSED })}
	if reports, err := o.find(t, byEmail(sam)); !errors.Is(err, plugins.ErrUnreachable) || reports != nil {
		t.Errorf("found %q, %v", keys(reports), err)
	}
}

func TestAnswerThatBreaksOffOnTheWay(t *testing.T) {
	o := open(t, nil)
	jamf := &server{Handler: fakejamf.New(samples())}
	o.client().http = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		answer, err := jamf.RoundTrip(r)
		if err == nil && strings.Contains(r.URL.Path, "mobile") {
			answer.Body = io.NopCloser(io.MultiReader(io.LimitReader(answer.Body, 100), broken{}))
		}
		return answer, err
	})}
	if reports, err := o.find(t, byEmail(sam)); !errors.Is(err, plugins.ErrGarbled) || keys(reports) != "computer/101" {
		t.Errorf("found %q, %v", keys(reports), err)
	}
}

func (o *opened) client() *client { return o.Source.(*source).client }

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReturnsSoonAfterTheVisitorLeaves(t *testing.T) {
	for _, part := range []string{"oauth/token", "computers-inventory", "mobile-devices"} {
		t.Run("while "+part+" hangs", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t, except(fake(fakejamf.Options{}), part, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
				ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
				defer cancel()
				start := time.Now()
				reports, err := o.Find(ctx, byEmail(sam))
				if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 4*time.Second {
					t.Errorf("%v after %v", err, time.Since(start))
				}
				if part == "mobile-devices" && keys(reports) != "computer/101" {
					t.Errorf("found %q: what was learned before is kept", keys(reports))
				}
			})
		})
	}
}

func TestAsksBothInventoriesSideBySideButNotMoreThanFourAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		jamf := fake(fakejamf.Options{})
		o := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			now.Add(-1)
			jamf.ServeHTTP(w, r)
		}))
		var many []posture.Identifier
		for i := range 300 {
			many = append(many, must(t)(posture.Serial(fmt.Sprintf("SERIAL%dX", i))))
		}
		start := time.Now()
		if _, err := o.find(t, byIdentifiers(t, many...)); err != nil {
			t.Error(err)
		}
		// a token, and then 2 × 6 questions, four at a time
		if most.Load() != 4 || time.Since(start) != 4*time.Second {
			t.Errorf("%d at once, %v in all", most.Load(), time.Since(start))
		}
	})
}

func TestPanicReachesTheCallerWithItsPlace(t *testing.T) {
	o := open(t, except(fake(fakejamf.Options{}), "mobile-devices", func(http.ResponseWriter, *http.Request) { panic("of sam.rivera@example.com") }))
	defer func() {
		raised, ok := recover().(interface{ PanicStack() []byte })
		if !ok {
			t.Fatal("the panic did not reach the goroutine that can contain it")
		}
		if said := fmt.Sprintf("%v\n%s", raised, raised.PanicStack()); !strings.Contains(said, "conversation_test.go:") || strings.Contains(said, "sam.rivera") {
			t.Error(said)
		}
	}()
	_, _ = o.Find(t.Context(), byEmail(sam))
}

func TestAsksForTheSectionsThatItReadsAndNoMore(t *testing.T) {
	o := open(t, fake(fakejamf.Options{}), "page_size: 50")
	if _, err := o.find(t, byEmail(sam)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"computers-inventory": "page=0&page-size=50&section=GENERAL&section=HARDWARE&section=OPERATING_SYSTEM&section=USER_AND_LOCATION&section=DISK_ENCRYPTION" +
			"&section=STORAGE&section=SECURITY&section=APPLICATIONS&section=SERVICES&section=SOFTWARE_UPDATES&section=EXTENSION_ATTRIBUTES&section=PURCHASING&sort=id%3Aasc",
		// Without LENIENT one device with bad data fails the answer for everybody.
		"mobile-devices/detail": "exception-handling=LENIENT&page=0&page-size=50&section=GENERAL&section=HARDWARE&section=USER_AND_LOCATION&section=SECURITY&section=NETWORK&sort=mobileDeviceId%3Aasc",
	} {
		r := o.server.asked(path)[0]
		query := r.URL.Query()
		query.Del("filter")
		if query.Encode() != want {
			t.Errorf("%s was asked\n %s, want\n %s", path, query.Encode(), want)
		}
		if r.Header.Get("Accept") != "application/json" {
			t.Error("an old server answers XML to who does not say what it accepts")
		}
	}
}
