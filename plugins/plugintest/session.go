package plugintest

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"stethoscope/config"
	"stethoscope/plugins"
	"stethoscope/posture"
)

// A session is one opened source and everything that it did.
type session struct {
	suite    *Suite
	requests *recorder
	log      *logbook
	source   plugins.Source
	owners   []string // whom the reports named

	mu       sync.Mutex // visits may run side by side
	failures []string
}

// open opens the suite's plugin with its settings against a vendor. The source
// is nil, and a failure says why, if it did not open.
func (s *Suite) open(vendor http.RoundTripper) *session {
	o := &session{suite: s, requests: &recorder{next: vendor}, log: newLogbook()}
	settings, err := config.Parse([]byte(s.Settings), s.resolver(false))
	if err != nil {
		o.fail("the suite's settings: %v", err)
		return o
	}
	o.source, err = o.openWith(settings)
	if err != nil {
		o.fail("open: %v", err)
		o.source = nil
	}
	if n := o.requests.count(); n > 0 {
		o.fail("open made %d requests: a source that is down must not stop the house", n)
	}
	o.mustNotSay("the error of open", err)
	return o
}

// openWith opens the plugin and turns a panic into a failure.
func (o *session) openWith(settings config.Block) (source plugins.Source, err error) {
	defer o.panics("open")
	env := plugins.Env{
		Name: o.suite.Plugin.Name,
		HTTP: &http.Client{
			Transport:     o.requests,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		Log: o.log.logger(),
		Now: time.Now, // as the OAuth library, which reckons a token's end by it, also in a bubble
	}
	return o.suite.Plugin.Open(env, settings)
}

// find asks the source and holds what it returns against the contract.
func (o *session) find(ctx context.Context, clues posture.Clues) ([]posture.Report, error) {
	if o.source == nil {
		return nil, nil
	}
	given := slices.Clone(clues.Identifiers)
	reports, err := o.ask(ctx, clues)
	if !slices.Equal(given, clues.Identifiers) {
		o.fail("find changed the clues that it was given")
	}
	for _, r := range reports {
		o.owners = append(o.owners, r.Owners...)
		o.failures = append(o.failures, reportFailures(o.suite, clues, r)...)
	}
	o.mustNotSay("the error of find", err)
	return reports, err
}

func (o *session) ask(ctx context.Context, clues posture.Clues) (reports []posture.Report, err error) {
	defer o.panics("find")
	return o.source.Find(ctx, clues)
}

// end closes the session and returns all that was wrong with it.
func (o *session) end() []string {
	for _, open := range o.requests.end() {
		o.fail("the answer of %s was not closed: its connection is lost", open)
	}
	for _, line := range o.log.lines() {
		for _, said := range o.says(line) {
			o.fail("a log line holds %s: %s", said, line)
		}
	}
	if o.requests.elsewhere() {
		o.fail("followed a redirect to another host: the credential is not meant for it")
	}
	slices.Sort(o.failures)
	return slices.Compact(o.failures)
}

func (o *session) fail(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failures = append(o.failures, fmt.Sprintf(format, args...))
}

func (o *session) panics(where string) {
	if cause := recover(); cause != nil {
		o.fail("%s panicked: %v\n%s", where, cause, debug.Stack())
	}
}

func (o *session) mustNotSay(what string, err error) {
	if err == nil {
		return
	}
	text := fmt.Sprintf("%v\n%+v", err, err)
	for _, said := range o.says(text) {
		o.fail("%s holds %s: %v", what, said, err)
	}
}

// says names what stands in a text that must not.
func (o *session) says(text string) []string {
	text = strings.ToLower(text)
	var said []string
	find := func(what string, forms []string) {
		for _, form := range forms {
			if form != "" && strings.Contains(text, strings.ToLower(form)) {
				said = append(said, what)
				return
			}
		}
	}
	for name, secret := range o.suite.Secrets {
		find("the secret "+name, secretForms(secret))
	}
	find("a credential that was sent", o.requests.credentials())
	find("somebody's email", emailForms(append([]string{o.suite.Email, o.suite.Stranger}, o.owners...)))
	find("the query of an address", o.requests.queries())
	return said
}

// resolver looks the suite's secrets up; those of an example may have other names.
func (s *Suite) resolver(example bool) config.Resolver {
	look := func(name string) (string, bool) {
		value, ok := s.Secrets[name]
		if !ok && example && len(s.Secrets) == 1 {
			for _, only := range s.Secrets {
				return only, true
			}
		}
		return value, ok
	}
	return config.Resolver{Env: look, File: func(path string) ([]byte, error) {
		value, ok := look(path)
		if !ok {
			return nil, fmt.Errorf("no secret of the suite has the name %s", path)
		}
		return []byte(value), nil
	}}
}
