package practices

import (
	"io/fs"
	"time"

	"stethoscope/config"
	"stethoscope/posture"
)

// A YesNo declares a practice about one fact that is so or is not. It is all
// that most practices need:
//
//	var Kind = practices.YesNo{
//		Key: "findmy", Title: "Find My", Fact: FindMyOn, Wants: true,
//		Fails: posture.Suggested, Platforms: []posture.Platform{posture.MacOS}, Texts: texts,
//	}.Kind()
type YesNo struct {
	Key   string
	Title string
	Fact  posture.Fact[bool]
	Wants bool           // which answer is good
	Fails posture.Rating // what the other answer is rated: Critical or Suggested
	// Platforms are those to which the practice applies.
	Platforms []posture.Platform
	// Exempt says of a device on such a platform that the practice does not apply
	// to it all the same; the reason is the phrase "not" in the text. Nil: never.
	Exempt func(posture.Device) bool
	// Texts holds <key>.md, the practice's words.
	Texts fs.FS
}

// Kind returns the practice as what the configuration opens.
func (y YesNo) Kind() Kind {
	return Kind{Key: y.Key, Open: func(settings config.Block) ([]Practice, error) {
		var s struct {
			Rating    ratingSetting     `yaml:"rating"`
			Title     string            `yaml:"title"`
			Platforms []platformSetting `yaml:"platforms"`
			Link      linkSetting       `yaml:"link"`
		}
		if err := settings.Decode(&s); err != nil {
			return nil, err
		}
		if s.Title != "" {
			y.Title = s.Title
		}
		own := setOf(y.Platforms)
		return []Practice{&yesNo{
			YesNo: y, settings: settings, given: s.Platforms, link: s.Link,
			fails: s.Rating.or(y.Fails), own: own, applies: own.or(s.Platforms),
		}}, nil
	}}
}

type yesNo struct {
	YesNo
	settings     config.Block
	given        []platformSetting
	link         linkSetting
	fails        posture.Rating
	own, applies platformSet
	words        *[variants]wording
}

var yesNoWords = vocabulary{phrases: []string{openPhrase, donePhrase, sawOpenPhrase, sawDonePhrase, saysOpenPhrase, saysDonePhrase, unknownPhrase}}

func (p *yesNo) Key() string { return p.YesNo.Key }

func (p *yesNo) ReadWords(over fs.FS) error {
	name := p.YesNo.Key + ".md"
	t, err := readText(over, p.Texts, []string{name}, yesNoWords)
	if err != nil {
		return err
	}
	words, err := t.wordings(p.Title, p.own, p.link, yesNoWords)
	p.words = words
	return config.Gather("", err, lacksSteps(p.settings, words, p.given, name)).Err()
}

func (p *yesNo) Judge(d posture.Device, now time.Time) posture.Recommendation {
	return p.judge(d, variantOf(d), now)
}

func (p *yesNo) judge(d posture.Device, v variant, now time.Time) posture.Recommendation {
	w := &p.words[v]
	r := posture.Recommendation{Key: p.YesNo.Key, Title: p.Title, Headline: w.open, Advice: w.advice}
	switch {
	case !p.applies.has(v.platform()):
		exempt(&r, reasonNot(w, p.own.has(v.platform())))
		return r
	case p.Exempt != nil && p.Exempt(d):
		exempt(&r, w.not)
		return r
	}
	var buffer [4]sighting
	seen := buffer[:0]
	for i := range d.Reports {
		o, ok := inOne(p.Fact, d, i)
		if !ok {
			continue
		}
		s := sighting{Reading: posture.Reading{Source: o.Source, Good: o.Value == p.Wants, Words: w.readOpen, Detail: o.Detail, At: o.At}, state: failing}
		if s.Good {
			s.Words, s.state = w.readDone, fine
		}
		seen = add(seen, s)
	}
	r.Readings = readings(seen)
	if len(seen) > 0 {
		r.SeenAt = seen[0].At
	}
	if doubt, sure := weigh(seen, now); !sure {
		w.lacking(&r, doubt, p.whyUnknown(w, d, doubt, seen, now))
		return r
	}
	if seen[0].Good {
		r.Rating, r.Headline, r.Saw = posture.Good, w.done, w.sawDone
		return r
	}
	r.Rating, r.Saw = p.fails, w.sawOpen
	return r
}

func (p *yesNo) whyUnknown(w *wording, d posture.Device, doubt posture.Doubt, seen []sighting, now time.Time) string {
	switch doubt {
	case posture.TooOld:
		return ageInWords(d, seen[0].At, now)
	case posture.Disagree:
		return disagreement(seen, func(s sighting) string {
			if s.Good {
				return w.saysDone
			}
			return w.saysOpen
		})
	}
	return w.unknown
}

// reasonNot returns why a practice does not apply: the configuration's wish, if
// the practice itself would.
func reasonNot(w *wording, wouldApply bool) string {
	if wouldApply {
		return notAsked
	}
	return w.not
}
