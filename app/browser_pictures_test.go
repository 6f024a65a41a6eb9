//go:build browser

package app

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"stethoscope/demo"
)

var updatePictures = flag.Bool("update", false, "draw docs/pictures anew")

// mostPicture is how big the README's picture may be, in bytes.
const mostPicture = 150 << 10

// browserPictures draws every page of every person into out/screens, for people
// to look at, and with -update the README's picture.
func browserPictures(t *testing.T, c *chromium, address string) {
	v := c.visitor(t, address)
	v.signIn(demo.People()[0].Email)
	v.look(1280, "light")
	v.open("/")
	picture := v.draw(page.CaptureScreenshotParams{Clip: &page.Viewport{Width: 1280, Height: 900, Scale: 1}})
	if len(picture) > mostPicture {
		t.Errorf("the overview's picture has %d bytes; at most %d may be in the repository", len(picture), mostPicture)
	}
	if *updatePictures {
		keep(t, "../docs/pictures/overview.png", picture)
	}
	for _, person := range demo.People() {
		v.signIn(person.Email)
		who, _, _ := strings.Cut(person.Email, "@")
		for n, path := range v.pages() {
			if n >= 2 && n < 5 && person != demo.People()[0] {
				continue // the same for everybody, or as their other pages
			}
			v.open(path)
			v.screens(fmt.Sprintf("%s-%d%s", who, n, fileName(path)))
		}
	}
	v = c.visitor(t, address)
	for _, path := range v.strangersPages() {
		v.open(path)
		v.screens("nobody" + fileName(path))
	}
}

// screens draws the page that is open in both themes and two widths.
func (v *visitor) screens(name string) {
	v.Helper()
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{360, 1280} {
			v.look(width, theme)
			keep(v, filepath.Join("../out/screens", fmt.Sprintf("%s-%d-%s.png", name, width, theme)), v.draw(page.CaptureScreenshotParams{OptimizeForSpeed: new(true), CaptureBeyondViewport: new(true)}))
		}
	}
	v.look(1280, "light")
}

// draw returns the page that is open as a PNG.
func (v *visitor) draw(how page.CaptureScreenshotParams) []byte {
	v.Helper()
	var picture []byte
	v.do(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		if how.Clip == nil {
			size, err := cdp.Call(ctx, target, page.GetLayoutMetrics, cdp.Empty{})
			if err != nil {
				return chromedp.Void{}, err
			}
			how.Clip = &page.Viewport{Width: size.CSSContentSize.Width, Height: size.CSSContentSize.Height, Scale: 1}
		}
		drawn, err := cdp.Call(ctx, target, page.CaptureScreenshot, how)
		picture = drawn.Data
		return chromedp.Void{}, err
	})
	return picture
}

func keep(t testing.TB, path string, picture []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

var noLetters = regexp.MustCompile(`[^a-z0-9]+`)

// fileName returns an address's path as a part of a file's name: "-devices-view-print".
func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{}
	}
	if u.Path == "/" {
		return "-overview"
	}
	if id, found := strings.CutPrefix(u.Path, "/devices/"); found && id != "" {
		return "-device"
	}
	return "-" + strings.Trim(noLetters.ReplaceAllString(address, "-"), "-")
}
