package plugintest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"stethoscope/config"
	"stethoscope/plugins"
	"stethoscope/posture"
)

// Each mutant does one thing wrong; the check named must say so.
var mutants = []struct {
	name   string
	check  string
	says   string
	mutant func(s *Suite, sh *shelf)
}{
	{"its name is not lower case", "describes itself", "lower case",
		func(_ *Suite, sh *shelf) { sh.name = "Shelf" }},
	{"it declares a fact twice", "describes itself", "twice",
		func(_ *Suite, sh *shelf) { sh.claims = append([]string{"name"}, shelfClaims...) }},
	{"it asks the vendor when it is opened", "opens without a request", "made 1 requests", func(_ *Suite, sh *shelf) {
		sh.open = func(env plugins.Env, _ config.Block) error {
			answer, err := env.HTTP.Get("https://shelf.example.com/")
			if err == nil {
				_ = answer.Body.Close()
			}
			return nil
		}
	}},
	{"it panics while it is opened", "opens without a request", "open panicked", func(_ *Suite, sh *shelf) {
		sh.open = func(plugins.Env, config.Block) error { panic("oh") }
	}},
	{"it says a secret when it does not open", "opens without a request", "the error of open holds the secret SHELF_SECRET", func(_ *Suite, sh *shelf) {
		sh.open = func(_ plugins.Env, settings config.Block) error {
			var s shelfSettings
			_ = settings.Decode(&s)
			return errors.New("what is " + s.ClientSecret.Reveal())
		}
	}},
	{"it opens without settings", "says what is wrong with empty settings", "instead of config.Problems",
		func(_ *Suite, sh *shelf) { sh.emptyAllowed = true }},
	{"it calls missing settings by another error", "says what is wrong with empty settings", "instead of config.Problems", func(_ *Suite, sh *shelf) {
		sh.open = func(_ plugins.Env, settings config.Block) error {
			if len(settings.Keys()) == 0 {
				return errors.New("no settings")
			}
			return nil
		}
	}},
	{"it panics without settings", "says what is wrong with empty settings", "open panicked", func(_ *Suite, sh *shelf) {
		sh.open = func(_ plugins.Env, settings config.Block) error { _ = settings.Keys()[0]; return nil }
	}},
	{"its example has a key that it does not know", "opens the settings of its example", "unknown key",
		func(s *Suite, _ *shelf) { s.Example = "testdata/wrong.example.yaml" }},
	{"its example is of another plugin", "opens the settings of its example", "plugin must be bookcase",
		func(_ *Suite, sh *shelf) { sh.name = "bookcase" }},
	{"its example is not there", "opens the settings of its example", "no such file",
		func(s *Suite, _ *shelf) { s.Example = "testdata/none.yaml" }},
	{"its README lacks a fact", "lists its facts in the README", "lacks firewall_on",
		func(_ *Suite, sh *shelf) { sh.claims = append([]string{"firewall_on"}, shelfClaims...) }},
	{"its README lists a fact that it does not declare", "lists its facts in the README", "has shelf, which",
		func(_ *Suite, sh *shelf) { sh.claims = shelfClaims[:len(shelfClaims)-1] }},
	{"its README has no table", "lists its facts in the README", "has no table",
		func(s *Suite, _ *shelf) { s.README = "testdata/settings.example.yaml" }},
	{"it does not know emails", "finds a person's machines by email", "nothing was found",
		func(_ *Suite, sh *shelf) { sh.clues = func(c posture.Clues) bool { return c.Email == "" } }},
	{"it does not know serials", "finds a machine by each identifier", "no report carries the serial C02SHELF0002",
		func(_ *Suite, sh *shelf) { sh.clues = func(c posture.Clues) bool { return c.Email != "" } }},
	{"it leaks colleagues' machines to a stranger", "returns nobody else's machines when filters are ignored", "nothing may be found",
		func(_ *Suite, sh *shelf) { sh.keepAll = true }},
	{"it leaks a colleague's machine to a person", "returns nobody else's machines when filters are ignored", "matches none of the clues",
		func(_ *Suite, sh *shelf) { sh.keepAll = true }},
	{"the vendor finds something for anybody", "returns nothing for a stranger", "nothing may be found", func(s *Suite, sh *shelf) {
		s.Vendor = s.VendorUnfiltered
		sh.keepAll = true
	}},
	{"it asks although there is no clue", "ignores clues that it does not understand", "nothing to ask",
		func(_ *Suite, sh *shelf) { sh.clues = func(posture.Clues) bool { return true } }},
	{"it calls finding nothing an error", "returns nothing for a stranger", "finding nothing is no error",
		func(_ *Suite, sh *shelf) { sh.fetch = errorWhenEmpty }},
	{"its report has no key", "finds a person's machines by email", "has no Key",
		report(func(r posture.Report) posture.Report { r.Key = ""; return r })},
	{"its report speaks in a source's name", "finds a person's machines by email", "has a Source",
		report(func(r posture.Report) posture.Report { r.Source.Name = "jamf"; return r })},
	{"its report has an identifier that names nothing", "finds a person's machines by email", "names nothing",
		report(func(r posture.Report) posture.Report {
			r.Identifiers = append(r.Identifiers, posture.Identifier{})
			return r
		})},
	{"its report has an identifier twice", "finds a person's machines by email", "has the serial twice",
		report(func(r posture.Report) posture.Report {
			r.Identifiers = append(r.Identifiers, r.Identifiers[0])
			return r
		})},
	{"it claims what it does not declare", "finds a person's machines by email", "claims firewall_on, which Plugin.Claims does not declare",
		claim(posture.FirewallOn.Is(true))},
	{"it claims a fact as another type", "finds a person's machines by email", "claims disk_encrypted as string: it is a bool",
		onlyClaim(posture.Claim{Fact: "disk_encrypted", Value: "yes"})},
	{"it claims a fact twice", "finds a person's machines by email", "claims name twice",
		claim(posture.Name.Is("another"))},
	{"it claims an empty name", "finds a person's machines by email", "claims name as empty text",
		onlyClaim(posture.Name.Is(" "))},
	{"it claims a version that is none", "finds a person's machines by email", "a version without a number",
		onlyClaim(posture.OSVersion.Is("unknown"))},
	{"it claims an unknown platform", "finds a person's machines by email", "an unknown platform",
		onlyClaim(posture.RunsOn.Is(posture.UnknownPlatform))},
	{"it claims the zero time", "finds a person's machines by email", "no time",
		onlyClaim(posture.SecurityPatch.Is(time.Time{}))},
	{"it claims a list that nobody read", "finds a person's machines by email", "a nil list",
		onlyClaim(posture.UpdatesWaiting.Is(nil))},
	{"it writes network addresses in its own way", "finds a person's machines by email", "posture.FormatMAC",
		onlyClaim(posture.NetworkAddresses.Is([]string{"00-0d-93-00-00-01"}))},
	{"it declares what it never claims", "claims the facts that it declares", "firewall_on is declared, and no sample",
		func(_ *Suite, sh *shelf) { sh.claims = append([]string{"firewall_on"}, shelfClaims...) }},
	{"the suite says that a claimed fact is not in the samples", "claims the facts that it declares", "yet listed in NotInSamples",
		func(s *Suite, _ *shelf) { s.NotInSamples = []string{"name"} }},
	{"the suite lists a fact that nobody declares", "claims the facts that it declares", "firewall_on is listed in NotInSamples and not declared",
		func(s *Suite, _ *shelf) { s.NotInSamples = []string{"firewall_on"} }},
	{"its own fact is sometimes text", "claims the facts that it declares", "shelf is claimed as", report(func(r posture.Report) posture.Report {
		if r.Key == "2" {
			for i := range r.Claims {
				if r.Claims[i].Fact == "shelf" {
					r.Claims[i].Value = "three"
				}
			}
		}
		return r
	})},
	{"it logs its secret", "finds a person's machines by email", "a log line holds the secret SHELF_SECRET", func(_ *Suite, sh *shelf) {
		sh.open = func(env plugins.Env, settings config.Block) error {
			var s shelfSettings
			_ = settings.Decode(&s)
			env.Log.Log(context.Background(), -100, "opened", "with", s.ClientSecret.Reveal())
			return nil
		}
	}},
	{"it logs its token", "finds a person's machines by email", "a log line holds a credential that was sent", func(_ *Suite, sh *shelf) {
		sh.request = func(_ context.Context, env plugins.Env, r *http.Request) *http.Request {
			env.Log.Debug("asks", "header", r.Header)
			return r
		}
	}},
	{"it logs an address with its query", "finds a machine by each identifier", "a log line holds the query of an address", func(_ *Suite, sh *shelf) {
		sh.request = func(_ context.Context, env plugins.Env, r *http.Request) *http.Request {
			env.Log.Debug("asks", "url", r.URL)
			return r
		}
	}},
	{"it logs whom it is asked about", "returns nothing for a stranger", "a log line holds somebody's email", func(_ *Suite, sh *shelf) {
		sh.find = func(env plugins.Env, clues posture.Clues) { env.Log.Info("find", "clues", clues) }
	}},
	{"it changes the clues", "finds a machine by each identifier", "changed the clues", func(_ *Suite, sh *shelf) {
		sh.find = func(_ plugins.Env, clues posture.Clues) {
			if len(clues.Identifiers) > 0 {
				clues.Identifiers[0] = posture.Identifier{}
			}
		}
	}},
	{"it panics on a visit", "answers several visits at once", "find panicked", func(_ *Suite, sh *shelf) {
		sh.find = func(plugins.Env, posture.Clues) { panic("oh") }
	}},
	{"it keeps one visit's answer for the next", "answers several visits at once", "side by side", func(_ *Suite, sh *shelf) {
		visits := make(chan int, 1)
		visits <- 0
		sh.report = func(r posture.Report) posture.Report {
			n := <-visits
			visits <- n + 1
			r.Key = fmt.Sprint(r.Key, n)
			return r
		}
	}},
	{"it forgets to close an answer", "finds a person's machines by email", "was not closed", func(_ *Suite, sh *shelf) {
		sh.fetch = func(client *http.Client, r *http.Request, into any) error {
			answer, err := client.Do(r)
			if err != nil {
				return plugins.Transport(err)
			}
			return json.NewDecoder(answer.Body).Decode(into)
		}
	}},
	{"its errors have no word", "names the trouble when the vendor fails", "the error is none of",
		says(func(_ *http.Request, _ error) error { return errors.New("it failed") })},
	{"it calls everything unreachable", "names the trouble when the vendor fails", "401 Unauthorized from request 2 on: the error is none of",
		says(func(_ *http.Request, _ error) error { return plugins.ErrUnreachable })},
	{"it calls everything garbled", "names the trouble when the vendor fails", "a refused connection from request 1 on: the error is none of",
		says(func(_ *http.Request, _ error) error { return plugins.ErrGarbled })},
	{"it hides its errors", "names the trouble when the vendor fails", "find returned no error",
		says(func(*http.Request, error) error { return nil })},
	{"its error holds the address", "names the trouble when the vendor fails", "the error of find holds the query of an address",
		says(func(r *http.Request, err error) error { return fmt.Errorf("%v: %w", r.URL, err) })},
	{"its error holds the token", "names the trouble when the vendor fails", "the error of find holds a credential that was sent",
		says(func(r *http.Request, err error) error { return fmt.Errorf("%v: %w", r.Header, err) })},
	{"its error repeats what the vendor wrote", "names the trouble when the vendor fails", "the error of find holds somebody's email", func(_ *Suite, sh *shelf) {
		sh.fetch = fetch(func(body []byte, _ error) error { return fmt.Errorf("%w: %.80s", plugins.ErrGarbled, body) })
	}},
	{"it reads on and on", "names the trouble when the vendor fails", readsOn, func(_ *Suite, sh *shelf) {
		sh.fetch = fetch(func(_ []byte, err error) error { return fmt.Errorf("%w: %w", plugins.ErrGarbled, err) })
	}},
	{"it follows a redirect to another host", "names the trouble when the vendor fails", "followed a redirect to another host", func(_ *Suite, sh *shelf) {
		sh.fetch = func(client *http.Client, r *http.Request, into any) error {
			following := *client
			following.CheckRedirect = nil
			return plugins.FetchJSON(&following, r, into)
		}
	}},
	{"it waits as long as the vendor says", "names the trouble when the vendor fails", "find waited for", func(_ *Suite, sh *shelf) {
		sh.fetch = func(client *http.Client, r *http.Request, into any) error {
			err := plugins.FetchJSON(client, r, into)
			if late := (*plugins.StatusError)(nil); errors.As(err, &late) {
				time.Sleep(late.RetryAfter)
			}
			return err
		}
	}},
	{"it tries again and again", "names the trouble when the vendor fails", "times in one visit", func(_ *Suite, sh *shelf) {
		sh.fetch = func(client *http.Client, r *http.Request, into any) (err error) {
			for range 20 {
				if err = plugins.FetchJSON(client, r.Clone(r.Context()), into); err == nil {
					break
				}
			}
			return err
		}
	}},
	{"it panics on what it cannot read", "names the trouble when the vendor fails", "find panicked", func(_ *Suite, sh *shelf) {
		sh.fetch = fetch(func(_ []byte, err error) error { panic(err) })
	}},
	{"it asks on when the visit has ended", "stops when the visit ends while the vendor hangs", "did not return when its context ended", func(_ *Suite, sh *shelf) {
		sh.request = func(_ context.Context, _ plugins.Env, r *http.Request) *http.Request {
			return r.WithContext(context.Background())
		}
	}},
	{"it renews its token in nobody's name", "stops when the visit ends while the vendor hangs", "the vendor hangs before the answer to request 1: find did not return", func(_ *Suite, sh *shelf) {
		sh.tokens = func(s shelfSettings, env plugins.Env) func(context.Context) (*oauth2.Token, error) {
			return func(context.Context) (*oauth2.Token, error) {
				answer, err := env.HTTP.PostForm(s.URL+"/token", map[string][]string{"client_secret": {s.ClientSecret.Reveal()}})
				if err != nil {
					return nil, plugins.ErrUnreachable
				}
				defer answer.Body.Close()
				token := &oauth2.Token{AccessToken: shelfToken}
				return token, nil
			}
		}
	}},
	{"it says nothing when the visit has ended", "stops when the visit ends while the vendor hangs", "no error when its context ended", func(_ *Suite, sh *shelf) {
		sh.err = func(_ plugins.Env, r *http.Request, err error) error {
			if r.Context().Err() != nil {
				return nil
			}
			return err
		}
	}},
}

