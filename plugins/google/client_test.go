package google

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"stethoscope/demo/fakegoogle"
	"stethoscope/plugins"
	"stethoscope/posture"
)

var fry = posture.Clues{Email: "fry@example.com"}

// phone is a mobile record of Fry's.
func phone(id int) string {
	return fmt.Sprintf(`{"deviceId": "phone-%d", "email": ["fry@example.com"], "os": "Android 16"}`, id)
}

func TestGoogleIsAskedAsItsDocumentationSays(t *testing.T) {
	asked := map[string]url.Values{}
	var mu sync.Mutex
	s := connect(t, answering(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.Method+" "+r.URL.Path] = r.URL.Query()
		saying(200, `{}`)(w, r)
	}), "customer: C01ab2cd3")
	find(t, s, "fry@example.com")
	for address, want := range map[string]url.Values{
		"GET /admin/directory/v1/customer/C01ab2cd3/devices/mobile":   {"query": {"email:fry@example.com"}, "projection": {"FULL"}, "maxResults": {"100"}},
		"GET /admin/directory/v1/customer/C01ab2cd3/devices/chromeos": {"query": {"recent_user:fry@example.com"}, "projection": {"FULL"}, "maxResults": {"300"}},
	} {
		if got := asked[address]; got.Encode() != want.Encode() {
			t.Errorf("%s with %s, want %s", address, got.Encode(), want.Encode())
		}
	}
}

func TestEveryPageIsRead(t *testing.T) {
	files := records()
	for i := range 7 {
		for path, r := range records(fmt.Sprintf("mobile/%d.json", i), phone(i)) {
			files[path] = r
		}
	}
	s := connect(t, fakegoogle.NewWith(files, fakegoogle.Options{PageSize: 3}))
	if got := len(find(t, s, "fry@example.com")); got != 7 {
		t.Errorf("%d devices, want 7", got)
	}
}

func TestTokenIsHadOnceAndInTheAdministratorsName(t *testing.T) {
	var asked atomic.Int32
	var form url.Values
	google := fakegoogle.NewWith(records("mobile/1.json", phone(1)), fakegoogle.Options{Intercept: func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/token" {
			asked.Add(1)
			_ = r.ParseForm()
			form = r.PostForm
		}
		return false
	}})
	s := connect(t, google) // its key's token_uri is the test server's: see connect
	find(t, s, "fry@example.com")
	find(t, s, "fry@example.com")
	if asked.Load() != 1 {
		t.Errorf("%d tokens, want 1", asked.Load())
	}
	claims := decodeClaims(t, form.Get("assertion"))
	if claims["sub"] != "reader@example.com" || claims["aud"] != s.url+"/token" || claims["iat"].(float64) > float64(time.Now().Unix()) {
		t.Errorf("claims %v", claims)
	}
	if want := "https://www.googleapis.com/auth/admin.directory.device.mobile.readonly https://www.googleapis.com/auth/admin.directory.device.chromeos.readonly"; claims["scope"] != want {
		t.Errorf("asks for the scopes %q, want %q", claims["scope"], want)
	}
}

func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	t.Run("and then all is well", func(t *testing.T) {
		s := connect(t, fakegoogle.NewWith(records("mobile/1.json", phone(1)), fakegoogle.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("Authorization") != "Bearer fake-access-token-1" {
				return false
			}
			saying(401, `{"error": {"code": 401}}`)(w, r)
			return true
		}}))
		if got := len(find(t, s, "fry@example.com")); got != 1 {
			t.Errorf("%d devices, want 1", got)
		}
	})
	t.Run("and a second refusal is the last", func(t *testing.T) {
		var asked atomic.Int32
		s := connect(t, answering(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			saying(401, `{}`)(w, r)
		}))
		_, err := s.Find(t.Context(), fry)
		if !errors.Is(err, plugins.ErrRefused) {
			t.Errorf("error %v, want a refusal", err)
		}
		if asked.Load() != 4 { // two lists, twice each
			t.Errorf("asked %d times, want 4", asked.Load())
		}
	})
}

