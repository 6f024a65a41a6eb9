package plugintest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"stethoscope/config"
	"stethoscope/plugins"
	"stethoscope/plugins/inmemory"
	"stethoscope/posture"
)

var checks = []check{
	{"describes itself", describesItself},
	{"opens without a request", opensWithoutRequest},
	{"says what is wrong with empty settings", refusesEmptySettings},
	{"opens the settings of its example", opensExample},
	{"lists its facts in the README", listsFacts},
	{"finds a person's machines by email", findsByEmail},
	{"finds a machine by each identifier", findsByIdentifier},
	{"returns nothing for a stranger", findsNothingForStranger},
	{"ignores clues that it does not understand", ignoresClues},
	{"returns nobody else's machines when filters are ignored", trustsNoFilter},
	{"claims the facts that it declares", claimsWhatItDeclares},
	{"answers several visits at once", answersSideBySide},
	{"names the trouble when the vendor fails", namesTrouble},
	{"stops when the visit ends while the vendor hangs", stopsWithVisit},
}

// patience is how long a visit waits for a source, and more than a page does.
const patience = 10 * time.Second

// mostRepeats is how often one request may be sent in a visit to a vendor who
// fails: room for a token's renewal, none for a storm.
const mostRepeats = 8

// mostRead is how many bytes of one answer may be read, with room for a buffer.
const mostRead = plugins.MaxAnswer + 64<<10

func describesItself(_ *testing.T, s *Suite) (failures []string) {
	wrong := func(bad bool, text string) {
		if bad {
			failures = append(failures, text)
		}
	}
	wrong(s.Plugin.Name == "" || s.Plugin.Name != strings.ToLower(s.Plugin.Name), "the plugin's Name must be lower case and not empty")
	wrong(s.Plugin.Title == "", "the plugin has no Title")
	wrong(len(s.Plugin.Claims) == 0, "the plugin declares no facts in Claims")
	wrong(len(slices.Compact(slices.Sorted(slices.Values(s.Plugin.Claims)))) != len(s.Plugin.Claims), "the plugin declares a fact twice in Claims")
	for _, email := range []string{s.Email, s.Stranger} {
		normal, ok := posture.NormalEmail(email)
		wrong(!ok || normal != email, "the suite's Email and Stranger must be addresses as posture.NormalEmail writes them")
	}
	wrong(len(s.Secrets) == 0, "the suite has no Secrets: what is sent to the vendor must be watched")
	for name, secret := range s.Secrets {
		wrong(len(secret) < 12, "the suite's secret "+name+" is too short to be told from other words")
	}
	return failures
}

func opensWithoutRequest(_ *testing.T, s *Suite) []string {
	return s.open(inmemory.Transport(s.Vendor)).end()
}

func refusesEmptySettings(_ *testing.T, s *Suite) []string {
	var failures []string
	empty, err := config.Parse([]byte("{}"), s.resolver(false))
	if err != nil {
		return []string{err.Error()}
	}
	for what, settings := range map[string]config.Block{"no block": {}, "an empty block": empty} {
		o := &session{suite: s, requests: &recorder{next: inmemory.Transport(s.Vendor)}, log: newLogbook()}
		_, err := o.openWith(settings)
		if problems := (config.Problems{}); len(o.failures) == 0 && !errors.As(err, &problems) {
			o.fail("open with %s returned the error %v instead of config.Problems", what, err)
		}
		failures = append(failures, o.end()...)
	}
	return failures
}

func opensExample(_ *testing.T, s *Suite) []string {
	data, err := os.ReadFile(s.Example)
	if err != nil {
		return []string{err.Error()}
	}
	whole, err := config.Parse(data, s.resolver(true))
	if err != nil {
		return []string{s.Example + ": " + err.Error()}
	}
	blocks := []config.Block{whole}
	if items := whole.Items(); items != nil {
		blocks = items
	} else if items := whole.At("sources").Items(); items != nil {
		blocks = items
	}
	var failures []string
	for _, block := range blocks {
		var of struct {
			Plugin string `yaml:"plugin"`
		}
		if err := block.Only("plugin").Decode(&of); err != nil || (of.Plugin != "" && of.Plugin != s.Plugin.Name) {
			failures = append(failures, fmt.Sprintf("%s: plugin must be %s", s.Example, s.Plugin.Name))
		}
		o := &session{suite: s, requests: &recorder{next: inmemory.Transport(s.Vendor)}, log: newLogbook()}
		if _, err := o.openWith(block.Without("plugin", "name", "owner_authority")); err != nil {
			o.fail("%s does not open: %v", s.Example, err)
		}
		failures = append(failures, o.end()...)
	}
	return failures
}

