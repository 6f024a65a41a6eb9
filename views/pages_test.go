package views

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	markup "golang.org/x/net/html"

	"stethoscope/posture"
)

func drawn(t testing.TB, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := Render(context.Background(), &b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zipped(t testing.TB, page string) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, page); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestPagesAreSmallOnTheWire(t *testing.T) {
	for _, test := range []struct {
		story   string
		devices int
		most    int
	}{{"the usual page", 4, 10 << 10}, {"ten devices", 10, 25 << 10}} {
		for name, page := range map[string]templ.Component{
			"overview": Overview(OverviewPage{Frame: usualFrame("overview"), Checkups: usual(test.devices)}),
			"devices":  Devices(DevicesPage{Frame: usualFrame("devices"), Checkups: usual(test.devices)}),
		} {
			if size := zipped(t, drawn(t, page)); size > test.most {
				t.Errorf("%s, %s: %d bytes, more than %d", test.story, name, size, test.most)
			}
		}
	}
}

// tricks are texts that broke other people's pages, or would like to break ours.
var tricks = []string{
	`<script>alert(1)</script>`, `"><script>alert(1)</script>`, `'><img src=x onerror=alert(1)>`, `" onmouseover="alert(1)`, `' autofocus onfocus='alert(1)`,
	`</title><script>alert(1)</script>`, `</bdi></a><a href=javascript:alert(1)>`, `</style><svg onload=alert(1)>`, `<!--`, `-->`, `<![CDATA[`, `]]>`, `<?php`, `{{7*7}}`, `${7*7}`, `{ name }`,
	`javascript:alert(1)`, `data:text/html,<script>1</script>`, `&lt;script&gt;`, `&#60;script&#62;`, `&quot; onload=1`, "\\u003cscript\\u003e", "\x00<script>", "<scr\x00ipt>", "<\u200bscript>",
	"\u202e<b>", "a\nb\r\nSet-Cookie: x", "`onload=alert(1)`", `<math><mtext></mtext><script>`, `<svg><style><img src=x>`, `</textarea><b>`, `</option></select><b>`, `<base href=//evil>`,
	`<meta http-equiv=refresh content=0>`, `<form action=//evil>`, `<a href="//evil">x</a>`, `#" id="main`, `?open="><b>`, strings.Repeat("<b>", 500), strings.Repeat("W", 10000), "\xff\xfe x", "﷽", "ﷺ" + strings.Repeat("\u0489", 100),
}

// skeleton is a page without its words: its elements with the names of their
// attributes.
func skeleton(t testing.TB, page string) string {
	t.Helper()
	root, err := markup.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == markup.ElementNode {
			b.WriteString("<" + n.Data)
			for _, a := range n.Attr {
				b.WriteString(" " + a.Key)
			}
			b.WriteString(">\n")
		}
		if n.Type == markup.CommentNode {
			b.WriteString("<!-- -->\n")
		}
	}
	return b.String()
}

