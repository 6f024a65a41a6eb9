package practices

import (
	"io/fs"
	"strconv"
	"strings"
	"time"

	"stethoscope/config"
	"stethoscope/posture"
)

// upToDate judges what a machine runs. In this order: a system that gets no
// more security updates, or is older than the organisation requires; an Android
// patch level that is behind; a version that is not the newest of its line, or
// older than the organisation recommends; updates that wait. What comes first
// decides. Tables: releases.go; Android's months: patchlevel.go.
func upToDate() Kind {
	return Kind{Key: "uptodate", Open: func(settings config.Block) ([]Practice, error) {
		var s struct {
			Rating      ratingSetting      `yaml:"rating"`
			Title       string             `yaml:"title"`
			Platforms   []platformSetting  `yaml:"platforms"`
			Link        linkSetting        `yaml:"link"`
			Required    versionsByPlatform `yaml:"required"`
			Recommended versionsByPlatform `yaml:"recommended"`
		}
		s.Title = "Up to date"
		problems := config.Gather(settings.Place(), settings.Decode(&s))
		problems = append(problems, checkVersions(settings, s.Required, s.Recommended, true)...)
		own := setOf(posture.Platforms())
		return []Practice{&updates{
			title: s.Title, settings: settings, given: s.Platforms, link: s.Link,
			fails: s.Rating.or(posture.Critical), own: own, applies: own.or(s.Platforms),
			required: s.Required, recommended: s.Recommended,
		}}, problems.Err()
	}}
}

// checkVersions finds versions that can't be meant.
func checkVersions(settings config.Block, required, recommended versionsByPlatform, patches bool) config.Problems {
	var problems config.Problems
	for _, p := range posture.Platforms() {
		low, high := required.on(p), recommended.on(p)
		for _, side := range []struct {
			key string
			v   versionSetting
		}{{"required", low}, {"recommended", high}} {
			if !side.v.patch.IsZero() && (!patches || p != posture.Android) {
				problems = append(problems, settings.Problem(side.key+"."+p.Key(), "is a date, and only Android’s security patch has one; write a version in quotes"))
			}
		}
		if high.version != "" && high.version.Less(low.version) || !high.patch.IsZero() && high.patch.Before(low.patch) {
			problems = append(problems, settings.Problem("recommended."+p.Key(), "is older than what is required"))
		}
	}
	return problems
}

type updates struct {
	title                 string
	settings              config.Block
	given                 []platformSetting
	link                  linkSetting
	fails                 posture.Rating
	own, applies          platformSet
	required, recommended versionsByPlatform
	words                 *[variants]wording
}

// The phrases that this practice has beyond the common ones.
const (
	openEndedPhrase      = "open ended"       // it may be too old for any update
	sawEndedPhrase       = "saw ended"        // {have} gets no more updates
	sawComparedPhrase    = "saw compared"     // up to date by our table: {have}, {date}
	sawRequiredPhrase    = "saw required"     // the organisation asks for {wanted}
	openPatchPhrase      = "open patch"       // {month}
	sawPatchPhrase       = "saw patch"        // one month behind
	sawPatchesPhrase     = "saw patches"      // {behind} months behind
	sawPatchedPhrase     = "saw patched"      // as it should be
	openWaitingPhrase    = "open waiting"     //
	sawWaitingPhrase     = "saw waiting"      // {update}
	sawWaitingManyPhrase = "saw waiting many" // {count}, {update}
	openVersionPhrase    = "open version"     // {wanted}
	sawUnreadablePhrase  = "saw unreadable"
	sawUnlistedPhrase    = "saw unlisted" // no table, and nobody knows of waiting updates
)

// endedCase is the heading over what to do with a system that gets no more updates.
const endedCase = "When it gets no more updates"

var updateWords = vocabulary{
	phrases: []string{
		openPhrase, donePhrase, sawOpenPhrase, sawDonePhrase, unknownPhrase, openVersionPhrase, openEndedPhrase, sawEndedPhrase, sawRequiredPhrase, sawComparedPhrase,
		openWaitingPhrase, sawWaitingPhrase, sawWaitingManyPhrase, sawUnreadablePhrase,
	},
	also: map[posture.Platform][]string{
		posture.Android: {openPatchPhrase, sawPatchPhrase, sawPatchesPhrase, sawPatchedPhrase},
		posture.Linux:   {sawUnlistedPhrase},
	},
	fills: []string{"have", "wanted", "month", "behind", "update", "count", "date"},
	cases: []string{endedCase},
}

