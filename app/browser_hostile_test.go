//go:build browser

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"stethoscope/config"
	"stethoscope/demo"
	"stethoscope/plugins"
	"stethoscope/posture"
	"stethoscope/practices"
)

// hostileWords are what a machine, or whoever writes into a vendor's records,
// may call itself to run a script in somebody's page, to send them elsewhere,
// or to spoil what the page says.
func hostileWords() []string {
	var words []string
	for _, way := range []string{"", `"`, `'`, `">`, `'>`, "`", `-->`, `]]>`, `\">`, `&quot;&gt;`, `</title>`, `</textarea>`, `</script>`, `</style>`, `</bdi></a></h2>`} {
		for _, deed := range []string{
			`<script>window.__xss=1</script>`, `<img src=x onerror=window.__xss=1>`, `<svg onload=window.__xss=1>`, ` onmouseover=window.__xss=1 autofocus onfocus=window.__xss=1 x=`,
			`<iframe srcdoc="<script>parent.__xss=1</script>">`, `<base href=//evil.example/>`, `<meta http-equiv=refresh content="0;url=//evil.example">`, `<a href=javascript:window.__xss=1>here</a>`,
			`<form action=//evil.example><button>Sign in`, `<link rel=stylesheet href=//evil.example/x.css>`, `<object data=//evil.example>`, `<embed src=//evil.example>`,
			`<details open ontoggle=window.__xss=1>`, `<style>*{display:none}</style>`, `<math><mi xlink:href="javascript:window.__xss=1">x`,
		} {
			words = append(words, way+deed)
		}
	}
	return append(words,
		`javascript:window.__xss=1`, ` jAvAsCrIpT&colon;window.__xss=1`, "java\tscript:window.__xss=1", `data:text/html,<script>window.__xss=1</script>`, `vbscript:window.__xss=1`, `//evil.example`, `https://evil.example/`,
		`{{constructor.constructor('window.__xss=1')()}}`, `${window.__xss=1}`, `{{.}}`, `<%= window.__xss=1 %>`, `#{window.__xss=1}`, `{ templ.Raw("<script>") }`,
		`[here](javascript:window.__xss=1)`, `![x](https://evil.example/x.png)`, `<https://evil.example>`, "```html\n<script>window.__xss=1</script>", `[x]: javascript:window.__xss=1 "x"`,
		"\u202egnp.exe", "\u2066\u2067\u2068\u202b\u202d", "\u200b\u200c\u200d\ufeff\u2060", "line\nbreak\r\nand\u2028more\u2029yet\u0085end", "nul\x00bell\x07escape\x1b[31m", "\uff1cscript\uff1ewindow.__xss=1", "\u0000<\u0000script>",
		strings.Repeat("A", 10_000), strings.Repeat("<b>", 3_334), strings.Repeat("wide ", 2_000), strings.Repeat("W\u0300\u0301\u0302\u0303\u0304", 1_000), strings.Repeat("\u202e", 10_000), strings.Repeat("\U0001f600", 2_500), strings.Repeat("\ufdfd", 3_000),
		"\u05d0\u05d1\u05d2 <b>\u05d3</b> 1 2 3", "", " ", "\u00a0",
	)
}

// A hostile source knows some machines. Of each it says one word in every field
// that holds text; of every machine of the source before it, it has another
// opinion under another word.
type hostile struct {
	own, before []machine
	fails       bool
	now         time.Time
}

// A machine is known by its number; word is what it says.
type machine struct {
	n    int
	word string
}

func hostileOwner(n int) string {
	people := demo.People()
	return people[n%len(people)].Email
}

func hostileSerial(n int) string { return fmt.Sprintf("C0FFEE%04d", n) }

