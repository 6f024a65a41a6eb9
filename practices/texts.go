package practices

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"stethoscope/config"
	"stethoscope/posture"
)

// ours is the folder of words that this project ships.
var ours = func() fs.FS {
	folder, err := fs.Sub(embedded, "texts")
	if err != nil {
		panic(err) // the name above is no path
	}
	return folder
}()

// A text is a file of words as it stands there. The form is Markdown that reads
// well where it is stored:
//
//	# Disk encryption
//
//	open: Turn on disk encryption
//	done: Disk encryption is on
//
//	## Why it matters
//
//	Your password alone does not protect files on the disk.
//
//	## macOS
//
//	minutes: 5
//	settings: [Open FileVault settings on this Mac](x-apple.systempreferences:…)
//	saw open: FileVault is off.
//
//	1. Open **System Settings**, then **Privacy & Security**.
//
// The phrases on top are for all platforms; a platform's section may have its
// own. A heading may name several platforms. A platform's section may end with
// one of a case (### When …) that the practice knows, with minutes and steps of
// its own. Lines in <!-- --> are for authors.
type text struct {
	name      string // of the file
	phrases   map[string]phrase
	why       []string
	platforms map[posture.Platform]*section
}

type phrase struct {
	line int
	text string
}

type section struct {
	phrases map[string]phrase
	steps   []string
	cases   map[string]*section // by heading; nil if there are none
}

// The phrases that every practice has. Addresses of settings: Windows' are those
// that Microsoft documents (learn.microsoft.com/windows/apps/develop/launch/launch-settings);
// Apple documents none, and the panes' identifiers are those that macOS 13 and
// later are seen to answer to, so every settings link has its steps beside it.
const (
	openPhrase     = "open"      // the headline while there is something to do
	donePhrase     = "done"      // the headline when there is not
	sawOpenPhrase  = "saw open"  // one sentence: what we saw
	sawDonePhrase  = "saw done"  //
	saysOpenPhrase = "says open" // what follows "Jamf says": "it never locks"
	saysDonePhrase = "says done"
	unknownPhrase  = "unknown" // one sentence: nobody tells
	topicPhrase    = "topic"   // the headline while we can’t tell, if the title sounds like an answer
	unsurePhrase   = "unsure"  // the same, where doing the steps in vain would hurt: they are not shown
	whyPhrase      = "why"     // a platform's own reason
	notPhrase      = "not"     // one sentence: why it doesn’t apply
	minutesPhrase  = "minutes"
	settingsPhrase = "settings"
	morePhrase     = "more"
)

var commonPhrases = []string{
	openPhrase, donePhrase, sawOpenPhrase, sawDonePhrase, saysOpenPhrase, saysDonePhrase,
	unknownPhrase, topicPhrase, unsurePhrase, whyPhrase, notPhrase, minutesPhrase, settingsPhrase, morePhrase,
}

// A vocabulary is what a practice's text may and must hold.
type vocabulary struct {
	phrases []string                      // needed for every platform
	also    map[posture.Platform][]string // needed for one platform more
	fills   []string                      // in braces, filled in while judging: "have" for {have}
	cases   []string                      // headings that a platform's section may have within it
}

