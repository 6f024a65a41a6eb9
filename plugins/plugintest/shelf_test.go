package plugintest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"stethoscope/config"
	"stethoscope/plugins"
	"stethoscope/posture"
)

// A shelf is a small plugin that does everything right, and the vendor that it
// speaks to. Each of its knobs makes it do one thing wrong.
type shelf struct {
	name         string
	claims       []string
	open         func(env plugins.Env, settings config.Block) error                                  // before it opens
	find         func(env plugins.Env, clues posture.Clues)                                          // before it finds
	clues        func(posture.Clues) bool                                                            // whether to ask; nil asks if there is an email or a serial
	request      func(ctx context.Context, env plugins.Env, r *http.Request) *http.Request           // before it is sent
	fetch        func(client *http.Client, r *http.Request, into any) error                          // nil is plugins.FetchJSON
	err          func(env plugins.Env, r *http.Request, err error) error                             // what find says instead
	report       func(posture.Report) posture.Report                                                 // what find returns instead
	emptyAllowed bool                                                                                // settings are not checked
	keepAll      bool                                                                                // answers are not matched against the clues
	tokens       func(s shelfSettings, env plugins.Env) func(context.Context) (*oauth2.Token, error) // nil is OAuth's client credentials
}

type shelfSettings struct {
	URL          string        `yaml:"url"`
	ClientSecret config.Secret `yaml:"client_secret"`
}

var shelfClaims = []string{
	posture.Name.Name(), posture.RunsOn.Name(), posture.OSVersion.Name(), posture.DiskEncrypted.Name(), posture.SecurityPatch.Name(),
	posture.NetworkAddresses.Name(), posture.UpdatesWaiting.Name(), "shelf",
}

var shelfNumber = posture.NewFact[int]("shelf")

func (sh shelf) plugin() plugins.Plugin {
	name, claims := "shelf", shelfClaims
	if sh.name != "" {
		name = sh.name
	}
	if sh.claims != nil {
		claims = sh.claims
	}
	return plugins.Plugin{Name: name, Title: "Shelf", Claims: claims, Open: func(env plugins.Env, block config.Block) (plugins.Source, error) {
		if sh.open != nil {
			if err := sh.open(env, block); err != nil {
				return nil, err
			}
		}
		var settings shelfSettings
		problems := config.Gather(block.Place(), block.Decode(&settings))
		if settings.URL == "" {
			problems = append(problems, block.Problem("url", "is missing"))
		}
		if settings.ClientSecret.Empty() {
			problems = append(problems, block.Problem("client_secret", "is missing"))
		}
		if err := problems.Err(); err != nil && !sh.emptyAllowed {
			return nil, err
		}
		fetch := func(ctx context.Context) (*oauth2.Token, error) {
			ctx = context.WithValue(ctx, oauth2.HTTPClient, env.HTTP)
			c := clientcredentials.Config{ClientID: "us", ClientSecret: settings.ClientSecret.Reveal(), TokenURL: settings.URL + "/token", AuthStyle: oauth2.AuthStyleInParams}
			return c.Token(ctx)
		}
		if sh.tokens != nil {
			fetch = sh.tokens(settings, env)
		}
		return &shelfSource{sh, env, settings, plugins.NewTokens(fetch, env.Now)}, nil
	}}
}

type shelfSource struct {
	shelf
	env      plugins.Env
	settings shelfSettings
	tokens   *plugins.Tokens
}

type shelfRecord struct {
	ID, Owner, Serial, Name, OS, MAC string
	Encrypted                        *bool
	Patch                            string
	Seen                             time.Time
}

func (s *shelfSource) Find(ctx context.Context, clues posture.Clues) ([]posture.Report, error) {
	if s.find != nil {
		s.find(s.env, clues)
	}
	if s.clues == nil && clues.Email == "" && len(clues.Of(posture.SerialKind)) == 0 || s.clues != nil && !s.clues(clues) {
		return nil, nil
	}
	var reports []posture.Report
	for page := 1; ; page++ {
		records, more, err := s.page(ctx, clues, page)
		for _, r := range records {
			report := r.report()
			if !s.keepAll && !plugins.Matches(clues, report) {
				continue
			}
			if s.shelf.report != nil {
				report = s.shelf.report(report)
			}
			reports = append(reports, report)
		}
		if err != nil || !more {
			return reports, err
		}
	}
}

