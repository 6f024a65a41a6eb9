package config_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"stethoscope/config"
)

// level is a setting that reads itself from text.
type level int

func (l *level) UnmarshalText(text []byte) error {
	switch string(text) {
	case "low":
		*l = 1
	case "high":
		*l = 2
	default:
		return errors.New("must be low or high")
	}
	return nil
}

type settings struct {
	URL      string                   `yaml:"url"`
	Required string                   `yaml:"required"`
	Patience time.Duration            `yaml:"patience"`
	Pages    int                      `yaml:"pages"`
	Share    float64                  `yaml:"share"`
	On       bool                     `yaml:"on"`
	Level    level                    `yaml:"level"`
	Secret   config.Secret            `yaml:"client_secret"`
	Names    []string                 `yaml:"names"`
	Waits    map[string]time.Duration `yaml:"waits"`
	Nested   struct {
		Deep *struct {
			Size int `yaml:"size"`
		} `yaml:"deep"`
		List []struct {
			Name string `yaml:"name,omitempty"`
		} `yaml:"list"`
	} `yaml:"nested"`
	Owners   config.Block `yaml:"owners"`
	Chan     chan int     `yaml:"chan"`
	Unlisted string
	Skipped  string `yaml:"-"`
}

func resolver() config.Resolver {
	return config.Resolver{
		Env: func(name string) (string, bool) {
			value, ok := map[string]string{"GOOD": "hunter2hunter2", "EMPTY": ""}[name]
			return value, ok
		},
		File: func(path string) ([]byte, error) {
			switch path {
			case "/run/secrets/good":
				return []byte("hunter2hunter2\n"), nil
			case "/run/secrets/empty":
				return []byte(" \n"), nil
			}
			return nil, errors.New("no such file")
		},
	}
}

func parse(t *testing.T, text string) config.Block {
	t.Helper()
	block, err := config.Parse([]byte(text), resolver())
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return block
}

func TestDecodeReadsEveryKindOfSetting(t *testing.T) {
	var s settings
	err := parse(t, `
url: https://vendor.example.com
required: 14.70
patience: 4s
pages: 12
share: 0.5
on: true
level: high
client_secret: env:GOOD
names: [a, "b"]
waits: {slow: 1m30s}
nested: {deep: {size: 3}, list: [{name: x}, {}]}
owners: {any: [thing]}
`).Decode(&s)
	if err != nil {
		t.Fatal(err)
	}
	if s.URL != "https://vendor.example.com" || s.Required != "14.70" || s.Patience != 4*time.Second || s.Pages != 12 || s.Share != 0.5 || !s.On || s.Level != 2 {
		t.Errorf("read %+v", s)
	}
	if s.Secret.Reveal() != "hunter2hunter2" || s.Secret.Empty() {
		t.Error("the secret was not looked up")
	}
	if !slices.Equal(s.Names, []string{"a", "b"}) || s.Waits["slow"] != 90*time.Second || s.Nested.Deep.Size != 3 || len(s.Nested.List) != 2 || s.Nested.List[0].Name != "x" {
		t.Errorf("read %+v", s)
	}
	if got := s.Owners.Place(); got != "owners" || s.Owners.Empty() || len(s.Owners.At("any").Items()) != 1 {
		t.Errorf("the block left to another owner is at %q", got)
	}
}

func TestWhatTheFileDoesNotMentionKeepsItsDefault(t *testing.T) {
	for _, text := range []string{"", "# only a comment\n", "{}", "null", "pages:\nurl: ~\n"} {
		s := settings{URL: "https://default.example.com", Pages: 100}
		if err := parse(t, text).Decode(&s); err != nil || s.URL != "https://default.example.com" || s.Pages != 100 {
			t.Errorf("%q: read %+v, error %v", text, s, err)
		}
	}
	var s settings
	if err := (config.Block{}).Decode(&s); err != nil {
		t.Errorf("the zero block: %v", err)
	}
}