// all returns every phrase that the practice knows, sorted.
func (v vocabulary) all() []string {
	all := slices.Concat(commonPhrases, v.phrases)
	for _, phrases := range v.also {
		all = append(all, phrases...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// needed returns the phrases without which nothing can be said on a platform.
func (v vocabulary) needed(p posture.Platform) []string {
	return slices.Concat(v.phrases, v.also[p])
}

// The names in braces that are filled in for every practice.
var commonFills = []string{"device", "system", "title"}

// readText finds the first of the files, in over before own, and parses it.
func readText(over, own fs.FS, names []string, v vocabulary) (*text, error) {
	for _, name := range names {
		for _, folder := range []fs.FS{over, own} {
			if folder == nil {
				continue
			}
			data, err := fs.ReadFile(folder, name)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				continue
			case err != nil:
				return nil, config.Problems{{Place: "texts/" + name, Text: fmt.Sprintf("cannot be read: %v", err)}}
			}
			return parseText(name, data, v)
		}
	}
	return nil, config.Problems{{Place: "texts/" + names[0], Text: "there is no such file: every practice needs its words"}}
}

// parseText reads a file of words and says everything that is wrong with it.
func parseText(name string, data []byte, v vocabulary) (*text, error) {
	t := &text{name: name, phrases: map[string]phrase{}, platforms: map[posture.Platform]*section{}}
	p := parser{text: t, vocabulary: v, current: t.phrases}
	for i, line := range strings.Split(string(bytes.TrimPrefix(data, []byte("\uFEFF"))), "\n") {
		p.line = i + 1
		p.read(strings.TrimSpace(line))
	}
	return t, p.problems.Err()
}

type parser struct {
	text       *text
	vocabulary vocabulary
	problems   config.Problems
	line       int
	inWhy      bool
	platforms  []*section        // of the last heading; none on top and under "Why it matters"
	sections   []*section        // that the lines are for: these, or the one of a case within them
	current    map[string]phrase // where phrases go
}

func (p *parser) problem(format string, args ...any) {
	p.problems = append(p.problems, config.Problem{Place: placeInText(p.text.name, p.line), Text: fmt.Sprintf(format, args...)})
}

func placeInText(name string, line int) string {
	return "texts/" + name + ":" + strconv.Itoa(line)
}

func (p *parser) read(line string) {
	if heading, ok := strings.CutPrefix(line, "### "); ok {
		p.caseHeading(strings.TrimSpace(heading))
		return
	}
	if heading, ok := strings.CutPrefix(line, "## "); ok {
		p.heading(strings.TrimSpace(heading))
		return
	}
	switch {
	case line == "", strings.HasPrefix(line, "# "), strings.HasPrefix(line, "<!--") && strings.HasSuffix(line, "-->"):
		return
	}
	p.fills(line)
	if strings.Count(line, "**")%2 != 0 {
		p.problem("a ** is left over: bold words stand between two of them")
	}
	switch step, isStep := cutNumber(line); {
	case p.inWhy:
		p.text.why = append(p.text.why, line)
	case isStep && p.sections == nil:
		p.problem("a step must stand under a platform’s heading")
	case isStep:
		for _, s := range p.sections {
			s.steps = append(s.steps, step)
		}
	default:
		p.phrase(line)
	}
}

func (p *parser) heading(heading string) {
	p.inWhy, p.platforms, p.sections, p.current = false, nil, nil, map[string]phrase{}
	if heading == "Why it matters" {
		p.inWhy = true
		return
	}
	for _, name := range strings.Split(heading, ",") {
		platform, ok := platformCalled(strings.TrimSpace(name))
		if !ok {
			p.problem("there is no platform %q; a heading is “Why it matters” or names of macOS, Windows, Linux, iOS, Android, ChromeOS", strings.TrimSpace(name))
			continue
		}
		if p.text.platforms[platform] != nil {
			p.problem("%s has a section already", platform.SystemName())
			continue
		}
		s := &section{phrases: p.current}
		p.text.platforms[platform] = s
		p.platforms = append(p.platforms, s)
	}
	p.sections = p.platforms
}

// caseHeading starts the part of a platform's section that is for one case.
func (p *parser) caseHeading(heading string) {
	switch {
	case !slices.Contains(p.vocabulary.cases, heading):
		p.problem("there is no case %q that this practice knows%s", heading, config.Suggestion(heading, p.vocabulary.cases))
	case p.platforms == nil:
		p.problem("a case must stand under a platform’s heading")
	case p.platforms[0].cases[heading] != nil:
		p.problem("%q is there already", heading)
	}
	in := &section{phrases: map[string]phrase{}}
	for _, s := range p.platforms {
		if s.cases == nil {
			s.cases = map[string]*section{}
		}
		s.cases[heading] = in
	}
	p.inWhy, p.sections, p.current = false, []*section{in}, in.phrases
}

func platformCalled(name string) (posture.Platform, bool) {
	for _, p := range posture.Platforms() {
		if p.SystemName() == name {
			return p, true
		}
	}
	return posture.UnknownPlatform, false
}

func (p *parser) phrase(line string) {
	key, words, found := strings.Cut(line, ":")
	key, words = strings.TrimSpace(key), strings.TrimSpace(words)
	known := p.vocabulary.all()
	switch {
	case found && !slices.Contains(known, key) && config.Suggestion(key, known) != "":
		p.problem("this is no step (“1. …”), and this practice has no phrase %q%s", key, config.Suggestion(key, known))
	case !found || !slices.Contains(known, key):
		p.problem("this is no step (“1. …”) and no phrase that this practice has: %s", strings.Join(known, ", "))
	case words == "":
		p.problem("%s is empty", key)
	case p.current[key].text != "":
		p.problem("%s is written twice", key)
	default:
		p.value(key, words)
		p.current[key] = phrase{p.line, words}
	}
}

// value looks at the phrases that are more than words.
func (p *parser) value(key, words string) {
	switch key {
	case minutesPhrase:
		if n, err := strconv.Atoi(words); err != nil || n < 1 || n > 600 {
			p.problem("minutes must be a whole number from 1 to 600")
		}
	case settingsPhrase:
		if _, ok := parseLink(words, "x-apple.systempreferences", "ms-settings"); !ok {
			p.problem("settings must be a link such as [Open the settings](ms-settings:windowsupdate)")
		}
	case morePhrase:
		if _, ok := parseLink(words, "https"); !ok {
			p.problem("more must be a link such as [Read more](https://example.com/help)")
		}
	}
}

// fills looks for names in braces that nobody would fill in.
func (p *parser) fills(line string) {
	for rest := line; ; {
		_, after, found := strings.Cut(rest, "{")
		if !found {
			return
		}
		name, next, closed := strings.Cut(after, "}")
		if !closed || !slices.Contains(commonFills, name) && !slices.Contains(p.vocabulary.fills, name) {
			p.problem("{%s} is nothing that can be filled in here; there are {%s}", name, strings.Join(slices.Concat(commonFills, p.vocabulary.fills), "}, {"))
			return
		}
		rest = next
	}
}

// cutNumber takes the number off a step: "1. Open …".
func cutNumber(line string) (string, bool) {
	number, step, found := strings.Cut(line, ". ")
	if _, err := strconv.ParseUint(number, 10, 16); !found || err != nil {
		return "", false
	}
	return strings.TrimSpace(step), true
}

// parseLink reads a Markdown link whose address has one of the schemes.
func parseLink(markdown string, schemes ...string) (posture.Link, bool) {
	words, address, found := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(markdown, "["), ")"), "](")
	u, err := url.Parse(address)
	if !found || err != nil || words == "" || !slices.Contains(schemes, u.Scheme) || strings.ContainsAny(address, " <>\"'()") || u.Scheme == "https" && u.Host == "" {
		return posture.Link{}, false
	}
	return posture.Link{Text: words, URL: address}, true
}
