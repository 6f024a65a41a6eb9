// Package fakejamf is a Jamf Pro server over a folder of records: the token
// endpoint, the computer inventory and the list of mobile devices with their
// filters, sections and pages. Start at [New]; [Options] make it fail as real
// servers do. token.go checks credentials, inventory.go answers lists, rsql.go
// evaluates filters. It is written from Jamf's documentation and not from the
// plugin, so that the two can disagree in a test.
//
// Not an API.
package fakejamf

import (
	"encoding/json"
	"io/fs"
	"net/http"
)

// Options make the server behave as older, stricter or broken ones do. The zero
// value is a current server in good order.
type Options struct {
	// WithoutV4 and WithoutV3 leave out versions of the computer inventory:
	// servers before 11.30 have no v4, and long before that no v3.
	WithoutV4, WithoutV3 bool
	// IgnoreFilter answers every question with all records.
	IgnoreFilter bool
	// ClientSecret, if set, is the only one that gets a token; otherwise any does.
	ClientSecret string
	// TokenSeconds is the life that tokens are said to have; 1800 if not set.
	TokenSeconds int
	// TokenUses is how many requests a token is good for; 0 is no limit.
	TokenUses int
	// PageSize is the most records on a page, whatever is asked for; 2000 if not set.
	PageSize int
}

// New returns a server in good order that has the records in the folders
// computers and mobile-devices: one JSON file a record, in Jamf's own shape. It
// panics with the name of a file that cannot be read.
func New(records fs.FS) http.Handler { return NewWith(records, Options{}) }

// NewWith returns a server that behaves as the options say.
func NewWith(records fs.FS, o Options) http.Handler {
	if o.TokenSeconds == 0 {
		o.TokenSeconds = 1800
	}
	if o.PageSize == 0 {
		o.PageSize = 2000
	}
	tokens := &tokens{options: o, uses: map[string]int{}}
	computers := &inventory{options: o, records: read(records, "computers", "id"), id: "id", always: []string{"id", "udid"}, sections: computerSections, filters: ComputerFilters}
	older := *computers
	older.records = withoutLastCheckIn(computers.records)
	mobile := &inventory{options: o, records: read(records, "mobile-devices", "mobileDeviceId"), id: "mobileDeviceId", always: []string{"mobileDeviceId", "deviceType"}, sections: mobileSections, filters: MobileFilters}

	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/oauth/token", tokens.grant)
	mux.HandleFunc("POST /api/v1/oauth/token", tokens.grant)
	if !o.WithoutV4 {
		mux.Handle("GET /api/v4/computers-inventory", tokens.require(computers))
	}
	if !o.WithoutV3 {
		mux.Handle("GET /api/v3/computers-inventory", tokens.require(&older))
	}
	mux.Handle("GET /api/v1/computers-inventory", tokens.require(&older))
	mux.Handle("GET /api/v2/mobile-devices/detail", tokens.require(mobile))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusNotFound, "NOT_FOUND", "no such address")
	})
	return mux
}

// fail answers with the body that Jamf Pro's API has for errors.
func fail(w http.ResponseWriter, status int, code, description string) {
	answer(w, status, map[string]any{
		"httpStatus": status,
		"errors":     []any{map[string]any{"code": code, "description": description, "id": "0", "field": nil}},
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked has left
}