const readsOn = "bytes of one answer were read"

func faultsOf(large bool) []fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f fault) bool { return f.large != large })
}

func TestEveryMutantIsNoticed(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			var sh shelf
			s := shelfSuite(sh)
			m.mutant(&s, &sh)
			s.Plugin = sh.plugin()
			for _, c := range checks {
				if c.name != m.check {
					continue
				}
				run := c.run
				if c.name == "names the trouble when the vendor fails" { // long answers take their time
					run = func(t *testing.T, s *Suite) []string { return namesTroubleOf(t, s, faultsOf(m.says == readsOn)) }
				}
				failures := strings.Join(run(t, &s), "\n")
				if !strings.Contains(failures, m.says) {
					t.Errorf("the check %q does not say %q, but: %s", m.check, m.says, failures)
				}
				return
			}
			t.Errorf("there is no check %q", m.check)
		})
	}
}

func TestEveryCheckIsProvenByAMutant(t *testing.T) {
	for _, c := range checks {
		proven := false
		for _, m := range mutants {
			proven = proven || m.check == c.name
		}
		if !proven {
			t.Errorf("no mutant shows that the check %q can fail", c.name)
		}
	}
}

func report(change func(posture.Report) posture.Report) func(*Suite, *shelf) {
	return func(_ *Suite, sh *shelf) { sh.report = change }
}

