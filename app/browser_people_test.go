//go:build browser

package app

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"stethoscope/demo"
)

// What is true of the demo's people, as their pages say it: the first line of
// the overview, then each device with what is said of it.
var truths = map[string]struct {
	headline string
	says     []string // elsewhere on the overview
	devices  map[string][]string
}{
	"sam.rivera@example.com": {"2 things need you, Sam", []string{"Fix these 2 things first", "About 20 minutes"}, map[string][]string{
		"Sam’s MacBook Pro": {"1 to fix now", "1 suggested", "Turn on disk encryption", "MacBook Pro (14-inch, 2023)", "macOS 26.6.2", "Last seen by Jamf 3 hours ago"},
		"Pixel 8":           {"1 to fix now", "Install the November security update", "Android 16", "Last seen by Google Workspace 8 hours ago"},
		"iPad mini":         {"Nothing to do", "iPadOS 26.6.1"},
	}},
	"ada.okafor@example.com": {"Nothing needs you, Ada", []string{"in good shape"}, map[string][]string{
		"HP Chromebook x360 14c": {"Nothing to do", "ChromeOS"},
	}},
	"jun.park@example.com": {"We can’t tell yet, Jun", []string{"Two devices have not been seen for over a week.", "Not seen lately: 1 device"}, map[string][]string{
		"Jun’s MacBook Air": {"Not seen for", "Last seen 29 October", "We don’t guess about a device we have not heard from."},
		"Galaxy S24":        {"Not seen for", "Last seen 10 October"},
	}},
	"priya.nair@example.com": {"Nothing needs you, Priya", nil, map[string][]string{
		"Priya’s MacBook Pro": {"Nothing to do"},
	}},
	"green@example.com": {"Nothing needs you, Gale", []string{"Your 2 devices are in good shape."}, map[string][]string{
		"Gale’s iMac": {"Nothing to do"}, "Gale’s iPhone": {"Nothing to do"},
	}},
	"one-red@example.com": {"1 thing needs you, Reed", []string{"Fix this first"}, map[string][]string{
		"Reed’s MacBook Air": {"1 to fix now", "firewall"}, "Reed’s iPhone": {"Nothing to do"},
	}},
	"one-unknown@example.com": {"One question for you, Uma", []string{"A device that we don’t know. Is it yours?"}, map[string][]string{
		"A device we don’t know": {"Can’t tell", "It may be Uma’s iPad", "network address ends 4c:1f", "If it isn’t yours, tell us."},
		"Uma’s MacBook Pro":      {"Nothing to do"},
		"Uma’s iPad":             {"Nothing to do"},
	}},
	"nothing@example.com": {"No devices yet, Noor", []string{"We looked in Jamf and Google Workspace for nothing@example.com."}, nil},
	"user@example.com": {"3 things need you, Uri", []string{"Fix these 3 things first"}, map[string][]string{
		"Uri’s old MacBook Pro":    {"1 to fix now", "See whether this Mac can still be updated"},
		"Uri’s Mac mini":           {"1 suggested"},
		"Uri’s MacBook Air":        {"Nothing to do"},
		"Uri’s old iPhone":         {"1 to fix now", "See whether this iPhone can still be updated"},
		"Uri’s iPad":               {"Nothing to do"},
		"Pixel 7":                  {"1 to fix now", "Bring back the original Android"},
		"Galaxy A55":               {"1 suggested"},
		"Acer Chromebook Spin 714": {"1 suggested"},
	}},
}