func (s *shelfSource) page(ctx context.Context, clues posture.Clues, page int) ([]shelfRecord, bool, error) {
	query := url.Values{"email": {clues.Email}, "serial": clues.Of(posture.SerialKind), "page": {fmt.Sprint(page)}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.settings.URL+"/machines?"+query.Encode(), nil)
	if err != nil {
		return nil, false, plugins.ErrGarbled
	}
	token, err := s.tokens.Get(ctx)
	var answer struct {
		Machines []shelfRecord
		More     bool
	}
	if err == nil {
		request.Header.Set("Authorization", "Bearer "+token)
		if s.request != nil {
			request = s.request(ctx, s.env, request)
		}
		fetch := s.fetch
		if fetch == nil {
			fetch = plugins.FetchJSON
		}
		err = fetch(s.env.HTTP, request, &answer)
	}
	if err != nil {
		err = fmt.Errorf("search machines: %w", err)
		s.env.Log.Debug("a page was not read", "page", page, "err", err)
		if s.err != nil {
			err = s.err(s.env, request, err)
		}
	}
	return answer.Machines, answer.More, err
}

func (r shelfRecord) report() posture.Report {
	report := posture.Report{Key: r.ID, Owners: []string{r.Owner}, SeenAt: r.Seen}
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.Serial, r.Serial)
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.MAC, r.MAC)
	report.Claims = append(report.Claims, posture.Name.Is(r.Name), posture.UpdatesWaiting.Is([]string{}), shelfNumber.Is(3))
	if platform, ok := posture.ParsePlatform(r.OS); ok {
		report.Claims = append(report.Claims, posture.RunsOn.Is(platform))
	}
	if version, ok := posture.ParseVersion(r.OS); ok {
		report.Claims = append(report.Claims, posture.OSVersion.Is(version))
	}
	if mac, ok := posture.FormatMAC(r.MAC); ok {
		report.Claims = append(report.Claims, posture.NetworkAddresses.Is([]string{mac}))
	}
	if patch, err := time.Parse(time.DateOnly, r.Patch); err == nil {
		report.Claims = append(report.Claims, posture.SecurityPatch.Is(patch))
	}
	if r.Encrypted != nil {
		report.Claims = append(report.Claims, posture.DiskEncrypted.Is(*r.Encrypted))
	}
	return report
}

const (
	shelfSecret = "correct-horse-battery-staple"
	shelfToken  = "token-of-the-shelf-7f3a"
)

// shelfVendor answers two pages of machines.
func shelfVendor(filters bool) http.Handler {
	yes := true
	machines := []shelfRecord{
		{ID: "1", Owner: "Sam.Rivera@example.com", Serial: "C02SHELF0001", Name: "Sam’s Mac", OS: "macOS 26.1", MAC: "00-0d-93-00-00-01", Encrypted: &yes, Seen: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)},
		{ID: "2", Owner: "ada.okafor@example.com", Serial: "C02SHELF0002", Name: "Ada’s Mac", OS: "macOS 26.1", MAC: "000d.9300.0002"},
		{ID: "3", Owner: "sam.rivera@example.com", Serial: "R58SHELF0003", Name: "Sam’s phone", OS: "Android 16", MAC: "00:0d:93:00:00:03", Patch: "2026-11-01"},
		{ID: "4", Owner: "e", Serial: "C02SHELF0002", Name: "An older record of Ada’s Mac", OS: "macOS 15.6"},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("client_secret") != shelfSecret {
			http.Error(w, `{"error":"invalid_client"}`, http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"access_token": %q, "token_type": "Bearer", "expires_in": 3600}`, shelfToken)
	})
	mux.HandleFunc("GET /machines", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+shelfToken {
			http.Error(w, "{}", http.StatusUnauthorized)
			return
		}
		var found []shelfRecord
		for _, m := range machines {
			if !filters || r.FormValue("email") != "" && strings.EqualFold(m.Owner, r.FormValue("email")) || slices.Contains(r.Form["serial"], m.Serial) {
				found = append(found, m)
			}
		}
		first := min(1, len(found))
		answer := map[string]any{"Machines": found[:first], "More": true}
		if r.FormValue("page") != "1" {
			answer = map[string]any{"Machines": found[first:], "More": false}
		}
		var text bytes.Buffer
		_ = json.NewEncoder(&text).Encode(answer)
		_, _ = w.Write(text.Bytes())
	})
	return mux
}

func shelfSuite(sh shelf) Suite {
	serial, _ := posture.Serial("C02SHELF0002")
	return Suite{
		Plugin:           sh.plugin(),
		Settings:         "{url: https://shelf.example.com, client_secret: env:SHELF_SECRET}",
		Secrets:          map[string]string{"SHELF_SECRET": shelfSecret},
		Vendor:           shelfVendor(true),
		VendorUnfiltered: shelfVendor(false),
		Email:            "sam.rivera@example.com",
		Finds:            []posture.Identifier{serial},
		Stranger:         "nobody@example.com",
		README:           "testdata/README.md",
		Example:          "testdata/settings.example.yaml",
	}
}