func findsByEmail(t *testing.T, s *Suite) []string {
	o := s.open(inmemory.Transport(s.Vendor))
	reports, err := o.find(t.Context(), posture.Clues{Email: s.Email})
	if err != nil {
		o.fail("find by email: %v", err)
	}
	if o.source != nil && len(reports) == 0 {
		o.fail("nothing was found for the suite's Email")
	}
	return o.end()
}

func findsByIdentifier(t *testing.T, s *Suite) []string {
	o := s.open(inmemory.Transport(s.Vendor))
	for _, id := range s.Finds {
		reports, err := o.find(t.Context(), posture.Clues{Identifiers: []posture.Identifier{id}})
		if err != nil {
			o.fail("find by the %s %s: %v", id.Kind(), id.Value(), err)
		}
		if !carried(id, reports) {
			o.fail("no report carries the %s %s that was asked for", id.Kind(), id.Value())
		}
	}
	reports, err := o.find(t.Context(), s.everything())
	if err != nil {
		o.fail("find by everything at once: %v", err)
	}
	for _, id := range s.Finds {
		if !carried(id, reports) {
			o.fail("asked for everything at once, no report carries the %s %s", id.Kind(), id.Value())
		}
	}
	return o.end()
}

func carried(id posture.Identifier, reports []posture.Report) bool {
	return slices.ContainsFunc(reports, func(r posture.Report) bool { return slices.Contains(r.Identifiers, id) })
}

func findsNothingForStranger(t *testing.T, s *Suite) []string {
	o := s.open(inmemory.Transport(s.Vendor))
	o.mustFindNothing(t.Context(), "a stranger's email", posture.Clues{Email: s.Stranger})
	return o.end()
}

func ignoresClues(t *testing.T, s *Suite) []string {
	o := s.open(inmemory.Transport(s.Vendor))
	o.mustFindNothing(t.Context(), "no clues", posture.Clues{})
	if n := o.requests.count(); n > 0 {
		o.fail("without a clue it made %d requests: there is nothing to ask", n)
	}
	for _, id := range nobodys() {
		o.mustFindNothing(t.Context(), "nobody's "+id.Kind().String(), posture.Clues{Identifiers: []posture.Identifier{id}})
	}
	o.mustFindNothing(t.Context(), "nobody's identifiers together", posture.Clues{Identifiers: nobodys()})
	return o.end()
}

func trustsNoFilter(t *testing.T, s *Suite) []string {
	if s.VendorUnfiltered == nil {
		return nil
	}
	o := s.open(inmemory.Transport(s.VendorUnfiltered))
	o.mustFindNothing(t.Context(), "a stranger's email", posture.Clues{Email: s.Stranger})
	for _, id := range nobodys() {
		o.mustFindNothing(t.Context(), "nobody's "+id.Kind().String(), posture.Clues{Identifiers: []posture.Identifier{id}})
	}
	if reports, err := o.find(t.Context(), posture.Clues{Email: s.Email}); o.source != nil && (err != nil || len(reports) == 0) {
		o.fail("find by email found %d reports, error %v", len(reports), err)
	}
	for _, id := range s.Finds {
		_, _ = o.find(t.Context(), posture.Clues{Identifiers: []posture.Identifier{id}})
	}
	return o.end()
}

func (o *session) mustFindNothing(ctx context.Context, what string, clues posture.Clues) {
	reports, err := o.find(ctx, clues)
	if len(reports) > 0 {
		o.fail("%d reports for %s: nothing may be found", len(reports), what)
	}
	if err != nil {
		o.fail("find by %s: %v: finding nothing is no error", what, err)
	}
}

func answersSideBySide(t *testing.T, s *Suite) []string {
	o := s.open(inmemory.Transport(s.Vendor))
	if o.source == nil {
		return o.end()
	}
	alone, _ := o.find(t.Context(), s.everything())
	const visits = 4
	var together [visits][]posture.Report
	var visitors sync.WaitGroup
	for i := range visits {
		visitors.Go(func() { together[i], _ = o.ask(t.Context(), s.everything()) })
	}
	visitors.Wait()
	for _, reports := range together {
		if !slices.Equal(keys(reports), keys(alone)) {
			o.fail("a visit side by side with others found the records %q, alone %q", keys(reports), keys(alone))
		}
	}
	return o.end()
}

