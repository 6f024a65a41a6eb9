// Package fakegoogle plays Google Workspace: the token endpoint and the two
// device lists of the Directory API, over records in Google's own format. It
// is as strict where Google is (tokens, scopes, the largest page) and as fuzzy
// where Google is (a search matches more than it was asked for), so that the
// plugin is put to the same tests by the demo as by the real service. Start at
// [New]; the search language is in query.go.
//
// Not an API.
package fakegoogle

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options are for tests; the zero value is Google on a good day.
type Options struct {
	// PageSize makes pages shorter than was asked for, as Google may.
	PageSize int
	// Intercept may answer a request in the service's place; it says true if it did.
	Intercept func(w http.ResponseWriter, r *http.Request) bool
}

// New plays Google over the records: every *.json in mobile/ and chromeos/, one
// record a file, read once. A file that is no record is a panic: the files are
// the program's own.
func New(records fs.FS) http.Handler { return NewWith(records, Options{}) }

// NewWith is New with options.
func NewWith(records fs.FS, options Options) http.Handler {
	s := &service{options: options, scopes: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", s.token)
	for _, l := range lists {
		kept := read(records, l.folder)
		mux.HandleFunc("GET /admin/directory/v1/customer/{customer}/devices/"+l.folder, func(w http.ResponseWriter, r *http.Request) {
			s.list(w, r, l, kept)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "notFound", "Not Found")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if options.Intercept != nil && options.Intercept(w, r) {
			return
		}
		mux.ServeHTTP(w, r)
	})
}

type service struct {
	options Options
	mu      sync.Mutex
	scopes  map[string]string // what each token may read
}

// A list is one of the two device lists.
type list struct {
	folder string // of the records, and the last part of the address
	key    string // of the records in an answer
	kind   string
	most   int // Google's limit for maxResults
	scope  string
	fields map[string]field // by what it can be searched
	basic  []string         // what projection=BASIC leaves
}

const scope = "https://www.googleapis.com/auth/admin.directory.device."

var lists = []list{
	{
		folder: "mobile", key: "mobiledevices", kind: "admin#directory#mobiledevices", most: 100, scope: scope + "mobile",
		fields: map[string]field{"email": startsWith("email"), "serial": startsWith("serialNumber"), "imei": startsWith("imei")},
		basic:  []string{"kind", "etag", "resourceId", "deviceId", "type", "status", "name", "email", "model", "os", "lastSync", "firstSync"},
	},
	{
		folder: "chromeos", key: "chromeosdevices", kind: "admin#directory#chromeosdevices", most: 300, scope: scope + "chromeos",
		fields: map[string]field{"recent_user": startsWith("recentUsers.email"), "user": startsWith("annotatedUser"), "id": contains("serialNumber"), "meid": contains("meid")},
		basic:  []string{"kind", "etag", "deviceId", "serialNumber", "status", "lastSync", "annotatedUser", "annotatedLocation", "notes"},
	},
}

// A record is one device, as text to be sent and as fields to be searched.
type record struct {
	text   json.RawMessage
	fields map[string]any
}

func read(records fs.FS, folder string) []record {
	names, err := fs.Glob(records, path.Join(folder, "*.json"))
	if err != nil {
		panic(fmt.Errorf("fakegoogle: list the records: %w", err))
	}
	var kept []record
	for _, name := range names {
		text, err := fs.ReadFile(records, name)
		if err != nil {
			panic(fmt.Errorf("fakegoogle: read a record: %w", err))
		}
		r := record{text: text}
		if err := json.Unmarshal(text, &r.fields); err != nil {
			panic(fmt.Errorf("fakegoogle: read %s: %w", name, err))
		}
		kept = append(kept, r)
	}
	return kept
}

// token trades an assertion (RFC 7523) for a token. The signature is not
// verified: nothing here is worth forging one.
func (s *service) token(w http.ResponseWriter, r *http.Request) {
	fail := func(code, description string) {
		answer(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": description})
	}
	if r.PostFormValue("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		fail("unsupported_grant_type", "Invalid grant_type")
		return
	}
	claims, ok := claimsOf(r.PostFormValue("assertion"))
	switch {
	case !ok || claims.Issuer == "" || claims.Expires <= claims.Issued:
		fail("invalid_grant", "Invalid JWT")
		return
	case claims.Subject == "":
		fail("unauthorized_client", "The service account acts for nobody")
		return
	case claims.Scope == "":
		fail("invalid_scope", "Empty scope")
		return
	}
	s.mu.Lock()
	token := "fake-access-token-" + strconv.Itoa(len(s.scopes)+1)
	s.scopes[token] = claims.Scope
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int(time.Hour / time.Second)})
}

