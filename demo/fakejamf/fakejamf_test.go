package fakejamf

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func samples() fs.FS { return os.DirFS("../../sample-data/jamf") }

// ask asks with a good token and returns the status and the body.
func ask(t *testing.T, server http.Handler, address string) (int, map[string]any) {
	t.Helper()
	status, granted := grant(t, server, url.Values{"grant_type": {"client_credentials"}, "client_id": {"a"}, "client_secret": {"b"}})
	if status != 200 {
		t.Fatalf("no token: %d %v", status, granted)
	}
	return askWith(t, server, address, fmt.Sprint("Bearer ", granted["access_token"]))
}

func askWith(t *testing.T, server http.Handler, address, authorization string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Authorization", authorization)
	return do(t, server, r)
}

func grant(t *testing.T, server http.Handler, form url.Values) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/api/oauth/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, server, r)
}

func do(t *testing.T, server http.Handler, r *http.Request) (int, map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	return w.Code, body
}

func TestTokenEndpoint(t *testing.T) {
	for _, test := range []struct {
		sentence string
		form     url.Values
		status   int
		code     any
	}{
		{"client credentials get a token", url.Values{"grant_type": {"client_credentials"}, "client_id": {"a"}, "client_secret": {"right"}}, 200, nil},
		{"another secret gets none", url.Values{"grant_type": {"client_credentials"}, "client_id": {"a"}, "client_secret": {"wrong"}}, 400, "invalid_client"},
		{"no client gets none", url.Values{"grant_type": {"client_credentials"}}, 400, "invalid_client"},
		{"another grant gets none", url.Values{"grant_type": {"password"}}, 400, "unsupported_grant_type"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			status, body := grant(t, NewWith(samples(), Options{ClientSecret: "right"}), test.form)
			if status != test.status || body["error"] != test.code {
				t.Errorf("%d %v", status, body)
			}
		})
	}
	t.Run("a token that was never granted opens nothing", func(t *testing.T) {
		for _, authorization := range []string{"", "Bearer ", "Bearer made-up", "Basic YTpi"} {
			status, body := askWith(t, New(samples()), "/api/v4/computers-inventory", authorization)
			if status != 401 || body["httpStatus"] != 401.0 {
				t.Errorf("%q: %d %v", authorization, status, body)
			}
		}
	})
}

func TestInventories(t *testing.T) {
	filter := func(text string) string { return "filter=" + url.QueryEscape(text) }
	for _, test := range []struct {
		sentence, address string
		status, count     int
		ids               string
	}{
		{"all computers by id", "/api/v4/computers-inventory?sort=id:asc", 200, 12, "87 101 112 120 131 134 138 141 142 143 150 155"},
		{"the second page", "/api/v4/computers-inventory?page=1&page-size=5", 200, 12, "134 138 141 142 143"},
		{"behind the last page", "/api/v4/computers-inventory?page=9&page-size=5", 200, 12, ""},
		{"an older version", "/api/v1/computers-inventory?page-size=1", 200, 12, "87"},
		{"one person's", "/api/v4/computers-inventory?" + filter(`userAndLocation.email=="USER@example.com"`), 200, 3, "141 142 143"},
		{"a star finds many", "/api/v4/computers-inventory?" + filter(`userAndLocation.email=="*e*@example.com"`), 200, 9, "87 101 131 134 138 141 142 143 155"},
		{"one of several", "/api/v4/computers-inventory?" + filter(`hardware.serialNumber=in=("g2yq8jth6c",'NONE') or udid==0 or (general.name=="Kim*" and hardware.model!="iMac")`), 200, 2, "150 155"},
		{"mobile devices", "/api/v2/mobile-devices/detail?sort=mobileDeviceId:asc&" + filter(`imei=in=("35 674409 182736 3","nothing")`), 200, 1, "34"},
		{"an unknown field", "/api/v4/computers-inventory?" + filter(`hardware.altMacAddress=="x"`), 400, 0, ""},
		{"an unknown section", "/api/v4/computers-inventory?section=EVERYTHING", 400, 0, ""},
		{"too long a page", "/api/v4/computers-inventory?page-size=2001", 400, 0, ""},
		{"an unknown order", "/api/v2/mobile-devices/detail?sort=id:asc", 400, 0, ""},
		{"an unknown address", "/api/v5/computers-inventory", 404, 0, ""},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			status, body := ask(t, New(samples()), test.address)
			if status != test.status {
				t.Fatalf("%d %v", status, body)
			}
			if status != 200 {
				if body["httpStatus"] != float64(status) || body["errors"] == nil {
					t.Errorf("not Jamf's error: %v", body)
				}
				return
			}
			var ids []string
			for _, result := range body["results"].([]any) {
				record := result.(map[string]any)
				id := record["id"]
				if id == nil {
					id = record["mobileDeviceId"]
				}
				ids = append(ids, fmt.Sprint(id))
			}
			if got := strings.Join(ids, " "); got != test.ids || body["totalCount"] != float64(test.count) {
				t.Errorf("%v of %v, want %s of %d", got, body["totalCount"], test.ids, test.count)
			}
		})
	}
}

func TestSectionsThatWereNotAskedForAreNull(t *testing.T) {
	_, body := ask(t, New(samples()), "/api/v4/computers-inventory?section=SECURITY&page-size=1")
	record := body["results"].([]any)[0].(map[string]any)
	if record["id"] != "87" || record["udid"] == nil || record["security"] == nil || record["general"] != nil {
		t.Errorf("%v", record)
	}
	if _, there := record["general"]; !there {
		t.Error("a section that was not asked for is null, not absent")
	}
}

func TestOlderVersionsCallTheLastCheckInOtherwise(t *testing.T) {
	for version, want := range map[string]string{"v4": "lastCheckIn", "v3": "lastContactTime", "v1": "lastContactTime"} {
		_, body := ask(t, New(samples()), "/api/"+version+"/computers-inventory?page-size=1")
		general := body["results"].([]any)[0].(map[string]any)["general"].(map[string]any)
		for _, name := range []string{"lastCheckIn", "lastContactTime"} {
			if (general[name] != nil) != (name == want) {
				t.Errorf("%s: %s is %v", version, name, general[name])
			}
		}
	}
}

func TestFilterSyntax(t *testing.T) {
	for _, text := range []string{"", "udid", "udid==", `udid=="`, "udid=in=a", "udid=in=(a", "udid==a udid==b", "(udid==a", "udid=lt=a", "==a", "udid==a,", strings.Repeat("(", 99)} {
		if _, err := ParseFilter(text, ComputerFilters); err == nil {
			t.Errorf("%q was understood", text)
		}
	}
}

func TestAFileThatIsNoRecordIsNamed(t *testing.T) {
	for _, text := range []string{"not JSON", "[]", "{}", `{"id":7}`} {
		func() {
			defer func() {
				if said := fmt.Sprint(recover()); !strings.Contains(said, "computers/broken.json") {
					t.Errorf("%q: panicked with %q", text, said)
				}
			}()
			New(fstest.MapFS{"computers/broken.json": {Data: []byte(text)}})
		}()
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{`udid=="a*"`, `udid=in=("a",b) and (id!=c;id=out=(d))`, `userAndLocation.email=="\"\\"`, "or or or", "("} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		if filter, err := ParseFilter(text, ComputerFilters); err == nil {
			filter.Match(map[string]any{"udid": "a", "userAndLocation": "not a section"})
		}
	})
}
