package stories

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// parsed returns a story's page as a browser reads it.
func parsed(t *testing.T, s Story) *html.Node {
	t.Helper()
	page, err := html.Parse(strings.NewReader(draw(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func elements(n *html.Node) []*html.Node {
	var all []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			all = append(all, d)
		}
	}
	return all
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func inside(n *html.Node, tag string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == tag {
			return true
		}
	}
	return false
}

func TestEveryPageIsSoundHTML(t *testing.T) {
	for _, s := range Stories() {
		t.Run(s.Name, func(t *testing.T) {
			page := parsed(t, s)
			all := elements(page)
			ids, labels := map[string]bool{}, map[string]bool{}
			titles, level := 0, 0
			for _, e := range all {
				if id := attribute(e, "id"); id != "" {
					if ids[id] {
						t.Errorf("the id %q is there twice", id)
					}
					if strings.ContainsAny(id, " \t\n\"'<>&") {
						t.Errorf("the id %q is not plain", id)
					}
					ids[id] = true
				}
				labels[attribute(e, "for")] = true
			}
			for _, e := range all {
				switch e.Data {
				case "h1", "h2", "h3", "h4", "h5", "h6":
					now := int(e.Data[1] - '0')
					if now > level+1 {
						t.Errorf("<%s>%s follows a heading of level %d", e.Data, text(e), level)
					}
					level = now
					if now == 1 {
						titles++
					}
					if text(e) == "" {
						t.Errorf("<%s> is empty", e.Data)
					}
					if inside(e, "summary") {
						t.Errorf("<%s>%s is inside of a summary: some readers flatten it", e.Data, text(e))
					}
				case "script", "style", "iframe", "object", "embed", "img", "base":
					t.Errorf("there is a <%s>", e.Data)
				case "input", "select", "textarea":
					if attribute(e, "type") != "hidden" && !labels[attribute(e, "id")] {
						t.Errorf("<%s name=%q> has no label", e.Data, attribute(e, "name"))
					}
				case "form":
					if attribute(e, "method") != "post" || !strings.HasPrefix(attribute(e, "action"), "/") {
						t.Errorf("a form goes to %s %s", attribute(e, "method"), attribute(e, "action"))
					}
				case "svg":
					if attribute(e, "aria-hidden") != "true" {
						t.Error("a drawing is not hidden from readers")
					}
				case "ul":
					if attribute(e, "role") != "list" {
						t.Error("a list without bullets is no list to Safari: role is missing")
					}
				case "a", "button", "summary":
					if text(e) == "" {
						t.Errorf("<%s> has no words", e.Data)
					}
				case "th":
					if attribute(e, "scope") == "" {
						t.Error("a table's head has no scope")
					}
				}
				for _, a := range e.Attr {
					switch {
					case a.Key == "style", strings.HasPrefix(a.Key, "on"):
						t.Errorf("<%s %s=%q>: the policy forbids it", e.Data, a.Key, a.Val)
					case a.Key == "href":
						checkAddress(t, e, a.Val, ids)
					case a.Key == "aria-labelledby" && !ids[a.Val]:
						t.Errorf("aria-labelledby names %q, which is not there", a.Val)
					case a.Key == "role" && a.Val == "alert", a.Key == "aria-live":
						t.Errorf("<%s %s=%q>: nothing changes here", e.Data, a.Key, a.Val)
					}
				}
			}
			if titles != 1 {
				t.Errorf("there are %d h1", titles)
			}
			if !ids["main"] {
				t.Error("the link that skips leads nowhere")
			}
		})
	}
}

// ours are all addresses that a page may lead to.
var ours = regexp.MustCompile(`^(/|/help(#ask)?|/login(\?return=[\w%.-]+)?|/static/[a-z.]+\?v=[0-9a-f]{12}|/devices(/[0-9a-v]{16})?(\?[\w=&-]+)?(#[\w-]+)?)$`)

func checkAddress(t *testing.T, e *html.Node, address string, ids map[string]bool) {
	t.Helper()
	switch {
	case strings.HasPrefix(address, "#"):
		if !ids[address[1:]] {
			t.Errorf("%s is not on the page", address)
		}
	case strings.HasPrefix(address, "https://"):
		if rel := attribute(e, "rel"); !strings.Contains(rel, "noreferrer") {
			t.Errorf("%s would be told where the person came from", address)
		}
	case strings.HasPrefix(address, "mailto:"), strings.HasPrefix(address, "x-apple.systempreferences:"), strings.HasPrefix(address, "ms-settings:"):
	case !ours.MatchString(address):
		t.Errorf("%q is no address that a page may lead to", address)
	}
}

func TestLinksToAPlaceLeadToIt(t *testing.T) {
	places := map[string]bool{}
	var wanted []string
	for _, name := range []string{"overview-busy", "devices-busy", "devices-checked-old"} {
		s, _ := Find(name)
		for _, e := range elements(parsed(t, s)) {
			if name != "overview-busy" {
				places[attribute(e, "id")] = true
			}
			if before, place, found := strings.Cut(attribute(e, "href"), "#"); found && strings.HasPrefix(before, "/devices") {
				wanted = append(wanted, place)
			}
		}
	}
	if len(wanted) < 6 {
		t.Fatalf("only %d links lead to a place", len(wanted))
	}
	for _, place := range wanted {
		if !places[place] {
			t.Errorf("no page has the place %q", place)
		}
	}
}

func TestPagesAndStylesheetKnowTheSameClasses(t *testing.T) {
	sheet, err := os.ReadFile("../../static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	styled := map[string]bool{}
	rules := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(string(sheet), "")
	for _, m := range regexp.MustCompile(`\.([a-zA-Z][\w-]*)`).FindAllStringSubmatch(rules, -1) {
		styled[m[1]] = true
	}
	used := map[string]bool{}
	for _, s := range Stories() {
		for _, e := range elements(parsed(t, s)) {
			for _, class := range strings.Fields(attribute(e, "class")) {
				used[class] = true
			}
		}
	}
	for class := range used {
		if !styled[class] {
			t.Errorf("class %q has no style", class)
		}
	}
	for class := range styled {
		if !used[class] {
			t.Errorf("the style of .%s is used nowhere", class)
		}
	}
}

func TestNothingOfACauseOrAnotherPersonIsShown(t *testing.T) {
	for _, s := range Stories() {
		if strings.Contains(draw(t, s), "never on a page") {
			t.Errorf("%s shows the cause of a trouble, which is for the log", s.Name)
		}
	}
}

func TestNothingInvisibleOrTurnedReachesAPage(t *testing.T) {
	for _, s := range Stories() {
		for _, r := range draw(t, s) {
			if slices.Contains([]rune{'\u202e', '\u202d', '\u202a', '\u2066', '\u2067', '\u2068', '\u200b', '\u200f', '\ufeff', '\u2028'}, r) {
				t.Errorf("%s holds %U", s.Name, r)
				break
			}
		}
	}
}

func TestStoriesHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Stories() {
		if seen[s.Name] || s.About == "" || !regexp.MustCompile(`^[a-z0-9-]+$`).MatchString(s.Name) {
			t.Errorf("story %q", s.Name)
		}
		seen[s.Name] = true
		if found, ok := Find(s.Name); !ok || found.Name != s.Name {
			t.Errorf("%q is not found", s.Name)
		}
	}
	if _, ok := Find("nothing"); ok {
		t.Error("a story that does not exist is found")
	}
}
