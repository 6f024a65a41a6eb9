//go:build browser

package app

import (
	"context"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// mostRequests is how many files the first view of a page may need: the page,
// its stylesheet, its icon, and one more.
const mostRequests = 4

// browserRequests counts what each page asks for. That nothing is asked of
// anybody else, every visitor checks.
func browserRequests(t *testing.T, c *chromium, address string) {
	for _, path := range []string{"/", "/devices", "/help"} {
		v := c.visitor(t, address) // with an empty cache
		v.open(path)
		files := map[string]bool{}
		for _, r := range v.asked() {
			files[r.id] = true // what a redirection leads to has the same id
		}
		if len(files) == 0 || len(files) > mostRequests {
			t.Errorf("%s asks for %d files, which is not 1 to %d: %v", path, len(files), mostRequests, files)
		}
	}
}

// browserWithoutScript opens every page with JavaScript on and off: it says
// the same.
func browserWithoutScript(t *testing.T, c *chromium, address string) {
	with, without := c.visitor(t, address), c.visitor(t, address)
	without.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	with.signIn("sam.rivera@example.com")
	without.signIn("sam.rivera@example.com")
	for _, path := range with.pages() {
		without.failing(path)
		with.open(path)
		without.open(path)
		on, off := with.text("body"), without.text("body")
		if path == "/nowhere" { // it names the request
			on, off = with.text("h1, .lead"), without.text("h1, .lead")
		}
		if on == "" || on != off {
			t.Errorf("%s says otherwise without JavaScript:\n%s\n%s", path, on, off)
		}
	}
	// A form works too: the switch to somebody else.
	without.open("/devices")
	without.as("ada.okafor@example.com")
	if path := evaluate[string](without, `location.pathname`); path != "/devices" {
		t.Errorf("after the switch the page is %s", path)
	}
	without.shows("header .nm", "Ada Okafor")
}

// as switches to somebody else with the strip at the top.
func (v *visitor) as(email string) {
	v.Helper()
	v.do(chromedp.SetValue(chromedp.CSS(`.demo select[name="email"]`), email))
	v.click(`.demo button`)
}

// browserSignIn comes as a stranger: the first page is the default person's,
// after an exchange with the issuer as everywhere else.
func browserSignIn(t *testing.T, c *chromium, address string) {
	v := c.visitor(t, address)
	v.open("/")
	v.shows("h1", "2 things need you, Sam")
	v.exchanged("/demo/issuer/authorize", "/login/callback")

	v.do(chromedp.Click(chromedp.CSS(`details.you > summary`)), chromedp.WaitVisible(chromedp.CSS(`form[action="/logout"] button`)))
	v.click(`form[action="/logout"] button`)
	v.shows("main", "You are signed out.", "Sign in to see your devices")
	if text := v.text("body"); containsAny(text, "MacBook", "Pixel 8", "sam.rivera@example.com") {
		t.Errorf("somebody who is signed out still sees %q", text)
	}
	// Going back shows nothing of them either.
	v.asked()
	v.open("/devices")
	v.exchanged("/demo/issuer/authorize")
	v.shows("h1", "Your devices")

	v.open("/help")
	v.click(`a.brand`)
	v.shows("h1", "2 things need you, Sam")

	// The link of the signed-out page.
	v = c.visitor(t, address)
	v.open("/logout")
	v.click(`main a.b`)
	v.shows("h1", "2 things need you, Sam")
}

// exchanged fails unless the last page was reached over these addresses in
// this order.
func (v *visitor) exchanged(paths ...string) {
	v.Helper()
	all := v.asked()
	rest := paths
	for _, r := range all {
		u, err := url.Parse(r.url)
		if err != nil {
			v.Fatal(err)
		}
		if len(rest) > 0 && u.Path == rest[0] && r.redirected {
			rest = rest[1:]
		}
	}
	if len(rest) > 0 {
		v.Errorf("the way does not lead over %v; it is %v", rest, all)
	}
}