// Find answers like any plugin. Some of these sources fail after that.
func (h hostile) Find(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
	var reports []posture.Report
	serials := clues.Of(posture.SerialKind)
	for _, m := range h.own {
		if clues.Email == hostileOwner(m.n) || slices.Contains(serials, hostileSerial(m.n)) {
			reports = append(reports, h.first(m))
		}
	}
	for i, m := range h.before {
		if slices.Contains(serials, hostileSerial(m.n)) {
			second := h.report(machine{m.n, h.own[i%len(h.own)].word}, m.n%2 == 1)
			second.Identifiers = posture.AppendIdentifier(nil, posture.Serial, hostileSerial(m.n))
			reports = append(reports, second)
		}
	}
	if h.fails && clues.Email != "" {
		return reports, errors.New(h.own[0].word)
	}
	return reports, nil
}

// first is what the source says of a machine of its own.
func (h hostile) first(m machine) posture.Report {
	r := h.report(m, m.n%2 == 0)
	switch m.n % 5 {
	case 3: // nothing that names the machine: nobody knows which one it is
		r.Claims = slices.DeleteFunc(r.Claims, func(c posture.Claim) bool { return c.Fact == posture.Model.Name() })
	case 4: // also under a serial number that says it
		r.Identifiers = posture.AppendIdentifier(r.Identifiers, posture.Serial, m.word)
		fallthrough
	default:
		r.Identifiers = posture.AppendIdentifier(r.Identifiers, posture.Serial, hostileSerial(m.n))
	}
	if m.n%7 == 6 {
		r.SeenAt = h.now.Add(-20 * 24 * time.Hour)
	}
	return r
}

func (h hostile) report(m machine, good bool) posture.Report {
	n, word := m.n, m.word
	claims := []posture.Claim{
		posture.Name.Is(word), posture.Model.Is(word), posture.Manufacturer.Is(word), posture.OSName.Is(word), posture.OSVersion.Is(posture.Version(word)), posture.OSBuild.Is(word),
		posture.RunsOn.Is([]posture.Platform{posture.MacOS, posture.Windows, posture.Linux, posture.IOS, posture.Android, posture.ChromeOS}[n%6]),
		posture.NetworkAddresses.Is([]string{word}), posture.UpdatesWaiting.Is([]string{word}), posture.Running.Is([]string{word}),
		posture.Installed.Is([]posture.Software{{Name: word, ID: word, Version: posture.Version(word)}}),
	}
	for _, fact := range []posture.Fact[bool]{posture.DiskEncrypted, posture.FirewallOn, posture.ScreenLocks, posture.UpdatesInstall, posture.RemoteLogin, posture.Compromised, posture.UnknownSources, posture.DebugBridge} {
		claims = append(claims, fact.Is(good))
	}
	for i := range claims {
		claims[i] = claims[i].Because(word)
	}
	return posture.Report{Key: word + strconv.Itoa(n), Owners: []string{hostileOwner(n)}, SeenAt: h.now.Add(-time.Hour), Claims: claims}
}

// hostileDemo runs the demo with sources of so many words each in place of the
// vendors. A source is called by the first of them too, and every fifth fails.
func hostileDemo(t *testing.T, words []string, each int) (address string) {
	t.Helper()
	doors, world, err := demoDoors()
	if err != nil {
		t.Fatal(err)
	}
	var machines []machine
	for n, word := range words {
		machines = append(machines, machine{n, word})
	}
	known := slices.Collect(slices.Chunk(machines, each))
	plugin := plugins.Plugin{Name: "hostile", Title: "Hostile", OwnerAuthority: true, Open: func(env plugins.Env, _ config.Block) (plugins.Source, error) {
		n, err := strconv.Atoi(strings.TrimPrefix(env.Name, "s"))
		if err != nil {
			return nil, err
		}
		source := hostile{own: known[n], fails: n%5 == 4, now: env.Now()}
		if n > 0 {
			source.before = known[n-1]
		}
		return source, nil
	}}
	text, _, _ := strings.Cut(string(demoConfiguration()), "sources:")
	text += "sources:\n"
	for n, own := range known {
		text += fmt.Sprintf("  - {plugin: hostile, name: s%d, title: %s}\n", n, strconv.QuoteToASCII(own[0].word)) // YAML reads Go's escapes
	}
	c := &command{parts: Parts{Plugins: []plugins.Plugin{plugin}, Practices: practices.Standard()}, out: io.Discard, problems: io.Discard}
	h, err := c.build([]byte(text), doors, quiet())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := demoAddress(listener.Addr())
	h.settings.URL = u.String()
	h.settings.Login.Issuer = world.Issuer(u, demo.People()[0].Email)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- h.serve(ctx, listener, strip(), map[string]http.Handler{"/demo/": world.Handler()})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return u.String()
}