func (p *updates) Key() string { return "uptodate" }

func (p *updates) ReadWords(over fs.FS) error {
	t, err := readText(over, ours, []string{"uptodate.md"}, updateWords)
	if err != nil {
		return err
	}
	words, err := t.wordings(p.title, p.own, p.link, updateWords)
	for i := range words {
		for _, a := range []*posture.Advice{words[i].advice, words[i].cases[endedCase]} {
			if a != nil && a.More.URL != "" && p.link == "" && p.usesTable(variant(i).platform()) {
				a.More.Text += ", which we compare with as of " + snapshotInWords
			}
		}
	}
	p.words = words
	return config.Gather("", err, lacksSteps(p.settings, words, p.given, "uptodate.md")).Err()
}

// usesTable reports whether any of our own versions counts on this platform.
func (p *updates) usesTable(platform posture.Platform) bool {
	return !p.required.on(platform).set() || !p.recommended.on(platform).set()
}

func (p *updates) Judge(d posture.Device, now time.Time) posture.Recommendation {
	return p.judge(d, variantOf(d), now)
}

func (p *updates) judge(d posture.Device, v variant, now time.Time) posture.Recommendation {
	w := &p.words[v]
	r := posture.Recommendation{Key: "uptodate", Title: p.title, Headline: w.open, Advice: w.advice}
	if !p.applies.has(v.platform()) {
		exempt(&r, reasonNot(w, p.own.has(v.platform())))
		return r
	}
	j := judgement{updates: p, platform: v.platform(), now: now, system: v.system()}
	if name, ok := posture.OSName.In(d); ok && name.Value != "" && j.platform == posture.Linux {
		j.system = name.Value
	}
	j.table = releasesOf(j.platform, j.system)

	var buffer [4]sighting
	seen := buffer[:0]
	var newest evidence
	for i := range d.Reports {
		e := evidenceIn(d, i)
		if s, ok := j.sighting(e); ok {
			seen = add(seen, s)
		}
		newest.take(&e)
	}
	newest.dropOld(now)
	r.Readings = readings(seen)
	if len(seen) == 0 {
		w.lacking(&r, posture.NoData, w.unknown)
		return r
	}
	r.SeenAt = seen[0].At
	if j.platform == posture.UnknownPlatform {
		w.lacking(&r, posture.NoData, w.unknown)
		return r
	}
	f := j.find(&newest)
	if stale, at := newest.stale(now, seen[0].At); stale && f.what != waiting {
		w.lacking(&r, posture.TooOld, ageInWords(d, at, now))
		return r
	}
	if f.what != waiting && contradicted(seen) {
		w.lacking(&r, posture.Disagree, disagreement(seen, func(s sighting) string { return "it has " + s.Words }))
		return r
	}
	if !f.at.IsZero() {
		r.SeenAt = f.at
	}
	j.say(&r, w, &f, &newest)
	return r
}

// sighting puts one source's word in words.
func (j *judgement) sighting(e evidence) (sighting, bool) {
	var s sighting
	switch {
	case e.version.known:
		v, ok := versionFor(j.platform, e.version.Value)
		s.Source, s.At, s.Detail = e.version.Source, e.version.At, e.version.Detail
		if ok {
			s.Words = j.table.nameOf(j.system, v)
		} else {
			s.Words = "a version that we can’t read"
		}
		if j.platform == posture.Android && e.patch.known {
			s.Words += ", patched in " + monthOf(e.patch.Value.UTC()).inFull()
		}
	case e.patch.known:
		s.Source, s.At, s.Detail = e.patch.Source, e.patch.At, e.patch.Detail
		s.Words = "Patched in " + monthOf(e.patch.Value.UTC()).inFull()
	case e.waiting.known:
		s.Source, s.At, s.Detail = e.waiting.Source, e.waiting.At, e.waiting.Detail
		s.Words, s.Good = "No updates are waiting", len(e.waiting.Value) == 0
		if !s.Good {
			s.Words = "Updates are waiting"
		}
		return s, true // no version to contradict anybody with
	default:
		return s, false
	}
	switch f := j.find(&e); f.what {
	case nothingNew:
		s.Good, s.state = true, fine
	case noFinding, garbled:
		s.state = unreadable
	case versionOld, waiting:
		s.state = lagging
	default:
		s.state = failing
	}
	return s, true
}

