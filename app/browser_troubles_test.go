//go:build browser

package app

import "testing"

// browserTroubles breaks the demo's sources and looks what Sam sees then: what
// the others know, who did not answer, and that it is not Sam's fault.
func browserTroubles(t *testing.T, c *chromium) {
	axe := axeCore(t)
	for _, trouble := range []struct {
		broken   string
		headline string
		notice   []string
		shown    []string // on the overview
		hidden   []string
	}{
		{"google:hang", "1 thing needs you, Sam", []string{"Google Workspace is not answering.", "What only Google Workspace knows is missing from this page.", "Other sources are fine."}, []string{"Sam’s MacBook Pro", "iPad mini"}, []string{"Pixel 8"}},
		{"jamf:down", "1 thing needs you, Sam", []string{"Jamf is not answering.", "What only Jamf knows is missing from this page."}, []string{"Pixel 8"}, []string{"MacBook", "iPad"}},
		{"google:garbled", "1 thing needs you, Sam", []string{"We could not read the answer of Google Workspace."}, []string{"Sam’s MacBook Pro"}, []string{"Pixel 8", "Back soon"}},
		{"jamf:refused", "1 thing needs you, Sam", []string{"Jamf did not let us in."}, []string{"Pixel 8"}, []string{"MacBook", "invalid_client"}},
		{"jamf:down,google:down", "We can’t tell yet, Sam", []string{"Jamf is not answering.", "Google Workspace is not answering.", "This is our problem, not yours."}, []string{"None of our sources answered."}, []string{"MacBook", "Pixel 8", "Nothing needs you", "No devices yet"}},
	} {
		t.Run(trouble.broken, func(t *testing.T) {
			t.Setenv("STETHOSCOPE_DEMO_BREAK", trouble.broken)
			v := c.visitor(t, running(t))
			v.open("/")
			v.shows("h1", trouble.headline)
			v.shows("main .note", trouble.notice...)
			v.shows("main", trouble.shown...)
			if text := v.text("main"); containsAny(text, trouble.hidden...) {
				t.Errorf("one of %q is shown: %s", trouble.hidden, text)
			}
			v.screens("trouble" + fileName(trouble.broken) + "-overview")
			v.accessible(axe, "/")
			v.fits(320, "/")

			v.open("/devices")
			v.shows("main .note", trouble.notice...)
			v.screens("trouble" + fileName(trouble.broken) + "-devices")
			v.accessible(axe, "/devices")
			v.fits(320, "/devices")
		})
	}
}
