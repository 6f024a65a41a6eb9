package practices

import (
	"maps"
	"strings"

	"stethoscope/config"
	"stethoscope/posture"
)

// A wording is all that a practice says to one variant of devices, made when
// the configuration is read, so that judging only copies.
type wording struct {
	phrases            map[string]string
	open, done         string
	sawOpen, sawDone   string
	saysOpen, saysDone string
	readOpen, readDone string
	unknown, not       string
	topic              string          // the headline while we can't tell; empty: the title
	advice             *posture.Advice // nil if there are no steps
	cases              map[string]*posture.Advice
}

// phrase returns a phrase of the practice's own.
func (w *wording) phrase(key string) string { return w.phrases[key] }

// wordings returns the words for every variant, with what is known by now filled
// in, and what is missing for the platforms to which the practice applies.
func (t *text) wordings(title string, applies platformSet, link linkSetting, v vocabulary) (*[variants]wording, error) {
	var all [variants]wording
	var problems config.Problems
	if len(t.why) == 0 {
		problems = append(problems, config.Problem{Place: "texts/" + t.name, Text: "the section “Why it matters” is missing"})
	}
	for i := range all {
		w, platform := &all[i], variant(i).platform()
		*w = t.wording(variant(i), title, link)
		if i == int(iPhone) || i == int(iPad) || !applies.has(platform) {
			continue
		}
		for _, key := range v.needed(platform) {
			if platform != posture.UnknownPlatform && w.phrases[key] == "" {
				problems = append(problems, config.Problem{Place: "texts/" + t.name, Text: key + " is missing for " + platform.SystemName()})
			}
		}
		if platform != posture.UnknownPlatform && w.advice == nil {
			problems = append(problems, config.Problem{Place: "texts/" + t.name, Text: "there are no steps and minutes for " + platform.SystemName()})
		}
	}
	return &all, problems.Err()
}

func (t *text) wording(v variant, title string, link linkSetting) wording {
	fill := strings.NewReplacer("{device}", v.device(), "{system}", v.system(), "{title}", title).Replace
	phrases := map[string]string{}
	for key, p := range t.phrases {
		phrases[key] = fill(p.text)
	}
	s := t.platforms[v.platform()]
	if s != nil {
		for key, p := range s.phrases {
			phrases[key] = fill(p.text)
		}
	}
	w := wording{
		phrases: phrases,
		open:    phrases[openPhrase], done: phrases[donePhrase],
		sawOpen: phrases[sawOpenPhrase], sawDone: phrases[sawDonePhrase],
		saysOpen: phrases[saysOpenPhrase], saysDone: phrases[saysDonePhrase],
		readOpen: asReading(phrases[saysOpenPhrase]), readDone: asReading(phrases[saysDonePhrase]),
		unknown: phrases[unknownPhrase], not: phrases[notPhrase], topic: phrases[topicPhrase],
	}
	if w.not == "" {
		w.not = "This isn’t for " + v.system() + "."
	}
	if s != nil && len(s.steps) > 0 && phrases[minutesPhrase] != "" {
		w.advice = t.advice(v, s, phrases, link, fill)
		w.cases = t.cases(v, s, phrases, link, fill)
	}
	return w
}

// cases returns the advice for the cases that a platform's section has: its own
// minutes and steps, and otherwise the platform's phrases.
func (t *text) cases(v variant, s *section, phrases map[string]string, link linkSetting, fill func(string) string) map[string]*posture.Advice {
	all := map[string]*posture.Advice{}
	for heading, in := range s.cases {
		if len(in.steps) == 0 {
			continue
		}
		own := maps.Clone(phrases)
		for key, p := range in.phrases {
			own[key] = fill(p.text)
		}
		all[heading] = t.advice(v, in, own, link, fill)
	}
	return all
}

func (t *text) advice(v variant, s *section, phrases map[string]string, link linkSetting, fill func(string) string) *posture.Advice {
	a := &posture.Advice{Why: phrases[whyPhrase], Place: v.place()}
	if a.Why == "" {
		a.Why = fill(strings.Join(t.why, " "))
	}
	for _, step := range s.steps {
		a.Steps = append(a.Steps, fill(step))
	}
	for _, digit := range phrases[minutesPhrase] {
		a.Minutes = a.Minutes*10 + int(digit-'0')
	}
	a.Settings, _ = parseLink(phrases[settingsPhrase], "x-apple.systempreferences", "ms-settings")
	a.More, _ = parseLink(phrases[morePhrase], "https")
	if link != "" {
		a.More = posture.Link{Text: "More about this", URL: string(link)}
	}
	return a
}

// lacksSteps returns a problem for a platform that the configuration adds to a
// practice and for which nobody has written steps.
func lacksSteps(settings config.Block, all *[variants]wording, given []platformSetting, file string) error {
	var problems config.Problems
	for _, p := range given {
		if all[p].advice == nil {
			problems = append(problems, settings.Problem("platforms", "there are no steps for %s in %s; lay a file with them over ours", posture.Platform(p).SystemName(), file))
		}
	}
	return problems.Err()
}

// fillIn puts values into the places of their names in braces: pairs of a name
// and its value. What a source wrote is never searched for more names.
func fillIn(template string, pairs ...string) string {
	var filled strings.Builder
	for {
		before, after, found := strings.Cut(template, "{")
		filled.WriteString(before)
		if !found {
			return filled.String()
		}
		name, rest, _ := strings.Cut(after, "}")
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				filled.WriteString(pairs[i+1])
			}
		}
		template = rest
	}
}

// lacking gives a recommendation what it says when it cannot tell. Unless a
// source says that there is something to do, the headline asks for nothing: it
// may have been done long ago. Where the steps would erase a machine that may be
// in order, there are none.
func (w *wording) lacking(r *posture.Recommendation, doubt posture.Doubt, saw string) {
	r.Rating, r.Doubt, r.Saw, r.Headline = posture.Unknown, doubt, saw, r.Title
	switch {
	case doubt == posture.Disagree:
		r.Headline = w.open
	case w.topic != "":
		r.Headline = w.topic
	}
	if unsure := w.phrase(unsurePhrase); unsure != "" {
		r.Headline, r.Advice = unsure, nil
	}
}

// exempt gives a recommendation what it says when it does not apply.
func exempt(r *posture.Recommendation, reason string) {
	r.Rating, r.Saw, r.Headline, r.Advice = posture.NotApplicable, reason, r.Title, nil
}

// notAsked is why a practice does not apply on a platform that the
// configuration took away from it.
const notAsked = "Your organisation doesn’t ask for this here."
