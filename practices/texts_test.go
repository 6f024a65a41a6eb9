package practices

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"stethoscope/posture"
)

func softwareText(t testing.TB) string {
	t.Helper()
	data, err := fs.ReadFile(ours, "software.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// platformsOf says to which platforms a practice of ours applies, and what its
// file is.
func ownPlatforms(p Practice) (platformSet, vocabulary) {
	switch p := p.(type) {
	case *yesNo:
		return p.own, yesNoWords
	case *software:
		return p.own, softwareWords
	case *updates:
		return p.own, updateWords
	}
	panic("a practice of no known sort")
}

func TestOurTextsAreComplete(t *testing.T) {
	set := openSet(t, `practices: {software: [{key: software-any, title: Any, any_of: [any], platforms: [macos, windows, linux, ios, android, chromeos]}]}`, nil)
	read := map[string]bool{}
	for _, p := range set.practices {
		applies, v := ownPlatforms(p)
		text, err := readText(nil, ours, []string{p.Key() + ".md", "software.md"}, v)
		if err != nil {
			t.Fatal(err)
		}
		read[text.name] = true
		if text.name == "software.md" {
			applies = setOf(posture.Platforms())
		}
		words, _ := text.wordings("Title", applies, "", v)
		for _, platform := range posture.Platforms() {
			w, section := words[platform], text.platforms[platform]
			place := p.Key() + " on " + platform.SystemName()
			if section == nil {
				t.Errorf("%s: the section is missing", place)
				continue
			}
			if !applies.has(platform) {
				if section.phrases[notPhrase].text == "" || len(section.steps) > 0 {
					t.Errorf("%s: it does not apply: there must be a reason and no steps", place)
				}
				continue
			}
			a := w.advice
			if a == nil {
				t.Errorf("%s: no advice", place)
				continue
			}
			if repeats(w.done, w.sawDone) || repeats(w.open, w.sawOpen) {
				t.Errorf("%s: the sentence repeats the headline: %q, %q; %q, %q", place, w.done, w.sawDone, w.open, w.sawOpen)
			}
			if n := sentences(a.Why); n < 1 || n > 2 {
				t.Errorf("%s: why has %d sentences: %q", place, n, a.Why)
			}
			if a.Minutes < 1 || len(a.Steps) < 2 || a.Place == "" {
				t.Errorf("%s: %+v", place, a)
			}
			for _, words := range append([]string{w.open, w.done, w.sawOpen, w.sawDone, w.saysOpen, w.saysDone, w.unknown, a.Why, a.Settings.Text, a.More.Text}, a.Steps...) {
				if strings.Contains(words, "!") || strings.Contains(strings.ToLower(words), "please") || strings.Contains(words, "'") {
					t.Errorf("%s: not our tone: %q", place, words)
				}
			}
			for _, s := range []string{w.open, w.done, w.saysOpen, w.saysDone} {
				if strings.HasSuffix(s, ".") {
					t.Errorf("%s: a headline ends like a sentence: %q", place, s)
				}
			}
			for _, s := range []string{w.sawOpen, w.sawDone, w.unknown, w.not} {
				if !strings.HasSuffix(s, ".") {
					t.Errorf("%s: a sentence does not end: %q", place, s)
				}
			}
		}
	}
	files, err := fs.ReadDir(ours, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !read[f.Name()] {
			t.Errorf("texts/%s is used by no practice", f.Name())
		}
	}
}

// repeats reports whether a sentence says again what is in the headline above it.
func repeats(headline, saw string) bool {
	plain := func(words string) string {
		words = strings.ToLower(strings.TrimSuffix(words, "."))
		return strings.TrimPrefix(strings.TrimPrefix(words, "it is "), "the ")
	}
	first, _, _ := strings.Cut(saw, ". ")
	return strings.Contains(plain(first), plain(headline))
}

// sentences counts the full stops that end something.
func sentences(text string) int { return strings.Count(text+" ", ". ") }

func TestABrokenTextIsAProblemWithFileAndLine(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"an unknown heading", "## Android", "## Andriod", `texts/adbstatus.md:13: there is no platform "Andriod"`},
		{"a section twice", "## Android", "## Android\n\n## Android", "texts/adbstatus.md:15: Android has a section already"},
		{"a phrase that nobody knows", "done: No", "dun: No", "texts/adbstatus.md:2: this is no step"},
		{"a phrase twice", "done: No debugging", "done: No debugging\ndone: No", "texts/adbstatus.md:3: done is written twice"},
		{"an empty phrase", "done: No debugging", "done:", "texts/adbstatus.md:2: done is empty"},
		{"a missing phrase", "done: No debugging", "", "texts/adbstatus.md: done is missing for Android"},
		{"no reason", "Because we say so.", "", "texts/adbstatus.md: the section “Why it matters” is missing"},
		{"no steps", "1. Ask Pat.", "", "texts/adbstatus.md: there are no steps and minutes for Android"},
		{"no minutes", "minutes: 1", "", "texts/adbstatus.md: there are no steps and minutes for Android"},
		{"minutes that are none", "minutes: 1", "minutes: some", "texts/adbstatus.md:15: minutes must be a whole number"},
		{"a step on top", "open: Stop", "1. Do\nopen: Stop", "texts/adbstatus.md:1: a step must stand under a platform’s heading"},
		{"a line that is nothing", "1. Ask Pat.", "1. Ask Pat.\nThen rest", "texts/adbstatus.md:18: this is no step"},
		{"a phrase that is misspelt", "minutes: 1", "minuts: 1", "texts/adbstatus.md:15: this is no step (“1. …”), and this practice has no phrase \"minuts\"; did you mean minutes?"},
		{"a phrase that resembles none", "done: No", "colour: No", "texts/adbstatus.md:2: this is no step (“1. …”) and no phrase that this practice has: done,"},
		{"bold that does not end", "1. Ask Pat.", "1. Ask **Pat.", "texts/adbstatus.md:17: a ** is left over"},
		{"bold that does not end, in a phrase", "done: No debugging", "done: **No** debugging**", "texts/adbstatus.md:2: a ** is left over"},
		{"a case that this practice does not know", "1. Ask Pat.", "1. Ask Pat.\n### When it rains", `texts/adbstatus.md:18: there is no case "When it rains"`},
		{"a name that nobody fills in", "Ask Pat.", "Ask {name}.", "texts/adbstatus.md:17: {name} is nothing that can be filled in"},
		{"a brace that is not closed", "Ask Pat.", "Ask {device.", "texts/adbstatus.md:17: {device.} is nothing that can be filled in"},
		{"a link that runs something", "minutes: 1", "minutes: 1\nsettings: [Open](javascript:alert)", "texts/adbstatus.md:16: settings must be a link"},
		{"a link that is not encrypted", "minutes: 1", "minutes: 1\nmore: [Open](http://example.com)", "texts/adbstatus.md:16: more must be a link"},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken := strings.Replace(adbText, c.from, c.to, 1)
			_, err := Open(Standard(), block(t, ""), fstest.MapFS{"adbstatus.md": {Data: []byte(broken)}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
	_, err := Open(Standard(), block(t, ""), fstest.MapFS{"adbstats.md": {Data: []byte(adbText)}})
	if want := "texts/adbstats.md: there is no practice with this key"; err == nil || err.Error() != want {
		t.Errorf("a file for no practice: %v, want %s", err, want)
	}
	if _, err = Open(Standard(), block(t, "practices: {adbstatus: false}"), fstest.MapFS{"adbstatus.md": {Data: []byte(adbText)}}); err != nil {
		t.Errorf("a file for a practice that is turned off: %v", err)
	}
	_, err = Open(Standard(), block(t, ""), fstest.MapFS{"adbstatus.md": {Data: []byte("dun: x")}, "firewall.md": {Data: []byte("x: y")}})
	if err == nil || !strings.Contains(err.Error(), "texts/adbstatus.md:1") || !strings.Contains(err.Error(), "texts/firewall.md:1") {
		t.Errorf("two broken files: %v", err)
	}
}

func TestABrokenCaseIsAProblemWithItsLine(t *testing.T) {
	const heading = "### " + endedCase + "\n"
	for _, c := range []struct{ name, text, want string }{
		{"misspelt", "## macOS\n### When it gets no more update\n", "texts/x.md:2: there is no case \"When it gets no more update\" that this practice knows; did you mean When it gets no more updates?"},
		{"on top", heading, "texts/x.md:1: a case must stand under a platform’s heading"},
		{"under the reasons", "## Why it matters\n" + heading, "texts/x.md:2: a case must stand under a platform’s heading"},
		{"twice", "## macOS, iOS\n" + heading + heading, "texts/x.md:3: \"" + endedCase + "\" is there already"},
	} {
		if _, err := parseText("x.md", []byte(c.text), updateWords); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestATextMayHaveWindowsLinesAndNotesForAuthors(t *testing.T) {
	text := "\uFEFF<!-- for whoever edits this -->\n# Debugging\n" + adbText
	set := openSet(t, "", fstest.MapFS{"adbstatus.md": {Data: []byte(strings.ReplaceAll(text, "\n", "\r\n"))}})
	if r := judge(t, set, "adbstatus", on(posture.Android, posture.DebugBridge.Is(true))); r.Headline != "Stop debugging" || r.Advice.Why != "Because we say so." {
		t.Errorf("%+v", r)
	}
}

func FuzzText(f *testing.F) {
	f.Add(adbText)
	f.Add(softwareText(f))
	f.Add("## macOS\n### " + endedCase + "\nminutes: 5\n1. **Look**")
	f.Add("## \n## ,,\n1. \nsettings: [](:)\nminutes: 99999999999999999999\n{")
	f.Fuzz(func(t *testing.T, data string) {
		text, err := parseText("x.md", []byte(data), updateWords)
		if err != nil {
			return
		}
		words, _ := text.wordings("Title", setOf(posture.Platforms()), "", updateWords)
		for _, w := range words {
			if w.advice == nil {
				continue
			}
			for _, a := range append(slices.Collect(maps.Values(w.cases)), w.advice) {
				if a.Minutes < 1 || a.Minutes > 600 || len(a.Steps) == 0 {
					t.Errorf("%+v", a)
				}
			}
			if u := w.advice.Settings.URL; u != "" && !strings.HasPrefix(strings.ToLower(u), "ms-settings:") && !strings.HasPrefix(strings.ToLower(u), "x-apple.systempreferences:") {
				t.Errorf("settings lead to %q", u)
			}
			if u := w.advice.More.URL; u != "" && !strings.HasPrefix(strings.ToLower(u), "https://") {
				t.Errorf("more leads to %q", u)
			}
		}
	})
}

func FuzzVersionSetting(f *testing.F) {
	for _, seed := range []string{"14.7", "2026-11-05", "26.6.2 (a)", "", "1.", "-1", "10.0.26100.4317"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var v versionSetting
		if err := v.UnmarshalText([]byte(text)); err == nil && !v.set() {
			t.Errorf("%q is accepted and is nothing", text)
		}
	})
}