// everywhere puts a text into every field that comes from outside.
func everywhere(text string) []templ.Component {
	source := posture.Source{Name: text, Title: text}
	r := posture.Report{Source: source, Key: text, SeenAt: testNow, Owners: []string{text}, Claims: []posture.Claim{
		posture.Name.Is(text), posture.Model.Is(text), posture.Manufacturer.Is(text), posture.RunsOn.Is(posture.MacOS), posture.OSName.Is(text),
		posture.OSVersion.Is(posture.Version(text)), posture.OSBuild.Is(text), posture.NetworkAddresses.Is([]string{"3C:06:30:" + text}),
	}}
	serial, _ := posture.Serial("C02TRICKS")
	r.Identifiers = []posture.Identifier{serial}
	var recommendations []posture.Recommendation
	for i, rating := range posture.Ratings() {
		recommendations = append(recommendations, posture.Recommendation{
			Key: "key" + string(rune('a'+i)), Title: text, Headline: "H " + text, Saw: text, Rating: rating, Doubt: posture.Disagree,
			Readings: []posture.Reading{{Source: source, Words: text, Detail: "D " + text, At: testNow}},
			Advice:   &posture.Advice{Why: "why", Place: "P " + text, Minutes: 1, Steps: []string{"one"}, Settings: posture.Link{Text: text, URL: text}, More: posture.Link{Text: text, URL: text}},
		})
	}
	checkups := []posture.Checkup{{Device: posture.Device{Reports: []posture.Report{r}, Contested: []posture.Source{source}}, Recommendations: recommendations}}
	strange := posture.Checkup{Device: posture.Device{Reports: []posture.Report{{Source: source, Key: "k", SeenAt: testNow, Claims: []posture.Claim{posture.Name.Is("N " + text), posture.RunsOn.Is(posture.MacOS), posture.NetworkAddresses.Is([]string{"aa:bb:cc"})}}}}}
	checkups = append(checkups, strange)
	f := Frame{
		Site:   Site{Name: text, Organisation: text, Contact: Contact{Email: text, Chat: "C " + text, Phone: "P " + text}},
		Person: posture.Person{Subject: text, Email: "E " + text, Name: "N " + text}, SignedIn: true, Current: text, Theme: text,
		Demo: []DemoPerson{{Email: text, Label: text}}, Now: testNow, Path: text, FixNow: 1,
	}
	troubles := []posture.Trouble{{Source: source, Kind: posture.Slow, Err: errors.New(text)}}
	sources := []posture.Source{source}
	return []templ.Component{
		Overview(OverviewPage{f, checkups, troubles, sources, testNow}),
		Overview(OverviewPage{Frame: f, Sources: sources}),
		Devices(DevicesPage{f, checkups, troubles, sources, testNow, text, false, posture.MacOS, text}),
		Device(DevicePage{f, checkups[0], checkups, troubles, sources, testNow, posture.MacOS, text}),
		Device(DevicePage{Frame: f, Checkup: strange, Others: checkups}),
		Help(HelpPage{f, sources}),
		SignIn(SignInPage{f, true, text, "P " + text}),
		Error(ErrorPage{f, 403, text, "R " + text}),
	}
}

func TestAbuse54_NoTextFromOutsideChangesWhatAPageIs(t *testing.T) {
	var plain []string
	for _, page := range everywhere("plain") {
		plain = append(plain, skeleton(t, drawn(t, page)))
	}
	for _, trick := range tricks {
		for i, page := range everywhere(trick) {
			if got := skeleton(t, drawn(t, page)); got != plain[i] {
				t.Errorf("page %d is another with %.60q in it", i, trick)
			}
		}
	}
}

func TestAPageThatCannotBeDrawnWritesNothing(t *testing.T) {
	broken := errors.New("broken")
	half := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "half a page")
		return broken
	})
	var b bytes.Buffer
	if err := Render(context.Background(), &b, half); !errors.Is(err, broken) || b.Len() > 0 {
		t.Errorf("%v, and %q was written", err, b.String())
	}
}

func TestTheThemeIsWrittenIntoThePage(t *testing.T) {
	for theme, want := range map[string]string{"light": ` data-theme="light"`, "dark": ` data-theme="dark"`, "": "", "system": "", `"><script>`: ""} {
		f := usualFrame("help")
		f.Theme = theme
		page := drawn(t, Help(HelpPage{Frame: f}))
		if got := regexp.MustCompile(`<html lang="en"([^>]*)>`).FindStringSubmatch(page)[1]; got != want {
			t.Errorf("theme %q: %q", theme, got)
		}
	}
}

func TestTheWayIntoSettingsIsShownOnlyOnTheDeviceItself(t *testing.T) {
	checkups := []posture.Checkup{seen(1, posture.MacOS, posture.Critical)}
	checkups[0].Recommendations[0].Advice = &posture.Advice{Steps: []string{"one"}, Settings: posture.Link{Text: "Open settings", URL: "x-apple.systempreferences:com.apple.x"}}
	for visitor, want := range map[posture.Platform]bool{posture.MacOS: true, posture.IOS: false, posture.UnknownPlatform: false} {
		page := drawn(t, Devices(DevicesPage{Frame: usualFrame("devices"), Checkups: checkups, Visitor: visitor}))
		if got := strings.Contains(page, "x-apple.systempreferences:"); got != want {
			t.Errorf("visitor on %q: %v", visitor, got)
		}
	}
}