func keys(reports []posture.Report) []string {
	var all []string
	for _, r := range reports {
		all = append(all, r.Key)
	}
	slices.Sort(all)
	return all
}

// healthy counts the requests of a visit to a vendor who does not fail.
func (s *Suite) healthy(t *testing.T) (requests int, failures []string) {
	o := s.open(inmemory.Transport(s.Vendor))
	_, _ = o.find(t.Context(), s.everything())
	requests = o.requests.count()
	return requests, o.end()
}

func namesTrouble(t *testing.T, s *Suite) []string { return namesTroubleOf(t, s, faults) }

func namesTroubleOf(t *testing.T, s *Suite, faults []fault) []string {
	healthy, failures := s.healthy(t)
	if len(failures) > 0 {
		return failures
	}
	for _, f := range faults {
		for _, step := range steps(healthy, f.large) {
			synctest.Test(t, func(*testing.T) {
				for _, failure := range s.visitFailing(f, step) {
					failures = append(failures, fmt.Sprintf("%s from request %d on: %s", f.name, step, failure))
				}
			})
		}
	}
	return failures
}

func (s *Suite) visitFailing(f fault, step int64) []string {
	vendor := &failing{vendor: inmemory.Transport(s.Vendor), fault: f.answer(s), step: step}
	o := s.open(vendor)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	start := time.Now()
	_, err := o.find(ctx, s.everything())
	named := slices.ContainsFunc(f.want, func(word error) bool { return errors.Is(err, word) })
	switch {
	case vendor.failed.Load() == 0 || len(o.failures) > 0 && err == nil:
	case err == nil && !f.quiet:
		o.fail("find returned no error: what was not learned would look as if it were not there")
	case err != nil && !named:
		o.fail("the error is none of %q: %v", f.want, err)
	}
	if waited := time.Since(start); waited >= patience {
		o.fail("find waited for %v: a person is waiting for the page", waited)
	}
	if request, times := o.requests.mostRepeated(); times > mostRepeats {
		o.fail("%s was sent %d times in one visit", request, times)
	}
	if n := o.requests.longestRead(); n > mostRead {
		o.fail("%d bytes of one answer were read: memory must stay bounded", n)
	}
	return o.end()
}

func stopsWithVisit(t *testing.T, s *Suite) []string {
	healthy, failures := s.healthy(t)
	if len(failures) > 0 {
		return failures
	}
	for _, where := range []string{"before the answer", "in the middle of the answer", "in the middle of an error's answer"} {
		for _, step := range steps(healthy, false) {
			synctest.Test(t, func(*testing.T) {
				for _, failure := range s.visitHanging(where, step) {
					failures = append(failures, fmt.Sprintf("the vendor hangs %s to request %d: %s", where, step, failure))
				}
			})
		}
	}
	return failures
}

// visitHanging runs in a bubble. When synctest.Wait returns, nothing in the
// bubble can go on by itself: a Find that has not returned then waits for the
// vendor alone.
func (s *Suite) visitHanging(where string, step int64) []string {
	released := make(chan struct{})
	hangs, arrived := context.WithCancel(context.Background())
	defer arrived()
	vendor := inmemory.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch where {
		case "in the middle of the answer":
			_, _ = w.Write([]byte(`{`))
		case "in the middle of an error's answer":
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`{`))
		}
		arrived()
		<-released
	}))
	o := s.open(&failing{vendor: inmemory.Transport(s.Vendor), fault: vendor, step: step})
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	returned := make(chan error, 1)
	go func() {
		_, err := o.find(ctx, s.everything())
		returned <- err
	}()
	select {
	case <-hangs.Done():
	case err := <-returned: // it went another way and met no hanging answer
		returned <- err
	}
	met := hangs.Err() != nil
	leave()
	synctest.Wait()
	var err error
	stopped := true
	select {
	case err = <-returned:
	default:
		stopped = false
	}
	close(released)
	if !stopped {
		<-returned
		o.fail("find did not return when its context ended")
	} else if met && err == nil && o.source != nil {
		o.fail("find returned no error when its context ended: what was not learned would look as if it were not there")
	}
	return o.end()
}
