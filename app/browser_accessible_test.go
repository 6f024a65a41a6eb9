//go:build browser

package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// Who is looked at: among them they have every kind of page that there is.
var various = []string{"sam.rivera@example.com", "ada.okafor@example.com", "jun.park@example.com", "one-unknown@example.com", "nothing@example.com"}

// browserAccessible runs axe-core on every page for several people: light and
// dark, wide and narrow, folds shut and open.
func browserAccessible(t *testing.T, c *chromium, address string) {
	axe := axeCore(t)
	for _, email := range various {
		t.Run(email, func(t *testing.T) {
			t.Parallel()
			v := c.visitor(t, address)
			v.signIn(email)
			for _, path := range v.pages() {
				v.open(path)
				v.accessible(axe, path)
			}
		})
	}
	t.Run("nobody", func(t *testing.T) {
		t.Parallel()
		v := c.visitor(t, address)
		for _, path := range v.strangersPages() {
			v.open(path)
			v.accessible(axe, path)
		}
	})
}

func axeCore(t *testing.T) string {
	t.Helper()
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatal("axe-core is not installed: run `make prepare`")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(axe)
}

// folds are the states in which a page's folds are looked at, each with a
// script that returns 0 where there is nothing to look at. The menu covers what
// is below it, so it is a state of its own, and looked at on one page.
var folds = []struct{ name, script string }{
	{"folds shut", `document.querySelectorAll("details").forEach(d => d.open = false); 1`},
	{"folds open", `document.querySelectorAll("main details").forEach(d => d.open = true); document.querySelectorAll("main details").length`},
	{"menu open", `document.querySelectorAll("details.you").forEach(d => d.open = true); location.pathname === "/" ? 1 : 0`},
}

// accessible runs axe-core on the page that is open, in every state.
func (v *visitor) accessible(axe, path string) {
	v.Helper()
	evaluate[bool](v, axe+"; true")
	for _, fold := range folds {
		if evaluate[int](v, fold.script) == 0 {
			continue // no such fold here
		}
		for _, theme := range []string{"light", "dark"} {
			for _, width := range []int64{360, 1280} {
				v.look(width, theme)
				for _, wrong := range evaluate[[]violation](v, axeRun) {
					v.Errorf("%s, %s, %d px, %s: %s", path, theme, width, fold.name, wrong)
				}
			}
		}
	}
	v.look(1280, "light")
}

// A violation is one rule that a page breaks.
type violation struct {
	Rule, Impact string
	Nodes        []struct{ Selector, Why string }
}

func (w violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)", w.Rule, w.Impact)
	for _, node := range w.Nodes {
		fmt.Fprintf(&b, "\n    %s: %s", node.Selector, node.Why)
	}
	return b.String()
}

const axeRun = `axe.run(document, {
	resultTypes: ["violations"],
	runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
}).then(r => r.violations.map(v => ({
	Rule: v.id, Impact: v.impact,
	Nodes: v.nodes.slice(0, 3).map(n => ({Selector: n.target.join(" "), Why: n.failureSummary.split("\n").slice(1, 3).join(" ").trim()})),
})))`

// browserReflow opens every page in a window of 320 px, as on a small phone or
// at 400% zoom (WCAG 1.4.10), then with the spacing that people who find
// reading hard may set (1.4.12): nothing scrolls sideways.
func browserReflow(t *testing.T, c *chromium, address string) {
	for _, email := range append([]string{"user@example.com"}, various...) {
		t.Run(email, func(t *testing.T) {
			t.Parallel()
			v := c.visitor(t, address)
			v.signIn(email)
			for _, path := range v.pages() {
				v.open(path)
				v.fits(320, path)
			}
		})
	}
	t.Run("nobody", func(t *testing.T) {
		t.Parallel()
		v := c.visitor(t, address)
		for _, path := range v.strangersPages() {
			v.open(path)
			v.fits(320, path)
		}
	})
}

// fits fails if the page that is open scrolls sideways at this width, also with
// all folds open and wide text spacing.
func (v *visitor) fits(width int64, path string) {
	v.Helper()
	for _, medium := range []struct{ name, script string }{
		{"as it comes", ``},
		{"everything open", `document.querySelectorAll("details").forEach(d => d.open = true)`},
		{"text spacing", `{
			const sheet = new CSSStyleSheet()
			sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }")
			document.adoptedStyleSheets = [sheet]
		}`},
	} {
		v.look(width, "light")
		evaluate[bool](v, medium.script+"; true")
		if wide := evaluate[int64](v, `document.scrollingElement.scrollWidth`); wide > width {
			v.Errorf("%s, %s: %d px wide in a window of %d; it is %s", path, medium.name, wide, width, evaluate[string](v, widest))
		}
	}
}

// widest names the innermost element that reaches furthest to the right, and
// what it is in.
const widest = `(() => {
	let far = 0, widest = null
	for (const e of document.body.querySelectorAll("*")) {
		const right = e.getBoundingClientRect().right
		if (right >= far && right > innerWidth) { far = right; widest = e }
	}
	let name = ""
	for (let e = widest, n = 0; e && n < 4; e = e.parentElement, n++) name = e.tagName.toLowerCase() + (e.className && e.className.replace ? "." + e.className.replace(/ /g, ".") : "") + " " + name
	return name + ": " + (widest ? widest.textContent.trim().slice(0, 60) : "")
})()`