type claims struct {
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
	Scope   string `json:"scope"`
	Issued  int64  `json:"iat"`
	Expires int64  `json:"exp"`
}

func claimsOf(assertion string) (c claims, ok bool) {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 || parts[0] == "" || parts[2] == "" {
		return c, false
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return c, false
	}
	return c, json.Unmarshal(text, &c) == nil
}

// list answers one page of a search.
func (s *service) list(w http.ResponseWriter, r *http.Request, l list, kept []record) {
	bearer, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	granted, known := s.scopes[bearer]
	s.mu.Unlock()
	if !found || !known {
		w.Header().Set("WWW-Authenticate", `Bearer realm="https://accounts.google.com/", error="invalid_token"`)
		refuse(w, http.StatusUnauthorized, "authError", "Invalid Credentials")
		return
	}
	if !mayRead(granted, l.scope) {
		refuse(w, http.StatusForbidden, "insufficientPermissions", "Request had insufficient authentication scopes.")
		return
	}
	if id := r.PathValue("customer"); id != "my_customer" && !strings.HasPrefix(id, "C") {
		refuse(w, http.StatusBadRequest, "invalid", "Bad Request")
		return
	}
	values := r.URL.Query()
	size := 100
	if text := values.Get("maxResults"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > l.most {
			refuse(w, http.StatusBadRequest, "invalid", "Invalid value for: maxResults")
			return
		}
		size = n
	}
	if s.options.PageSize > 0 {
		size = min(size, s.options.PageSize)
	}
	matches, err := search(kept, l.fields, values.Get("query"))
	if err != nil {
		refuse(w, http.StatusBadRequest, "invalid", "Invalid Input: query")
		return
	}
	start, err := pageStart(values.Get("pageToken"), len(matches))
	if err != nil {
		refuse(w, http.StatusBadRequest, "invalid", "Invalid Input: pageToken")
		return
	}
	end := min(start+size, len(matches))
	page := map[string]any{"kind": l.kind, "etag": `"fake"`}
	if start < end { // Google leaves the key out when there is nothing
		page[l.key] = project(matches[start:end], values.Get("projection"), l.basic)
	}
	if end < len(matches) {
		page["nextPageToken"] = pageToken(end)
	}
	answer(w, http.StatusOK, page)
}

// mayRead reports whether one of the scopes is the list's, for reading or for all.
func mayRead(granted, needed string) bool {
	for s := range strings.FieldsSeq(granted) {
		if s == needed || s == needed+".readonly" {
			return true
		}
	}
	return false
}

// project cuts the records down unless all of them was asked for.
func project(records []record, projection string, basic []string) []any {
	var rows []any
	for _, r := range records {
		if projection == "FULL" {
			rows = append(rows, r.text)
			continue
		}
		row := map[string]any{}
		for _, name := range basic {
			if value, ok := r.fields[name]; ok {
				row[name] = value
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func pageToken(start int) string {
	return base64.URLEncoding.EncodeToString([]byte("start:" + strconv.Itoa(start)))
}

func pageStart(token string, length int) (int, error) {
	if token == "" {
		return 0, nil
	}
	text, err := base64.URLEncoding.DecodeString(token)
	if err != nil {
		return 0, err
	}
	start, err := strconv.Atoi(strings.TrimPrefix(string(text), "start:"))
	if err != nil || start < 0 || start > length {
		return 0, fmt.Errorf("no such page")
	}
	return start, nil
}

// refuse answers with Google's error body.
func refuse(w http.ResponseWriter, status int, reason, message string) {
	answer(w, status, map[string]any{"error": map[string]any{
		"code": status, "message": message,
		"errors": []any{map[string]string{"domain": "global", "reason": reason, "message": message}},
	}})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that has gone away is no news
}