// browserPeople switches to every person with the strip at the top and looks
// whether their pages say what is true of them.
func browserPeople(t *testing.T, c *chromium, address string) {
	v := c.visitor(t, address)
	v.open("/")
	if got := evaluate[int](v, `document.querySelectorAll(".demo option").length`); got != len(truths) || len(demo.People()) != len(truths) {
		t.Fatalf("the strip offers %d people; %d are known here", got, len(truths))
	}
	for _, person := range demo.People() {
		truth := truths[person.Email]
		v.open("/")
		v.as(person.Email)
		v.shows("h1", truth.headline)
		v.shows("header .nm", person.Name)
		v.shows("main", truth.says...)
		if chosen := evaluate[string](v, `document.querySelector(".demo select").value`); chosen != person.Email {
			t.Errorf("the strip says that it is %s, not %s", chosen, person.Email)
		}
		v.open("/devices?view=print") // everything open, so that everything is text
		cards := evaluate[map[string]string](v, `Object.fromEntries([...document.querySelectorAll(".dev")].map(e => [e.querySelector("h2 a").innerText, e.innerText.replace(/\s+/g, " ")]))`)
		for device, words := range truth.devices {
			for _, word := range words {
				if !strings.Contains(cards[device], word) {
					t.Errorf("%s, %s does not say %q; it says %q", person.Email, device, word, cards[device])
				}
			}
		}
		for device := range cards {
			if _, known := truth.devices[device]; !known {
				t.Errorf("%s sees a device that is not theirs: %s", person.Email, device)
			}
		}
	}
}

// browserBanner goes the way that somebody goes who has something to fix.
func browserBanner(t *testing.T, c *chromium, address string) {
	for _, width := range []int64{360, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := c.visitor(t, address)
			v.signIn("sam.rivera@example.com")
			v.look(width, "light")
			for row, want := range []string{"Turn on disk encryption", "Install the November security update"} {
				v.open("/")
				link := fmt.Sprintf(".first li:nth-child(%d) a", row+1)
				v.shows(link, want)
				v.click(link)
				if path := evaluate[string](v, `location.pathname`); path != "/devices" {
					t.Fatalf("%q leads to %s", want, path)
				}
				v.shows(":target h3", want)
				v.shows(":target details[open]", "Why it matters and how to fix it", "I’ve fixed it, check again")
				if open := evaluate[int](v, `document.querySelectorAll("main .prac details[open]").length`); open != 1 {
					t.Errorf("%q: %d folds are open", want, open)
				}
				if !evaluate[bool](v, inView(":target h3")) {
					t.Errorf("%q is not in view", want)
				}
			}
			// "I've fixed it, check again" asks anew and stays there.
			v.click(`:target details[open] .acts a`)
			v.shows(":target .note", "We asked again just now", "Google Workspace last heard from your phone 8 hours ago, so a fix since then does not show yet.")
			if !evaluate[bool](v, inView(":target .note")) {
				t.Error("what came of asking again is not in view")
			}
			// The whole row is the target, not the words alone.
			v.open("/")
			v.follow(clickMiddleOf(".first li:nth-child(1)"))
			v.shows(":target h3", "Turn on disk encryption")
		})
	}
}

// inView is a script that reports whether an element is inside of the window.
func inView(selector string) string {
	return fmt.Sprintf(`(() => { const r = document.querySelector(%q).getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight })()`, selector)
}

// browserTheme chooses from the menu; the choice wins over the system's and
// sticks on every page.
func browserTheme(t *testing.T, c *chromium, address string) {
	v := c.visitor(t, address)
	v.signIn("sam.rivera@example.com")
	background := func() string {
		t.Helper()
		return evaluate[string](v, `getComputedStyle(document.documentElement).backgroundColor`)
	}
	const light, dark = "rgb(246, 244, 239)", "rgb(17, 21, 27)"
	choose := func(theme string) {
		t.Helper()
		v.do(chromedp.Click(chromedp.CSS(`details.you > summary`)))
		v.click(`.you button[value="` + theme + `"]`)
	}
	for _, step := range []struct{ choice, system, want string }{
		{"", "light", light}, {"", "dark", dark},
		{"dark", "light", dark}, {"dark", "dark", dark},
		{"light", "dark", light}, {"light", "light", light},
		{"system", "dark", dark}, {"system", "light", light},
	} {
		v.look(1280, step.system)
		v.open("/devices")
		if step.choice != "" {
			choose(step.choice)
			if path := evaluate[string](v, `location.pathname`); path != "/devices" {
				t.Errorf("the choice leads to %s", path)
			}
		}
		for _, path := range []string{"/devices", "/", "/help"} {
			v.open(path)
			if got := background(); got != step.want {
				t.Errorf("%s with %q chosen on a %s system is %s", path, step.choice, step.system, got)
			}
		}
	}
}

func containsAny(text string, words ...string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