// contradicted reports whether a source that is at most a day older says of a
// system that seems behind that it is up to date. The other way round is no
// contradiction: it was updated in between.
func contradicted(seen []sighting) bool {
	newest := &seen[0]
	if newest.Good || newest.state == unreadable {
		return false
	}
	for i := range seen[1:] {
		if s := &seen[i+1]; s.Good && s.state != unreadable && newest.At.Sub(s.At) <= contradiction {
			return true
		}
	}
	return false
}

// say puts the finding in words.
func (j *judgement) say(r *posture.Recommendation, w *wording, f *finding, e *evidence) {
	have := j.have(e)
	patched := j.platform == posture.Android && e.patch.known
	if patched && (f.what == patchBelow || f.what == nothingNew) {
		have = monthOf(e.patch.Value.UTC()).inFull()
	}
	open, saw := openVersionPhrase, sawOpenPhrase
	r.Rating = j.fails
	switch f.what {
	case nothingNew:
		r.Rating, r.Headline, r.Saw = posture.Good, w.done, w.sawDone
		switch {
		case patched:
			r.Saw = w.phrase(sawPatchedPhrase)
		case f.table:
			r.Saw = w.phrase(sawComparedPhrase)
		}
		r.Saw = fillIn(r.Saw, "have", have, "date", snapshotInWords)
		return
	case noFinding:
		reason := w.unknown
		if e.version.known && w.phrase(sawUnlistedPhrase) != "" {
			reason = fillIn(w.phrase(sawUnlistedPhrase), "have", have)
		}
		w.lacking(r, posture.NoData, reason)
		return
	case garbled:
		w.lacking(r, posture.Unreadable, w.phrase(sawUnreadablePhrase))
		return
	case ended:
		open, saw = openEndedPhrase, sawEndedPhrase
		if a := w.cases[endedCase]; a != nil {
			r.Advice = a
		}
	case belowAsked:
		saw = sawRequiredPhrase
	case versionOld:
		r.Rating = posture.Suggested
	case waiting:
		r.Rating = posture.Suggested
		open, saw = openWaitingPhrase, sawWaitingPhrase
		if len(e.waiting.Value) > 1 {
			saw = sawWaitingManyPhrase
		}
	case patchBelow:
		open, saw = openPatchPhrase, sawPatchPhrase
		if f.behind > 1 {
			saw = sawPatchesPhrase
		}
		if f.behind < 0 {
			r.Rating = posture.Suggested
		}
	}
	fills := []string{
		"have", have, "wanted", j.table.nameOf(j.system, f.wanted), "month", j.patchWanted(f).name(),
		"behind", strconv.Itoa(int(f.behind)), "update", list(e.waiting.Value), "count", strconv.Itoa(len(e.waiting.Value)),
	}
	r.Headline, r.Saw = fillIn(w.phrase(open), fills...), fillIn(w.phrase(saw), fills...)
}

// have names the version that the machine has.
func (j *judgement) have(e *evidence) string {
	if v, ok := versionFor(j.platform, e.version.Value); ok {
		return j.table.nameOf(j.system, v)
	}
	return j.system
}

func (j *judgement) patchWanted(f *finding) patchMonth {
	required, recommended := j.required.on(j.platform), j.recommended.on(j.platform)
	switch {
	case f.behind < 0:
		return monthOf(recommended.patch)
	case !required.patch.IsZero():
		return monthOf(required.patch)
	}
	return expectedPatch(j.now)
}

// list names at most three updates: "A, B and 4 more".
func list(names []string) string {
	const most = 3
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return names[0]
	case n <= most:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	default:
		return strings.Join(names[:most-1], ", ") + " and " + strconv.Itoa(n-most+1) + " more"
	}
}
