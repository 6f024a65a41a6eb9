//go:build browser

package app

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A focused element is where the Tab key stopped.
type focused struct {
	Name  string
	Ring  bool // a line around it, or around the row that it stretches over
	Shown bool // in the window, and not covered by anything
	Skip  bool
	Again bool // it stood here before
	Off   bool // it is on no element of the page
}

const whereFocusIs = `(() => {
	const e = document.activeElement
	if (!e || e === document.body || e === document.documentElement) return {Off: true}
	const again = !!e.dataset.seen
	e.dataset.seen = "yes"
	const ringed = s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0
	const r = e.getBoundingClientRect()
	const top = document.elementFromPoint(r.left + Math.min(r.width, 40) / 2, r.top + Math.min(r.height, 40) / 2)
	return {
		Name: e.tagName.toLowerCase() + ": " + (e.innerText || e.value || "").trim().replace(/\s+/g, " ").slice(0, 60),
		Ring: ringed(getComputedStyle(e)) || ringed(getComputedStyle(e, "::after")),
		Shown: r.bottom > 0 && r.top < innerHeight && r.width > 0 && !!top && (e.contains(top) || top.contains(e)),
		Skip: e.classList.contains("skip"), Again: again,
	}
})()`

// browserKeyboard goes through a page with the Tab key alone: the first stop
// leads past the header, each stop is visible and is left again.
func browserKeyboard(t *testing.T, c *chromium, address string) {
	for _, page := range []struct {
		path  string
		width int64
	}{{"/devices", 1280}, {"/devices", 360}, {"/", 1280}} {
		t.Run(fmt.Sprint(page.path, page.width), func(t *testing.T) {
			v := c.visitor(t, address)
			v.signIn("sam.rivera@example.com")
			v.look(page.width, "light")
			v.open(page.path)
			// What there is to stop at: all that takes the focus and is laid out.
			want := evaluate[int](v, `[...document.querySelectorAll("a[href], button, select, input:not([type=hidden]), summary, [tabindex='0']")].filter(e => e.checkVisibility()).length`)
			got := 0
			for ; got <= want; got++ {
				v.do(chromedp.KeyEvent(kb.Tab))
				at := evaluate[focused](v, whereFocusIs)
				if at.Off || at.Again {
					break // through the page and back to the browser's own frame
				}
				if got == 0 && !at.Skip {
					t.Errorf("the first stop is %s, not the way past the header", at.Name)
				}
				if !at.Ring {
					t.Errorf("nothing shows that the focus is on %s", at.Name)
				}
				if !at.Shown {
					t.Errorf("the focus is on %s, which cannot be seen", at.Name)
				}
			}
			if got != want {
				t.Errorf("Tab stops %d times; there are %d things to stop at", got, want)
			}
		})
	}

	v := c.visitor(t, address)
	v.signIn("sam.rivera@example.com")
	v.open("/devices")
	// Past the header.
	v.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if !evaluate[bool](v, `document.querySelector("main").contains(document.activeElement)`) {
		t.Error("the first stop does not lead past the header")
	}
	// A fold opens and shuts.
	v.do(chromedp.Focus(chromedp.CSS(`main .prac details:not([open]) > summary`)))
	open := `document.activeElement.closest("details").open`
	v.do(chromedp.KeyEvent(kb.Enter))
	if !evaluate[bool](v, open) {
		t.Error("Enter does not open a fold")
	}
	v.do(chromedp.KeyEvent(" "))
	if evaluate[bool](v, open) {
		t.Error("Space does not shut a fold")
	}
	// The strip and the menu.
	v.do(chromedp.SetValue(chromedp.CSS(`.demo select`), "ada.okafor@example.com"), chromedp.Focus(chromedp.CSS(`.demo select`)))
	v.do(chromedp.KeyEvent(kb.Tab))
	v.follow(chromedp.KeyEvent(kb.Enter))
	v.shows("header .nm", "Ada Okafor")
	v.do(chromedp.Focus(chromedp.CSS(`.you > summary`)), chromedp.KeyEvent(kb.Enter))
	for range 4 { // three themes, then the way out
		v.do(chromedp.KeyEvent(kb.Tab))
	}
	v.follow(chromedp.KeyEvent(kb.Enter))
	v.shows("main", "You are signed out.")
}

// clickMiddleOf clicks the middle of an element, whatever lies there.
func clickMiddleOf(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.QueryAfter(chromedp.CSS(selector), func(ctx context.Context, t *chromedp.Target, nodes []*chromedp.Node) (chromedp.Void, error) {
		box, err := cdp.Call(ctx, t, dom.GetBoxModel, dom.GetBoxModelParams{NodeID: nodes[0].NodeID})
		if err != nil {
			return chromedp.Void{}, err
		}
		at := box.Model.Content
		return chromedp.MouseClickXY((at[0]+at[4])/2, (at[1]+at[5])/2)(ctx, t)
	})
}