func TestEveryProblemIsSaidAtOnceWithItsPlace(t *testing.T) {
	var s settings
	err := parse(t, `
urll: https://vendor.example.com
patience: soon
pages: many
share: half
on: perhaps
level: middle
client_secret: hunter2hunter2
names: {a: b}
waits: {slow: 90}
nested:
  deep: 3
  list: [{nam: x}, 7]
pages: 12
completely_different: 1
skipped: x
chan: 1
`).Decode(&s)
	want := `urll: unknown key; did you mean url?
patience: must be a length of time such as 4s or 10m
pages: must be a whole number
share: must be a number
on: must be true or false
level: must be low or high
client_secret: a secret is given as env:NAME or file:/path, never as itself
names: must be a list
waits.slow: must be a length of time such as 4s or 10m
nested.deep: must be a block of keys and values
nested.list[0].nam: unknown key; did you mean name?
nested.list[1]: must be a block of keys and values
pages: written twice
completely_different: unknown key
skipped: unknown key
chan: cannot be set from a file`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	var problems config.Problems
	if !errors.As(err, &problems) || len(problems) != 16 || problems[0].Place != "urll" {
		t.Errorf("the error is %#v", err)
	}
}

func TestWhatCannotBeSet(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a number with a point for a whole one", "pages: 1.5", "pages: must be a whole number"},
		{"a number too large", "pages: 99999999999999999999", "pages: must be a whole number"},
		{"a list for text", "url: [a]", "url: must be text"},
		{"a list for a level", "level: [low]", "level: must be text"},
		{"a list for a length of time", "patience: [4s]", "patience: must be a length of time such as 4s or 10m"},
		{"a number for a length of time", "patience: 4", "patience: must be a length of time such as 4s or 10m"},
		{"a list for a secret", "client_secret: [env:GOOD]", "client_secret: a secret is given as env:NAME or file:/path"},
		{"nothing for a secret", "client_secret:", "client_secret: a secret is given as env:NAME or file:/path"},
		{"a variable that is not set", "client_secret: env:NONE", "client_secret: the environment variable NONE is not set"},
		{"a variable that is empty", "client_secret: env:EMPTY", "client_secret: the environment variable EMPTY is not set"},
		{"a file that is not there", "client_secret: file:/none", "client_secret: the file cannot be read: no such file"},
		{"a file that is empty", "client_secret: file:/run/secrets/empty", "client_secret: the file is empty"},
		{"text for a block", "just text", "must be a block of keys and values"},
		{"a list for a block", "[a]", "must be a block of keys and values"},
		{"a name of a map written twice", "waits: {a: 1s, a: 2s}", "waits.a: written twice"},
		{"an unknown key written twice", "{foobarbaz: 1, foobarbaz: 2}", "foobarbaz: unknown key\nfoobarbaz: unknown key"},
		{"a key in capitals", "URL: x", "line 1: unknown key; did you mean url?"},
		{"a key that is a list", "{[a]: b}", "line 1: unknown key"},
		{"a merge of another block", "{<<: {url: x}}", "line 1: unknown key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s settings
			if err := parse(t, test.text).Decode(&s); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestWhatIsNotOneYAMLDocument(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"an open list", "a: [1", "not YAML: line 1"},
		{"a tab", "a:\n\t- b", "not YAML: line 2"},
		{"bytes that are no text", "a: \xff\xfe", "not YAML"},
		{"a control character", "a: \x00", "not YAML"},
		{"two documents", "a: 1\n---\nb: 2\n", "line 2: a second document begins"},
		{"a broken second document", "a: 1\n---\nb: [\n", "not YAML"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := config.Parse([]byte(test.text), resolver())
			var problems config.Problems
			if !errors.As(err, &problems) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	if _, err := config.Parse([]byte("---\na: 1\n...\n"), resolver()); err != nil {
		t.Errorf("one document with its marks: %v", err)
	}
}

// A tree is a setting that may hold itself.
type tree struct {
	Left  *tree  `yaml:"left"`
	Right *tree  `yaml:"right"`
	All   []tree `yaml:"all"`
}

func TestAliases(t *testing.T) {
	t.Run("stand for what they name", func(t *testing.T) {
		var s settings
		block := parse(t, "{nested: {deep: &three {size: 3}}, owners: {them: *three}, names: [&a x, *a]}")
		if err := block.Decode(&s); err != nil || s.Names[1] != "x" {
			t.Errorf("read %v, error %v", s.Names, err)
		}
		if got := block.At("owners").At("them").At("size"); got.Empty() || got.Place() != "owners.them.size" {
			t.Errorf("the alias leads to %q", got.Place())
		}
	})
	for name, text := range map[string]string{
		"that contain themselves are a problem":           "&a {left: *a}",
		"that contain themselves twice are a problem":     "&a {left: *a, right: *a}",
		"that contain themselves in a list are a problem": "&a {all: [*a, *a, *a]}",
	} {
		t.Run(name, func(t *testing.T) {
			block, err := config.Parse([]byte(text), resolver())
			if err == nil {
				err = block.Decode(new(tree))
			}
			if err == nil || !strings.HasSuffix(err.Error(), ": nested too deeply") || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %.300v", err)
			}
		})
	}
	t.Run("that multiply are a problem", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("all:\n- &n0 {}\n")
		for i := range 30 {
			fmt.Fprintf(&b, "- &n%d {left: *n%d, right: *n%d}\n", i+1, i, i)
		}
		err := parse(t, b.String()).Decode(new(tree))
		if err == nil || !strings.HasSuffix(err.Error(), ": more than 100000 values") {
			t.Errorf("the error is %.300v", err)
		}
	})
	t.Run("that name nothing do not repeat what may be a secret", func(t *testing.T) {
		_, err := config.Parse([]byte("client_secret: *hunter2hunter2"), resolver())
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "quotes") {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestABlockTellsWhatIsInIt(t *testing.T) {
	block := parse(t, "{a: {b: 1, c: 2}, list: [x, {y: z}], b: 3}")
	if got := block.Keys(); !slices.Equal(got, []string{"a", "list", "b"}) {
		t.Errorf("keys are %q", got)
	}
	if got := block.At("a").Keys(); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("keys of a are %q", got)
	}
	if got := block.At("none"); !got.Empty() || got.Place() != "none" || got.Keys() != nil || got.Items() != nil || !got.At("deeper").Empty() {
		t.Errorf("what is not there is %q, empty %v", got.Place(), got.Empty())
	}
	items := block.At("list").Items()
	if len(items) != 2 || items[1].Place() != "list[1]" || items[1].At("y").Place() != "list[1].y" {
		t.Errorf("the list has %d items", len(items))
	}
	if block.Items() != nil || block.At("list").Keys() != nil {
		t.Error("a mapping has items, or a list keys")
	}
	if got := items[1].Problem("y", "must be %s", "w"); got.String() != "list[1].y: must be w" {
		t.Errorf("the problem is %q", got)
	}
	if got := items[1].Problem("", "is wrong"); got.Place != "list[1]" {
		t.Errorf("the problem is at %q", got.Place)
	}
}

func TestABlockIsSharedBetweenOwners(t *testing.T) {
	text := "{plugin: jamf, url: x, pages: 2}"
	for _, test := range []struct {
		name  string
		block config.Block
		want  []string
	}{
		{"without what is another's", parse(t, text).Without("plugin", "name"), []string{"url", "pages"}},
		{"only what is ours", parse(t, text).Only("plugin", "name"), []string{"plugin"}},
		{"without nothing", parse(t, text).Without(), []string{"plugin", "url", "pages"}},
		{"only nothing", parse(t, text).Only(), nil},
		{"of a list", parse(t, "[a]").Without("a"), nil},
		{"of nothing", config.Block{}.Only("a"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.block.Keys(); !slices.Equal(got, test.want) {
				t.Errorf("keys are %q", got)
			}
		})
	}
	whole := parse(t, text)
	whole.Without("plugin")
	if len(whole.Keys()) != 3 {
		t.Error("without changed the block that it was asked of")
	}
	var s settings
	if err := whole.Decode(&s); err == nil || err.Error() != "plugin: unknown key" {
		t.Errorf("the whole: %v", err)
	}
	if err := whole.Without("plugin").Decode(&s); err != nil || s.Pages != 2 {
		t.Errorf("our part: %v", err)
	}
}

func TestABlockThatIsTrueOrFalse(t *testing.T) {
	for text, want := range map[string][2]bool{
		"a: true": {true, true}, "a: True": {true, true}, "a: TRUE": {true, true}, "a: false": {false, true}, "a: False": {false, true},
		"a: yes": {true, true}, "a: On": {true, true}, "a: y": {true, true}, "a: no": {false, true}, "a: OFF": {false, true}, "a: n": {false, true}, "a: !!bool no": {false, true},
		"a: \"true\"": {false, false}, "a: \"no\"": {false, false}, "a: 'yes'": {false, false}, "a: nope": {false, false}, "a: 0": {false, false}, "a: 1": {false, false}, "a: {}": {false, false}, "a:": {false, false}, "b: 1": {false, false},
	} {
		if value, ok := parse(t, text).At("a").Bool(); value != want[0] || ok != want[1] {
			t.Errorf("%s: %v, %v", text, value, ok)
		}
		if !strings.HasPrefix(text, "a: ") {
			continue
		}
		decoded := struct {
			A bool `yaml:"a"`
		}{!want[0]}
		err := parse(t, text).Decode(&decoded)
		if (err == nil) != want[1] || want[1] && decoded.A != want[0] {
			t.Errorf("decoded, %s: %v, %v", text, decoded.A, err)
		}
	}
}

func TestProblemsAreToldInTheOrderOfTheFile(t *testing.T) {
	block := parse(t, `
login: {issuer: x}
sources:
  - {plugin: jamf, url: x}
  - &second {plugin: google, colour: red}
Colour: red
practices: {no: {title: x}, same: *second}
practices: {no: {title: x}}
`)
	var problems config.Problems
	for _, place := range []string{"texts/zoom.md", "practices.same.colour", "practices.no.title", "url", "line 6", "sources[1].colour", "sources[1]", "sources[0].url", "sources[0].name", "sources", "login.client_id"} {
		problems = append(problems, config.Problem{Place: place, Text: "is wrong"})
	}
	var got []string
	for _, p := range block.InOrder(problems) {
		got = append(got, p.Place)
	}
	want := []string{"login.client_id", "sources", "sources[0].name", "sources[0].url", "sources[1]", "sources[1].colour", "line 6", "practices.no.title", "practices.same.colour", "texts/zoom.md", "url"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
	if got := (config.Block{}).InOrder(problems); len(got) != len(problems) || got[0] != problems[0] {
		t.Errorf("an empty block gives %v", got)
	}
	var loop config.Block
	if l, err := config.Parse([]byte("&a {left: *a}"), config.Resolver{}); err == nil {
		loop = l
	}
	loop.InOrder(problems)
}

func TestLengthsOfTime(t *testing.T) {
	for text, want := range map[string]time.Duration{"4s": 4 * time.Second, "10m": 10 * time.Minute, "1h30m": 90 * time.Minute, "250ms": 250 * time.Millisecond, "0": 0, "\"24h\"": 24 * time.Hour} {
		s := settings{Patience: 7}
		if err := parse(t, "patience: "+text).Decode(&s); err != nil || s.Patience != want {
			t.Errorf("%s is %v, error %v", text, s.Patience, err)
		}
	}
}

func TestProblemsAreGathered(t *testing.T) {
	ps := config.Gather("sources[2]",
		nil, config.Problems{{"a", "is wrong"}, {"", "all is wrong"}}, errors.New("cannot be"), fmt.Errorf("open: %w", config.Problems{{"b", "is missing"}}))
	if want := "a: is wrong\nall is wrong\nsources[2]: cannot be\nb: is missing"; ps.Error() != want {
		t.Errorf("got %q", ps)
	}
	if err := config.Gather("x", nil, nil).Err(); err != nil {
		t.Errorf("no problems are the error %v", err)
	}
	var none config.Problems
	if none.Err() != nil {
		t.Error("no problems are an error")
	}
}

func FuzzParseAndDecode(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "url: x", "patience: 4s\nnames: [a, b]", "&a {left: *a, right: *a}", "{<<: {url: x}}", "nested: {list: [{name: x}, 7]}",
		"waits: {? [a] : 1s}", "client_secret: env:GOOD", "a: !!binary x", "pages: 0x1F", "on: yes", "share: .nan", "url: !!bool true", "- - - -", "? ", "*a : b", "{&a x: 1, *a : 2}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		block, err := config.Parse(data, resolver())
		if err != nil {
			return
		}
		for _, into := range []any{new(settings), new(tree), new([]string), new(map[string]settings), new(struct {
			Plugin string       `yaml:"plugin"`
			Rest   config.Block `yaml:"rest"`
		})} {
			var problems config.Problems
			if err := block.Decode(into); err != nil && !errors.As(err, &problems) {
				t.Errorf("decode into %v: %v", reflect.TypeOf(into), err)
			}
		}
		for _, key := range block.Keys() {
			_, _ = block.At(key).Bool()
			_ = block.At(key).Items()
			_ = block.Only(key).Keys()
			_ = block.Without(key).Keys()
		}
	})
}