// An anatomy is what a page is made of, without its words.
type anatomy struct {
	Parts   []string // "a", "a[href]": every element and attribute that there is
	Leads   []string // every address that leads out of the page
	Scripts int
	Ran     bool   // a script from outside did what it wanted
	Wide    int64  // in pixels
	Turned  string // what turns the direction of writing or cannot be seen
	Longest int    // characters of a device's name
}

const anatomyOf = `(() => {
	const parts = new Set(), leads = new Set()
	for (const e of document.querySelectorAll("*")) {
		const tag = e.tagName.toLowerCase()
		parts.add(tag)
		for (const a of e.attributes) {
			parts.add(tag + "[" + a.name + "]")
			if (!["href", "src", "action", "formaction", "srcset", "data", "xlink:href", "content"].includes(a.name)) continue
			if (!a.value.startsWith("/") || a.value.startsWith("//")) if (!a.value.startsWith("#")) leads.add(a.value)
		}
	}
	return {
		Parts: [...parts], Leads: [...leads], Scripts: document.scripts.length, Ran: "__xss" in window, Wide: document.scrollingElement.scrollWidth,
		Turned: (document.documentElement.textContent.match(/.{0,9}[\u0000\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff].{0,9}/) || [""])[0],
		Longest: Math.max(0, ...[...document.querySelectorAll("h1 bdi, h2 bdi, .tile bdi")].map(e => [...e.textContent].length)),
	}
})()`

// browserHostile opens every page with every hostile word in every place, and
// the same pages with harmless words: both are made of the same parts and lead
// to the same places. Once as people have it, once with the content security
// policy switched off, so that the policy is not what saves us.
func browserHostile(t *testing.T, c *chromium) {
	hostileOnes := hostileWords()
	if len(hostileOnes) < 200 {
		t.Fatalf("there are %d words", len(hostileOnes))
	}
	harmlessOnes := make([]string, len(hostileOnes))
	for i := range harmlessOnes {
		harmlessOnes[i] = fmt.Sprintf("Harmless %d", i)
	}
	parts, leads := map[string]bool{}, map[string]bool{}
	twin := c.visitor(t, hostileDemo(t, harmlessOnes, 8))
	for _, person := range demo.People()[:3] {
		twin.hostilePages(person.Email, 8, func(string) {
			a := evaluate[anatomy](twin, anatomyOf)
			for _, part := range a.Parts {
				parts[part] = true
			}
			for _, lead := range a.Leads {
				leads[destination(lead)] = true
			}
		})
	}

	everywhere, titles := hostileDemo(t, hostileOnes, 8), hostileDemo(t, hostileOnes, 1)
	for _, policy := range []struct {
		name    string
		off     bool
		devices int // how many of a person's are opened one by one
	}{{"with the policy", false, 2}, {"without the policy", true, len(hostileOnes)}} {
		t.Run(policy.name, func(t *testing.T) {
			t.Parallel()
			v := c.hostileVisitor(t, everywhere, policy.off)
			for _, person := range demo.People() {
				v.hostilePages(person.Email, policy.devices, func(path string) { v.unharmed(person.Email+" "+path, parts, leads) })
			}
			v = c.hostileVisitor(t, titles, policy.off)
			v.signIn(demo.People()[0].Email)
			for _, path := range []string{"/", "/devices", "/help"} {
				v.open(path)
				v.unharmed("with a source for each word "+path, parts, leads)
			}
		})
	}
}