func claim(c posture.Claim) func(*Suite, *shelf) {
	return report(func(r posture.Report) posture.Report { r.Claims = append(r.Claims, c); return r })
}

func onlyClaim(c posture.Claim) func(*Suite, *shelf) {
	return report(func(r posture.Report) posture.Report { r.Claims = []posture.Claim{c}; return r })
}

func says(what func(r *http.Request, err error) error) func(*Suite, *shelf) {
	return func(_ *Suite, sh *shelf) {
		sh.err = func(_ plugins.Env, r *http.Request, err error) error { return what(r, err) }
	}
}

// fetch reads the whole answer, without a bound, and calls failed with it when
// it is no success or not JSON.
func fetch(failed func(body []byte, err error) error) func(*http.Client, *http.Request, any) error {
	return func(client *http.Client, r *http.Request, into any) error {
		answer, err := client.Do(r)
		if err != nil {
			return plugins.Transport(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err == nil {
			err = json.Unmarshal(body, into)
		}
		if err != nil || answer.StatusCode != http.StatusOK {
			return failed(body, err)
		}
		return nil
	}
}

func errorWhenEmpty(client *http.Client, r *http.Request, into any) error {
	if err := plugins.FetchJSON(client, r, into); err != nil {
		return err
	}
	if text, _ := json.Marshal(into); strings.Contains(string(text), `"Machines":[]`) || strings.Contains(string(text), `"Machines":null`) {
		return plugins.ErrNotFound
	}
	return nil
}