func TestTroubles(t *testing.T) {
	errorBody := func(reason string) string {
		return `{"error": {"code": 403, "message": "for fry@example.com", "errors": [{"domain": "usageLimits", "reason": "` + reason + `"}]}}`
	}
	for _, test := range []struct {
		says   string
		answer http.HandlerFunc
		want   error
		text   string
	}{
		{"403 for a user's rate is busy", saying(403, errorBody("userRateLimitExceeded")), plugins.ErrBusy, "userRateLimitExceeded"},
		{"403 for the rate is busy", saying(403, errorBody("rateLimitExceeded")), plugins.ErrBusy, "rateLimitExceeded"},
		{"403 for the quota is busy", saying(403, errorBody("quotaExceeded")), plugins.ErrBusy, "quotaExceeded"},
		{"403 in the new form is busy", saying(403, `{"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [{"@type": "x", "reason": "RATE_LIMIT_EXCEEDED"}]}}`), plugins.ErrBusy, "RATE_LIMIT_EXCEEDED"},
		{"403 for the scopes is a refusal that says so", saying(403, errorBody("insufficientPermissions")), plugins.ErrRefused, "insufficientPermissions"},
		{"403 with the interface off is a refusal that says so", saying(403, errorBody("accessNotConfigured")), plugins.ErrRefused, "accessNotConfigured"},
		{"403 with a reason that nobody knows is a refusal", saying(403, errorBody("fry@example.com is gone")), plugins.ErrRefused, "403"},
		{"403 with a page is a refusal", saying(403, `<html>fry@example.com</html>`), plugins.ErrRefused, "403"},
		{"403 with nothing is a refusal", saying(403, ``), plugins.ErrRefused, "403"},
		{"403 with other types is a refusal", saying(403, `{"error": {"errors": [{"reason": 7}]}}`), plugins.ErrRefused, "403"},
		{"429 is busy", saying(429, `{}`), plugins.ErrBusy, "429"},
		{"500 is busy", saying(500, `fry@example.com`), plugins.ErrBusy, "500"},
		{"503 is busy", saying(503, ``), plugins.ErrBusy, "503"},
		{"404 is not found", saying(404, `{}`), plugins.ErrNotFound, "404"},
		{"400 is garbled", saying(400, `{"error": {"message": "Invalid Input: email:fry@example.com"}}`), plugins.ErrGarbled, "400"},
		{"a login page is garbled", saying(200, `<!doctype html><p>fry@example.com`), plugins.ErrGarbled, "web page"},
		{"half an answer is garbled", saying(200, `{"mobiledevices": [{"email": ["fry@example.com"`), plugins.ErrGarbled, "not JSON"},
		{"an answer that is cut short is garbled", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"mobiledevices": [`))
		}, plugins.ErrGarbled, "cut short"},
		{"a list that is an object is garbled", saying(200, `{"mobiledevices": {}, "chromeosdevices": {}}`), plugins.ErrGarbled, "devices"},
		{"a page token that is a number is garbled", saying(200, `{"nextPageToken": 7}`), plugins.ErrGarbled, "nextPageToken"},
		{"a list in place of the answer is garbled", saying(200, `[]`), plugins.ErrGarbled, ""},
		{"an empty answer is garbled", saying(200, ``), plugins.ErrGarbled, ""},
		{"pages in a circle are garbled", saying(200, `{"nextPageToken": "again"}`), plugins.ErrGarbled, "circle"},
		{"a connection that breaks is unreachable", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, plugins.ErrUnreachable, ""},
	} {
		t.Run(test.says, func(t *testing.T) {
			s := connect(t, answering(test.answer))
			reports, err := s.Find(t.Context(), fry)
			if !errors.Is(err, test.want) || len(reports) > 0 {
				t.Fatalf("%d reports, error %v; want %v", len(reports), err, test.want)
			}
			if !strings.Contains(err.Error(), test.text) {
				t.Errorf("%q does not say %q", err, test.text)
			}
			if test.want != plugins.ErrRefused && errors.Is(err, plugins.ErrRefused) {
				t.Errorf("%q counts as a refusal", err)
			}
			quiet(t, s, err)
		})
	}
}

// quiet checks that neither an error nor the log holds anything personal or secret.
func quiet(t *testing.T, s setup, err error) {
	t.Helper()
	said := fmt.Sprintf("%v %+v %s", err, err, s.log)
	for _, secret := range []string{"fry", "reader@", "fake-access-token", "PRIVATE KEY", "iam.gserviceaccount", "assertion", "127.0.0.1:", "query="} {
		if strings.Contains(said, secret) {
			t.Errorf("%q tells %q", said, secret)
		}
	}
}

func TestTokenTroubles(t *testing.T) {
	for _, test := range []struct {
		says   string
		answer http.HandlerFunc
		want   error
		text   string
	}{
		{"delegation that was not granted is a refusal", saying(401, `{"error": "unauthorized_client", "error_description": "for fry@example.com"}`), plugins.ErrRefused, "unauthorized_client"},
		{"a key that was revoked is a refusal", saying(400, `{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}`), plugins.ErrRefused, "invalid_grant"},
		{"a code that nobody knows is not repeated", saying(400, `{"error": "fry@example.com"}`), plugins.ErrRefused, "no reason given"},
		{"429 is busy", saying(429, ``), plugins.ErrBusy, "429"},
		{"500 is busy", saying(500, ``), plugins.ErrBusy, "500"},
		{"a login page is garbled", saying(200, `<html>fry`), plugins.ErrGarbled, "get a token"},
		{"no token is garbled", saying(200, `{"expires_in": 3600}`), plugins.ErrGarbled, "get a token"},
		{"a redirect is not followed", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere?a=fry", http.StatusTemporaryRedirect)
		}, plugins.ErrGarbled, "get a token"},
		{"a connection that breaks is unreachable", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, plugins.ErrUnreachable, ""},
	} {
		t.Run(test.says, func(t *testing.T) {
			s := connect(t, test.answer)
			_, err := s.Find(t.Context(), fry)
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) {
				t.Fatalf("error %v; want %v and %q", err, test.want, test.text)
			}
			quiet(t, s, err)
		})
	}
}

func TestTokenNeverFollowsARedirect(t *testing.T) {
	var told atomic.Bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { told.Store(true) }))
	defer elsewhere.Close()
	s := connect(t, answering(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }))
	if _, err := s.Find(t.Context(), fry); !errors.Is(err, plugins.ErrGarbled) || told.Load() {
		t.Errorf("error %v, followed %v", err, told.Load())
	}
}

func TestNobodyListening(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	s := connect(t, answering(saying(200, `{}`)), "") // its url is replaced below
	broken := *s.Source.(*source)
	broken.client.base = server.URL + "/"
	_, err := broken.Find(t.Context(), fry)
	if !errors.Is(err, plugins.ErrUnreachable) {
		t.Errorf("error %v", err)
	}
}

func TestWhatWasReadBeforeATroubleIsKept(t *testing.T) {
	t.Run("earlier pages", func(t *testing.T) {
		s := connect(t, answering(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Query().Get("pageToken") != "":
				saying(500, ``)(w, r)
			case strings.HasSuffix(r.URL.Path, "/mobile"):
				saying(200, `{"mobiledevices": [`+phone(1)+`], "nextPageToken": "2"}`)(w, r)
			default:
				saying(200, `{}`)(w, r)
			}
		}))
		reports, err := s.Find(t.Context(), fry)
		if len(reports) != 1 || !errors.Is(err, plugins.ErrBusy) {
			t.Errorf("%d reports, error %v", len(reports), err)
		}
	})
	t.Run("the records beside a broken one, which are counted", func(t *testing.T) {
		s := connect(t, fakegoogle.New(records(
			"mobile/1.json", phone(1),
			"mobile/2.json", `{"deviceId": 7, "email": ["fry@example.com"]}`,
			"mobile/3.json", phone(3))))
		reports, err := s.Find(t.Context(), fry)
		if len(reports) != 2 || !errors.Is(err, plugins.ErrGarbled) || !strings.Contains(err.Error(), "1 of 3 records") {
			t.Errorf("%d reports, error %v", len(reports), err)
		}
	})
	t.Run("the list that does not refuse", func(t *testing.T) {
		s := connect(t, fakegoogle.NewWith(records("mobile/1.json", phone(1)), fakegoogle.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			refused := strings.HasSuffix(r.URL.Path, "/chromeos")
			if refused {
				saying(403, `{}`)(w, r)
			}
			return refused
		}}))
		reports, err := s.Find(t.Context(), fry)
		if len(reports) != 1 || !errors.Is(err, plugins.ErrRefused) || !strings.Contains(err.Error(), "ChromeOS") {
			t.Errorf("%d reports, error %v", len(reports), err)
		}
	})
}

func TestNoRecordIsHandedOverAfterTheVisitorLeft(t *testing.T) {
	rows := strings.TrimSuffix(strings.Repeat(phone(1)+",", 500), ",")
	s := connect(t, answering(saying(200, `{"mobiledevices": [`+rows+`]}`)))
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	handed := 0
	err := s.Source.(*source).client.list(ctx, new(round), question{mobile, "email:fry@example.com"}, func(json.RawMessage) {
		handed++
		leave()
	})
	if !errors.Is(err, context.Canceled) || handed != 1 {
		t.Errorf("%d records, error %v", handed, err)
	}
}

func TestNoMoreRecordsAreHandedOverThanTheBound(t *testing.T) {
	for _, test := range []struct {
		says       string
		rows, want int
	}{
		{"of one page that is longer than any page", plugins.MaxRecords + 1, 0},
		{"of pages that are together too long", 6000, 6000},
	} {
		t.Run(test.says, func(t *testing.T) {
			rows := strings.TrimSuffix(strings.Repeat("{},", test.rows), ",")
			s := connect(t, answering(saying(200, `{"mobiledevices": [`+rows+`], "nextPageToken": "2"}`)))
			handed := 0
			err := s.Source.(*source).client.list(t.Context(), new(round), question{mobile, "email:fry@example.com"}, func(json.RawMessage) { handed++ })
			if !errors.Is(err, plugins.ErrGarbled) || !strings.Contains(err.Error(), "10000 records") || handed != test.want {
				t.Errorf("%d records, error %v", handed, err)
			}
		})
	}
}

func TestPanicReachesTheCallerWithItsPlace(t *testing.T) {
	client := &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { panic("of fry@example.com") })}
	s, err := Plugin.Open(plugins.Env{HTTP: client, Now: func() time.Time { return now }}, block(t, rightSettings, keyWith(t, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		raised, ok := recover().(interface{ PanicStack() []byte })
		if !ok {
			t.Fatal("the panic did not reach the goroutine that can contain it")
		}
		if said := fmt.Sprintf("%v\n%s", raised, raised.PanicStack()); !strings.Contains(said, "client_test.go:") || strings.Contains(said, "fry@") {
			t.Error(said)
		}
	}()
	_, _ = s.Find(t.Context(), fry)
}

func TestEndlessListsEnd(t *testing.T) {
	t.Run("of records", func(t *testing.T) {
		rows := strings.TrimSuffix(strings.Repeat(phone(1)+",", 3000), ",")
		var page atomic.Int64
		s := connect(t, answering(func(w http.ResponseWriter, r *http.Request) {
			saying(200, fmt.Sprintf(`{"mobiledevices": [%s], "nextPageToken": "%d"}`, rows, page.Add(1)))(w, r)
		}))
		_, err := s.Find(t.Context(), posture.Clues{Email: "fry@example.com"})
		if !errors.Is(err, plugins.ErrGarbled) || !strings.Contains(err.Error(), "10000 records") {
			t.Errorf("error %v", err)
		}
		if n := page.Load(); n > 8 { // 4 pages of each list are more than 10 000 records
			t.Errorf("read %d pages", n)
		}
	})
	t.Run("of empty pages", func(t *testing.T) {
		var page atomic.Int64
		s := connect(t, answering(func(w http.ResponseWriter, r *http.Request) {
			saying(200, fmt.Sprintf(`{"nextPageToken": "%d"}`, page.Add(1)))(w, r)
		}))
		if _, err := s.Find(t.Context(), fry); !errors.Is(err, plugins.ErrGarbled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestFindEndsWithItsContext(t *testing.T) {
	for _, hangs := range []string{"/token", "/mobile", "/chromeos"} {
		t.Run("when "+hangs+" hangs", func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s := connect(t, fakegoogle.NewWith(records(), fakegoogle.Options{Intercept: func(_ http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, hangs) {
					return false
				}
				_, _ = io.Copy(io.Discard, r.Body) // a server sees a caller hang up only behind the body
				cancel()
				<-r.Context().Done() // ends when the plugin hangs up, and only then
				return true
			}}))
			_, err := s.Find(ctx, fry)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want that of the context", err)
			}
			quiet(t, s, err)
		})
	}
}

func TestAtMostFourRequestsAtOnce(t *testing.T) {
	key := keyWith(t, nil)
	clues := posture.Clues{Email: "fry@example.com"}
	for i := range 10 {
		clues.Identifiers = append(clues.Identifiers, serial(t, fmt.Sprintf("SERIAL%04d", i)))
	}
	synctest.Test(t, func(t *testing.T) {
		google, release := fakegoogle.New(records()), make(chan struct{})
		var running atomic.Int32
		client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path != "/token" {
				running.Add(1)
				<-release
			}
			w := httptest.NewRecorder()
			google.ServeHTTP(w, r)
			return w.Result(), nil
		})}
		s, err := Plugin.Open(plugins.Env{HTTP: client, Now: func() time.Time { return now }}, block(t, rightSettings, key))
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			_, err := s.Find(t.Context(), clues)
			done <- err
		}()
		synctest.Wait() // until nothing moves any more: all that may run at once does
		if n := running.Load(); n != 4 {
			t.Errorf("%d requests at once, want 4", n)
		}
		close(release)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := running.Load(); n != 22 {
			t.Errorf("%d requests in all, want 22", n)
		}
	})
}

func TestBusyGoogleIsLeftAlone(t *testing.T) {
	var asked atomic.Int32
	s := connect(t, answering(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		saying(429, ``)(w, r)
	}))
	clues := fry
	for i := range 50 {
		clues.Identifiers = append(clues.Identifiers, serial(t, fmt.Sprintf("SERIAL%04d", i)))
	}
	if _, err := s.Find(t.Context(), clues); !errors.Is(err, plugins.ErrBusy) {
		t.Errorf("error %v", err)
	}
	if n := asked.Load(); n > 8 { // those that were under way, of 102
		t.Errorf("asked %d times after it said later", n)
	}
}

func TestFuzzyAnswersAreCheckedAgain(t *testing.T) {
	s := connect(t, fakegoogle.New(records(
		"mobile/1.json", phone(1),
		"mobile/2.json", `{"deviceId": "lookalike", "email": ["fry@example.com.example.net"], "serialNumber": "ABCD12345"}`,
		"chromeos/1.json", `{"deviceId": "given-on", "serialNumber": "XABCD1234X", "recentUsers": [{"email": "leela@example.com"}, {"email": "fry@example.com"}]}`,
	)))
	if got := keys(find(t, s, "fry@example.com")); !slices.Equal(got, []string{"mobile/phone-1"}) {
		t.Errorf("found %q", got)
	}
	reports, err := s.Find(t.Context(), posture.Clues{Identifiers: []posture.Identifier{serial(t, "ABCD1234")}})
	if err != nil || len(reports) > 0 {
		t.Errorf("part of a serial number finds %q, %v", keys(reports), err)
	}
}

func TestAServerThatIgnoresTheSearchShowsNobodyElse(t *testing.T) {
	var everything []json.RawMessage
	for _, name := range []string{"kim-lee-pixel-9", "sam-rivera-pixel-8"} {
		text, err := os.ReadFile("../../sample-data/google/mobile/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		everything = append(everything, text)
	}
	body, err := json.Marshal(map[string]any{"mobiledevices": everything})
	if err != nil {
		t.Fatal(err)
	}
	s := connect(t, answering(saying(200, string(body))))
	reports := find(t, s, "sam.rivera@example.com")
	if len(reports) != 1 || !reports[0].OwnedBy("sam.rivera@example.com") {
		t.Errorf("found %q", keys(reports))
	}
}

func TestDevicesAreFoundByTheirNames(t *testing.T) {
	s := connect(t, fakegoogle.New(records(
		"mobile/1.json", `{"deviceId": "m", "serialNumber": "RFCX70WQ3LP", "imei": "356893451207746"}`,
		"chromeos/1.json", `{"deviceId": "c", "serialNumber": "5CD3407QLM", "meid": "357164099163035"}`)))
	imei := func(text string) posture.Identifier {
		id, _ := posture.IMEI(text)
		return id
	}
	for _, test := range []struct {
		says string
		id   posture.Identifier
		want string
	}{
		{"a phone by its serial number", serial(t, "rfcx70wq3lp"), "mobile/m"},
		{"a phone by its IMEI", imei("356893451207746"), "mobile/m"},
		{"a Chromebook by its serial number", serial(t, "5CD3407QLM"), "chromeos/c"},
		{"a Chromebook by its IMEI", imei("357164099163035"), "chromeos/c"},
	} {
		t.Run(test.says, func(t *testing.T) {
			reports, err := s.Find(t.Context(), posture.Clues{Identifiers: []posture.Identifier{test.id}})
			if err != nil || !slices.Equal(keys(reports), []string{test.want}) {
				t.Errorf("found %q, %v", keys(reports), err)
			}
		})
	}
	t.Run("once, however many clues lead to it", func(t *testing.T) {
		reports, err := s.Find(t.Context(), posture.Clues{Identifiers: []posture.Identifier{serial(t, "RFCX70WQ3LP"), imei("356893451207746")}})
		if err != nil || len(reports) != 1 {
			t.Errorf("found %q, %v", keys(reports), err)
		}
	})
}
