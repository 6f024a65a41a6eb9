// Package plugins is the contract between the house and its sources: what a
// [Plugin] is, what a [Source] can be asked, which doors of the world it is
// given ([Env]), and what it may say of a failure ([ErrRefused] and the
// others). Each folder below is one plugin, complete with its README, settings
// example and test; standard lists those that this project ships, plugintest
// proves any of them. [FetchJSON], [Records], [Tokens] and [SideBySide] are what
// most plugins need to ask a vendor, with its bounds and without leaks.
//
// A plugin claims facts. It never judges them, and it reaches the world only
// through the doors of its Env, which is why demo mode and the tests run the
// real code on other answers.
//
// This package is an API for plugins in other repositories.
package plugins

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"stethoscope/config"
	"stethoscope/posture"
)

// A Plugin is a kind of source, named in the configuration as `plugin: jamf`.
// It is a value that main hands in, not a side effect of an import.
type Plugin struct {
	Name  string // lower case: "jamf"
	Title string // as people read it: "Jamf"
	// OwnerAuthority is whether the source's word on who owns a machine counts
	// unless the configuration says otherwise. Grant it only to what an
	// administrator, not the machine itself, tells.
	OwnerAuthority bool
	// Claims are the names of all facts that the plugin may claim, which its
	// README lists. plugintest fails on any other.
	Claims []string
	// Open reads the settings and returns a source. It holds no conversation
	// with the vendor: a source that is down must not stop the house. What is
	// wrong with the settings is returned as config.Problems, all at once.
	Open func(env Env, settings config.Block) (Source, error)
}

// A Source reports the machines that match any clue it understands, and ignores
// clues that it does not. It may return reports and an error together: what it
// learned before it failed is kept. Finding nothing is no error. It leaves
// Report.Source empty: lookup stamps it. It returns soon after ctx ends.
//
// A vendor's filter is not to be trusted: a report must carry the email or an
// identifier that was asked for, or it must not be returned. [Matches] tells.
type Source interface {
	Find(ctx context.Context, clues posture.Clues) ([]posture.Report, error)
}

// Env is all of the house that a plugin may touch. There is no other door.
type Env struct {
	Name string           // the source's name in the configuration
	HTTP *http.Client     // follows no redirects; asks whoever the URL names
	Log  *slog.Logger     // never give it personal data or credentials
	Now  func() time.Time // the time; the demo's stands still
}

// Matches reports whether a report answers the clues: it is held for the email
// asked for, or carries one of the identifiers. Vendors' searches are fuzzy
// (wildcards, substrings, ignored filters), so every answer goes through it.
func Matches(clues posture.Clues, r posture.Report) bool {
	if clues.Email != "" && r.OwnedBy(clues.Email) {
		return true
	}
	for _, id := range r.Identifiers {
		for _, wanted := range clues.Identifiers {
			if id == wanted {
				return true
			}
		}
	}
	return false
}