func TestEverythingIsOpenForPrinting(t *testing.T) {
	checkups := append(usual(2), seen(40*day, posture.Android, posture.Unknown), seen(8*day, posture.Linux, posture.Unknown))
	page := drawn(t, Devices(DevicesPage{Frame: usualFrame("devices"), Checkups: checkups, All: true}))
	page = strings.Replace(page, `<details class="you">`, "", 1)
	if shut := regexp.MustCompile(`<details class="[^"]*">`).FindAllString(page, -1); len(shut) > 0 {
		t.Errorf("%d folds are shut: %s", len(shut), shut[0])
	}
}

func TestTheDevicesPageDoesNotLookCompleteWithoutASource(t *testing.T) {
	for story, test := range map[string]struct {
		troubles []posture.Trouble
		want     bool
	}{"all sources answered": {nil, false}, "one is in trouble": {[]posture.Trouble{{Source: google, Kind: posture.Garbled}}, true}} {
		page := textOf(drawn(t, Devices(DevicesPage{Frame: usualFrame("devices"), Checkups: usual(2), Troubles: test.troubles})))
		if got := strings.Contains(page, "2 devices. Some devices may be missing."); got != test.want {
			t.Errorf("%s: that some may be missing is said: %v", story, got)
		}
	}
}

func TestHelpSaysWhoElseCanAsk(t *testing.T) {
	for organisation, want := range map[string]string{"": "the rules of your organisation.", "Example": "the rules of Example."} {
		page := textOf(drawn(t, Help(HelpPage{Frame: Frame{Site: Site{Organisation: organisation}}})))
		if !strings.Contains(page, "Those who run this service can ask for the same in a terminal. What they do there is between them and "+want) {
			t.Errorf("%q: %s", organisation, page)
		}
	}
}

func TestAPageThatIsNotThereSaysWhy(t *testing.T) {
	page := textOf(drawn(t, Error(ErrorPage{Status: 404})))
	if !strings.Contains(page, "We can’t find that page") || !strings.Contains(page, "The address may be mistyped, or it was a device that is gone.") {
		t.Error(page)
	}
}

func TestNobodyIsNamedToWhoIsNotSignedIn(t *testing.T) {
	for name, page := range map[string]templ.Component{"sign-in": SignIn(SignInPage{}), "help": Help(HelpPage{}), "error": Error(ErrorPage{Status: 500})} {
		html := drawn(t, page)
		for _, unwanted := range []string{"<nav", "Sign out", "Only you can see this page"} {
			if strings.Contains(html, unwanted) {
				t.Errorf("%s holds %q", name, unwanted)
			}
		}
	}
}

func TestSigningInComesBackToWhereThePersonWanted(t *testing.T) {
	for back, want := range map[string]string{
		"": "/login", "/": "/login", "/devices?open=a-b": "/login?return=%2Fdevices%3Fopen%3Da-b", "//evil.example": "/login", "https://evil.example": "/login",
	} {
		if got := (SignInPage{Return: back}).start(); string(got) != want {
			t.Errorf("back to %q: %q, want %q", back, got, want)
		}
	}
}

var (
	adviceTag = regexp.MustCompile(`^<(/?(p|br|strong|em|code|kbd|ul|ol|li)/?|/a|a href="(https:|mailto:)[^"<>]*" rel="[a-z ]*")>$`)
	anyTag    = regexp.MustCompile(`<[^>]*>`)
)

func tagsOf(markup string) []string { return anyTag.FindAllString(markup, -1) }

func textOf(markup string) string { return anyTag.ReplaceAllString(markup, "") }
