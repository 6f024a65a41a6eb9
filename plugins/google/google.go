// Package google asks Google Workspace which phones, tablets and Chromebooks a
// person has: the Directory API's mobile devices and ChromeOS devices, read
// only. Start at [Plugin]; what each field of Google's becomes is in mobile.go
// and chromeos.go, how questions are put is in query.go, and the README tells
// an administrator what to set up.
//
// Not an API.
package google

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"stethoscope/config"
	"stethoscope/plugins"
	"stethoscope/posture"
)

// Plugin is Google Workspace. Its word on whose a machine is counts: it names
// the accounts that signed in on it, which Google proved and the machine alone
// cannot say.
var Plugin = plugins.Plugin{
	Name:           "google",
	Title:          "Google Workspace",
	OwnerAuthority: true,
	Claims: []string{
		posture.RunsOn.Name(),
		posture.OSName.Name(),
		posture.OSVersion.Name(),
		posture.OSBuild.Name(),
		posture.SecurityPatch.Name(),
		posture.Model.Name(),
		posture.Manufacturer.Name(),
		posture.NetworkAddresses.Name(),
		posture.Managed.Name(),
		posture.DiskEncrypted.Name(),
		posture.ScreenLocks.Name(),
		posture.UpdatesWaiting.Name(),
		posture.Compromised.Name(),
		posture.UnknownSources.Name(),
		posture.DebugBridge.Name(),
	},
	Open: open,
}

func open(env plugins.Env, block config.Block) (plugins.Source, error) {
	settings, key, err := readSettings(block)
	if err != nil {
		return nil, err
	}
	return &source{client: newClient(env, settings, key), chromeOSLocks: settings.ChromeOSLocks}, nil
}

type source struct {
	client *client
	// chromeOSLocks: the administrator vouches that policy locks Chromebooks on sleep.
	chromeOSLocks bool
}

// An answer is what one question brought, possibly cut short by err.
type answer struct {
	reports []posture.Report
	err     error
}

// Find asks both lists for the person and for every identifier that they can be
// searched by. One list that refuses us does not silence the other.
func (s *source) Find(ctx context.Context, clues posture.Clues) ([]posture.Report, error) {
	questions := questionsFor(clues)
	answers := make([]answer, len(questions))
	var round round
	plugins.SideBySide(len(questions), func(i int) {
		answers[i] = s.ask(ctx, &round, questions[i], clues)
	})
	return join(ctx, answers)
}

// ask puts one question and keeps the reports that answer the clues.
func (s *source) ask(ctx context.Context, round *round, q question, clues posture.Clues) answer {
	var a answer
	read, broken := 0, 0
	err := s.client.list(ctx, round, q, func(record json.RawMessage) {
		read++
		r, current, err := s.report(q.list, record)
		switch {
		case err != nil:
			broken++
		case current && plugins.Matches(clues, r):
			a.reports = append(a.reports, r)
		}
	})
	if broken > 0 {
		err = errors.Join(err, fmt.Errorf("%w: %d of %d records", plugins.ErrGarbled, broken, read))
	}
	if err != nil {
		a.err = fmt.Errorf("google: list %s: %w", q.list.what, err)
	}
	return a
}

// report reads one record. It says false for a machine that is nobody's any
// more, such as one that was wiped.
func (s *source) report(l *list, record json.RawMessage) (r posture.Report, current bool, err error) {
	if l == mobile {
		return mobileReport(record)
	}
	return chromeOSReport(record, s.chromeOSLocks)
}

// join puts the answers together: each record once, each kind of trouble once.
func join(ctx context.Context, answers []answer) ([]posture.Report, error) {
	var reports []posture.Report
	var errs []error
	records, troubles := map[string]bool{}, map[string]bool{}
	for _, a := range answers {
		for _, r := range a.reports {
			if !records[r.Key] {
				records[r.Key] = true
				reports = append(reports, r)
			}
		}
		if a.err != nil && !troubles[a.err.Error()] {
			troubles[a.err.Error()] = true
			errs = append(errs, a.err)
		}
	}
	if len(errs) > 0 && ctx.Err() != nil {
		return reports, fmt.Errorf("google: list devices: %w", ctx.Err())
	}
	return reports, errors.Join(errs...)
}
