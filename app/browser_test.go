//go:build browser

package app

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// TestBrowser opens the demo in headless Chromium and looks at it as people do.
// `make prepare` installs what it needs, `make browser` runs it; one part alone
// is go test -tags browser -run 'TestBrowser/what_they_see' ./app.
//
// There is one browser. Each part opens windows in it (visitor), each with
// cookies of its own, as each person has. Whatever a window asks of another
// origin, and whatever the browser complains of (an error in the console, a
// breach of the content security policy, a dialog), fails the part, whatever it
// is about.
func TestBrowser(t *testing.T) {
	c := openChromium(t)
	// One after the other: they break the demo by an environment variable.
	t.Run("sources in trouble", func(t *testing.T) { browserTroubles(t, c) })

	address := running(t)
	for _, part := range []struct {
		name string
		test func(t *testing.T, c *chromium, address string)
	}{
		{"every page is accessible", browserAccessible},
		{"every page fits a narrow window", browserReflow},
		{"few requests", browserRequests},
		{"without JavaScript", browserWithoutScript},
		{"signing in and out", browserSignIn},
		{"what they see", browserPeople},
		{"from the banner to the steps", browserBanner},
		{"light and dark", browserTheme},
		{"keyboard", browserKeyboard},
		{"print", browserPrint},
		{"hostile words", func(t *testing.T, c *chromium, _ string) { browserHostile(t, c) }},
		{"pictures", browserPictures},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.test(t, c, address)
		})
	}
}

// A chromium is the one browser of all tests.
type chromium struct{ ctx context.Context }

func openChromium(t *testing.T) *chromium {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("%v: run `make prepare`, which installs Chromium and axe-core", err)
	}
	profile := t.TempDir()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("font-render-hinting", "none"),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, _ = chromedp.NewContext(ctx)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("stop Chromium: %v", err)
		}
	})
	if _, err := chromedp.CallBrowser(ctx, browser.GetVersion, cdp.Empty{}); err != nil {
		t.Fatalf("ask Chromium for its version: %v", err)
	}
	return &chromium{ctx}
}

// A visitor is one window with cookies of its own.
type visitor struct {
	testing.TB
	ctx     context.Context
	address string

	mu         sync.Mutex
	requests   []request
	complaints []string
	excused    map[string]bool // pages that answer with an error, as they should
}

// A request is something that a window asked for.
type request struct {
	id, method, url string
	redirected      bool // it is where the answer to the one before led
}

func (c *chromium) visitor(t testing.TB, address string) *visitor {
	t.Helper()
	v := &visitor{TB: t, address: address, excused: map[string]bool{}}
	ctx, cancel := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(v.hear))
	v.ctx = ctx
	t.Cleanup(func() {
		cancel()
		v.mu.Lock()
		defer v.mu.Unlock()
		for _, complaint := range v.complaints {
			t.Errorf("the browser complains: %s", complaint)
		}
	})
	if err := chromedp.Do(ctx); err != nil { // the tab lives as long as this context
		t.Fatalf("open a window: %v", err)
	}
	v.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, audits.Enable, cdp.Empty{})
		return err
	}))
	v.look(1280, "light")
	return v
}

// hear is told of everything that happens in the window.
func (v *visitor) hear(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	complain := func(format string, arguments ...any) {
		v.complaints = append(v.complaints, fmt.Sprintf(format, arguments...))
	}
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		v.requests = append(v.requests, request{string(e.RequestID), e.Request.Method, e.Request.URL, e.RedirectResponse != nil})
		if !strings.HasPrefix(e.Request.URL, v.address+"/") {
			complain("a request for %s", e.Request.URL)
		}
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceNetwork && v.excused[strings.TrimPrefix(e.Entry.URL, v.address)] {
			return
		}
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			complain("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		complain("console.%s", e.Type)
	case *runtime.EventExceptionThrown:
		complain("an exception: %s", e.ExceptionDetails.Text)
	case *audits.EventIssueAdded:
		if issue := e.Issue.Details.ContentSecurityPolicyIssueDetails; issue != nil {
			complain("the content security policy's %s: %s", issue.ViolatedDirective, issue.BlockedURL)
		}
	case *page.EventJavascriptDialogOpening:
		complain("a dialog: %q", e.Message)
		go func() { // this is called from the loop that would carry the answer
			_, _ = chromedp.Call(v.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}()
	}
}

// asked returns what was asked for since the last call.
func (v *visitor) asked() []request {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := v.requests
	v.requests = nil
	return all
}

// mostPatience is how long one step in the browser may take on a busy machine.
const mostPatience = 60 * time.Second

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, mostPatience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.Fatal(err)
	}
}

// open goes to a page and waits until it has loaded.
func (v *visitor) open(path string) *network.Response {
	v.Helper()
	return v.follow(chromedp.Navigate(v.address + path))
}

// click clicks an element and waits for the page that it leads to.
func (v *visitor) click(selector string) *network.Response {
	v.Helper()
	return v.follow(chromedp.Click(chromedp.CSS(selector)))
}

func (v *visitor) follow(step chromedp.Action[chromedp.Void]) *network.Response {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, mostPatience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		v.Fatal(err)
	}
	return answer
}

// signIn comes as this person of the demo and stands on the first page.
func (v *visitor) signIn(email string) {
	v.Helper()
	v.open("/login?login_hint=" + url.QueryEscape(email))
	if path := evaluate[string](v, `location.pathname`); path != "/" {
		v.Fatalf("after signing in as %s the page is %s", email, path)
	}
}

// evaluate runs a script in the page as developer tools do, which the page's
// policy does not forbid.
func evaluate[T any](v *visitor, script string) T {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, mostPatience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		v.Fatalf("%.200s: %v", script, err)
	}
	return value
}

// look sets the width of the window and what the system prefers.
func (v *visitor) look(width int64, theme string) { v.see(width, theme, "") }

// see is look on a medium: "print", or "" for the screen.
func (v *visitor) see(width int64, theme, medium string) {
	v.Helper()
	v.do(
		chromedp.EmulateViewport(width, 800),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Media: medium,
				Features: []*emulation.MediaFeature{
					{Name: "prefers-color-scheme", Value: theme},
					{Name: "prefers-reduced-motion", Value: "reduce"}, // nothing is caught halfway
				},
			})
			return err
		}),
	)
}

// text returns what a part of the page says, as it is laid out, in one line.
func (v *visitor) text(selector string) string {
	v.Helper()
	return evaluate[string](v, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.innerText).join(" | ").replace(/\s+/g, " ").trim()`, selector))
}

// shows fails unless a part of the page says all of this.
func (v *visitor) shows(selector string, wanted ...string) {
	v.Helper()
	text := v.text(selector)
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			v.Errorf("%s does not say %q; it says %.1000q", selector, want, text)
		}
	}
}

// pages returns the address of every page that somebody who is signed in can
// open.
func (v *visitor) pages() []string {
	v.Helper()
	v.open("/devices?view=print")
	all := []string{"/", "/devices", "/devices?view=print", "/help", v.failing("/nowhere")}
	return append(all, evaluate[[]string](v, `[...new Set([...document.querySelectorAll("main .dev h2 a")].map(a => a.getAttribute("href")))]`)...)
}

// strangersPages returns the address of every page for somebody who is not
// signed in.
func (v *visitor) strangersPages() []string {
	return []string{"/logout", "/help", v.failing("/nowhere"), v.failing("/login/callback?state=unknown")}
}

// failing says that a page answers with an error, as it should.
func (v *visitor) failing(path string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.excused[path] = true
	return path
}