// hostileVisitor opens a window in which a script that shows a dialog leaves a
// trace in place of it.
func (c *chromium) hostileVisitor(t *testing.T, address string, policyOff bool) *visitor {
	t.Helper()
	v := c.visitor(t, address)
	v.look(360, "light")
	v.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
			Source: `for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { window.__xss = 1 }`,
		}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: policyOff})
		return err
	}))
	return v
}

// subject is the only thing that a device's name may add to a link: the subject
// of a mail to us, in which nothing stands for itself that means something to a
// mail program.
var subject = regexp.MustCompile(`^(mailto:[^?]*)\?subject=(?:[A-Za-z0-9._~-]|%[2-9A-F][0-9A-F])*$`)

// destination is where a link leads, whatever the subject of a mail is. An
// encoded control character is no subject.
func destination(lead string) string {
	if m := subject.FindStringSubmatch(lead); m != nil {
		return m[1]
	}
	return lead
}

// unharmed fails if the page that is open has other parts or leads elsewhere
// than a page with harmless words, or if its layout suffers.
func (v *visitor) unharmed(where string, parts, leads map[string]bool) {
	v.Helper()
	evaluate[bool](v, `document.querySelectorAll("main details").forEach(d => d.open = true); true`)
	a := evaluate[anatomy](v, anatomyOf)
	for _, part := range a.Parts {
		if !parts[part] {
			v.Errorf("%s: %s was made by a word from outside", where, part)
		}
	}
	for _, lead := range a.Leads {
		if !leads[destination(lead)] {
			v.Errorf("%s: a word from outside leads to %s", where, lead)
		}
	}
	if a.Ran || a.Scripts > 0 {
		v.Errorf("%s: a script from outside ran: %v; there are %d scripts", where, a.Ran, a.Scripts)
	}
	if a.Turned != "" {
		v.Errorf("%s: %+q turns the writing or hides in it", where, a.Turned)
	}
	if a.Longest > 256 {
		v.Errorf("%s: a name has %d characters", where, a.Longest)
	}
	if a.Wide > 360 {
		v.Errorf("%s: %d px wide in a window of 360; it is %.160s", where, a.Wide, evaluate[string](v, widest))
	}
}

// hostilePages signs somebody in and goes through their pages, not more than so
// many of one device.
func (v *visitor) hostilePages(email string, most int, look func(path string)) {
	v.Helper()
	v.signIn(email)
	look("/")
	v.open("/devices?view=print")
	look("/devices?view=print")
	devices := evaluate[[]string](v, `[...document.querySelectorAll("main .dev h2 a")].map(a => a.getAttribute("href"))`)
	if len(devices) < 10 {
		v.Fatalf("%s has only %d devices", email, len(devices))
	}
	for _, path := range devices[:min(len(devices), most)] {
		v.open(path)
		look(path)
	}
}

// TestBrowserHostileWordsReachTheirSource fails if the configuration file
// changes a word on its way: the words are only as hostile as they arrive.
func TestBrowserHostileWordsReachTheirSource(t *testing.T) {
	for _, word := range hostileWords() {
		block, err := config.Parse([]byte("title: "+strconv.QuoteToASCII(word)), config.Resolver{})
		if err != nil {
			t.Fatalf("%.100q: %v", word, err)
		}
		var got struct {
			Title string `yaml:"title"`
		}
		if err := block.Decode(&got); err != nil {
			t.Fatalf("%.100q: %v", word, err)
		}
		if got.Title != word {
			t.Errorf("%.100q arrives as %.100q", word, got.Title)
		}
	}
}
