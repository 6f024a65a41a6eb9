//go:build browser

package app

import "testing"

// browserPrint looks at the pages on paper: steps are read there while the
// laptop restarts.
func browserPrint(t *testing.T, c *chromium, address string) {
	for _, path := range []string{"/devices?view=print", "/devices"} {
		v := c.visitor(t, address)
		v.signIn("user@example.com")
		v.open(path)
		steps := evaluate[int](v, `document.querySelectorAll(".how ol li").length`)
		if steps < 10 {
			t.Fatalf("%s: %d steps are too few to prove anything", path, steps)
		}
		v.see(1280, "dark", "print")
		if shown := evaluate[int](v, visible(".how ol li")); shown != steps {
			t.Errorf("%s: %d of %d steps are on paper", path, shown, steps)
		}
		for _, selector := range []string{"header.top", ".demo", "nav", ".skip", ".rail", ".acts"} {
			if shown := evaluate[int](v, visible(selector)); shown > 0 {
				t.Errorf("%s: %s is on paper", path, selector)
			}
		}
		if ink := evaluate[string](v, `getComputedStyle(document.body).color`); ink != "rgb(26, 34, 48)" && ink != "rgb(0, 0, 0)" {
			t.Errorf("%s: the ink of a dark system is %s on paper", path, ink)
		}
		v.see(1280, "light", "")
		if shown := evaluate[int](v, visible("header.top")); shown != 1 {
			t.Errorf("%s: the header is gone from the screen", path)
		}
	}
}

// visible is a script that counts elements which are painted somewhere.
func visible(selector string) string {
	return `[...document.querySelectorAll("` + selector + `")].filter(e => e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}) && e.getBoundingClientRect().height > 0).length`
}
