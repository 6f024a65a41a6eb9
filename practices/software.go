package practices

import (
	"io/fs"
	"strings"
	"time"

	"stethoscope/config"
	"stethoscope/posture"
)

// Software declares a practice about a program that should be on a machine.
type Software struct {
	Key   string
	Title string
	// AnyOf are names or identifiers of the program, one of which is enough. Upper
	// and lower case are one. A name that goes on counts if what follows is
	// neither a letter nor a digit: "Carbon Black Sensor" is also "Carbon Black
	// Sensor.app" and "Carbon Black Sensor (64-bit)"; "Zoom" is not "ZoomInfo".
	AnyOf []string
	// Running asks for a running service or agent; to be installed is not enough.
	Running   bool
	Fails     posture.Rating
	Platforms []posture.Platform
	// Texts holds <key>.md or, for programs without words of their own, software.md.
	Texts fs.FS
}

// Kind returns the practice as what the configuration opens; its block has the
// same keys as an entry of the list `software:`, less the key.
func (s Software) Kind() Kind {
	return Kind{Key: s.Key, Open: func(settings config.Block) ([]Practice, error) {
		p, err := s.open(settings)
		if err != nil {
			return nil, err
		}
		return []Practice{p}, nil
	}}
}

// softwareList is the kind that makes a practice of every entry of a list.
func softwareList() Kind {
	return Kind{Key: "software", Open: func(settings config.Block) ([]Practice, error) {
		if settings.Empty() {
			return nil, nil
		}
		if settings.Items() == nil {
			return nil, config.Problems{settings.Problem("", "must be a list of programs")}
		}
		var all []Practice
		var problems config.Problems
		for _, item := range settings.Items() {
			var key struct {
				Key string `yaml:"key"`
			}
			err := item.Only("key").Decode(&key)
			if err == nil && !plainKey(key.Key) {
				err = config.Problems{item.Problem("key", "must be a name of small letters, digits and dashes")}
			}
			p, errRest := Software{Key: key.Key, Fails: posture.Suggested, Platforms: computers, Texts: ours}.open(item.Without("key"))
			problems = append(problems, config.Gather(item.Place(), err, errRest)...)
			all = append(all, p)
		}
		return all, problems.Err()
	}}
}

// plainKey keeps keys to what may stand in an address and an anchor.
func plainKey(key string) bool {
	for i := range len(key) {
		if c := key[i]; (c < 'a' || c > 'z') && (i == 0 || (c < '0' || c > '9') && c != '-') {
			return false
		}
	}
	return key != "" && len(key) <= 40
}

func (s Software) open(settings config.Block) (*software, error) {
	var set struct {
		Rating      ratingSetting      `yaml:"rating"`
		Title       string             `yaml:"title"`
		Platforms   []platformSetting  `yaml:"platforms"`
		Link        linkSetting        `yaml:"link"`
		AnyOf       []string           `yaml:"any_of"`
		Running     bool               `yaml:"running"`
		Required    versionsByPlatform `yaml:"required"`
		Recommended versionsByPlatform `yaml:"recommended"`
	}
	set.Title, set.AnyOf, set.Running = s.Title, s.AnyOf, s.Running
	problems := config.Gather(settings.Place(), settings.Decode(&set))
	if set.Title == "" {
		problems = append(problems, settings.Problem("title", "is missing: what people call the program"))
	}
	if len(set.AnyOf) == 0 {
		problems = append(problems, settings.Problem("any_of", "is missing: names or identifiers of the program"))
	}
	for _, name := range set.AnyOf {
		if len(strings.TrimSpace(name)) < 2 {
			problems = append(problems, settings.Problem("any_of", "has a name of less than two letters"))
		}
	}
	problems = append(problems, checkVersions(settings, set.Required, set.Recommended, false)...)
	if set.Running && len(set.Required)+len(set.Recommended) > 0 {
		problems = append(problems, settings.Problem("running", "services have no version, so required and recommended can’t be judged with it"))
	}
	s.Title, s.AnyOf, s.Running = set.Title, set.AnyOf, set.Running
	own := setOf(s.Platforms)
	p := &software{
		Software: s, settings: settings, given: set.Platforms, link: set.Link,
		fails: set.Rating.or(s.Fails), own: own, applies: own.or(set.Platforms),
		required: set.Required, recommended: set.Recommended, names: namesOf(set.AnyOf),
	}
	return p, problems.Err()
}

type software struct {
	Software
	settings              config.Block
	given                 []platformSetting
	link                  linkSetting
	fails                 posture.Rating
	own, applies          platformSet
	required, recommended versionsByPlatform
	names                 names
	words                 *[variants]wording
}

// The phrases that practices about software have beyond the common ones.
const (
	sawStoppedPhrase = "saw stopped" // it does not run
	openOldPhrase    = "open old"
	sawOldPhrase     = "saw old" // {have}, {wanted}
)

var softwareWords = vocabulary{
	phrases: []string{openPhrase, donePhrase, sawOpenPhrase, sawDonePhrase, saysOpenPhrase, saysDonePhrase, unknownPhrase, sawStoppedPhrase, openOldPhrase, sawOldPhrase},
	fills:   []string{"have", "wanted"},
}

func (p *software) Key() string { return p.Software.Key }

func (p *software) ReadWords(over fs.FS) error {
	files := []string{p.Software.Key + ".md", "software.md"}
	t, err := readText(over, p.Texts, files, softwareWords)
	if err != nil {
		return err
	}
	words, err := t.wordings(p.Title, p.own, p.link, softwareWords)
	p.words = words
	return config.Gather("", err, lacksSteps(p.settings, words, p.given, t.name)).Err()
}

func (p *software) Judge(d posture.Device, now time.Time) posture.Recommendation {
	return p.judge(d, variantOf(d), now)
}

func (p *software) judge(d posture.Device, v variant, now time.Time) posture.Recommendation {
	w := &p.words[v]
	r := posture.Recommendation{Key: p.Software.Key, Title: p.Title, Headline: w.open, Advice: w.advice}
	if !p.applies.has(v.platform()) {
		exempt(&r, reasonNot(w, p.own.has(v.platform())))
		return r
	}
	var buffer [4]sighting
	seen := buffer[:0]
	for i := range d.Reports {
		if s, ok := p.look(d, i, w, v.platform()); ok {
			seen = add(seen, s)
		}
	}
	r.Readings = readings(seen)
	if len(seen) > 0 {
		r.SeenAt = seen[0].At
	}
	if doubt, sure := weigh(seen, now); !sure {
		w.lacking(&r, doubt, p.whyUnknown(w, d, doubt, seen, now))
		return r
	}
	switch newest := &seen[0]; {
	case newest.state == fine:
		r.Rating, r.Headline, r.Saw = posture.Good, w.done, w.sawDone
	case newest.Detail != "": // a version that is too old
		limit := p.required.on(v.platform())
		r.Rating = p.fails
		if newest.state == lagging {
			r.Rating, limit = posture.Suggested, p.recommended.on(v.platform())
		}
		r.Headline = w.phrase(openOldPhrase)
		r.Saw = fillIn(w.phrase(sawOldPhrase), "have", newest.Detail, "wanted", string(limit.version))
	case p.Running:
		r.Rating, r.Saw = p.fails, w.phrase(sawStoppedPhrase)
	default:
		r.Rating, r.Saw = p.fails, w.sawOpen
	}
	return r
}

// look reads one report. A service that runs proves that its program is there;
// a list of services without it does not prove the contrary.
func (p *software) look(d posture.Device, i int, w *wording, platform posture.Platform) (sighting, bool) {
	running, toldRunning := inOne(posture.Running, d, i)
	if toldRunning {
		for _, name := range running.Value {
			if p.names.match(name) && !p.versioned(platform) {
				return sighting{posture.Reading{Source: running.Source, Good: true, Words: w.readDone, At: running.At}, fine}, true
			}
		}
	}
	if p.Running {
		return sighting{posture.Reading{Source: running.Source, Words: w.readOpen, At: running.At}, failing}, toldRunning
	}
	installed, told := inOne(posture.Installed, d, i)
	if !told {
		return sighting{}, false
	}
	s := sighting{posture.Reading{Source: installed.Source, Words: w.readOpen, At: installed.At}, failing}
	for j := range installed.Value {
		found := &installed.Value[j]
		if !p.names.match(found.Name) && !p.names.match(found.ID) {
			continue
		}
		state := p.age(found.Version, platform)
		if s.Words == w.readDone && state <= s.state {
			continue // the best copy counts
		}
		s.Good, s.Words, s.state, s.Detail = state == fine, w.readDone, state, string(found.Version)
	}
	return s, true
}

func (p *software) versioned(platform posture.Platform) bool {
	return p.required.on(platform).set() || p.recommended.on(platform).set()
}

// age compares a version with what is asked for.
func (p *software) age(raw posture.Version, platform posture.Platform) state {
	if !p.versioned(platform) {
		return fine
	}
	v, ok := posture.ParseVersion(string(raw))
	switch {
	case !ok:
		return unreadable
	case v.Less(p.required.on(platform).version):
		return failing
	case v.Less(p.recommended.on(platform).version):
		return lagging
	}
	return fine
}

func (p *software) whyUnknown(w *wording, d posture.Device, doubt posture.Doubt, seen []sighting, now time.Time) string {
	switch doubt {
	case posture.TooOld:
		return ageInWords(d, seen[0].At, now)
	case posture.Disagree:
		return disagreement(seen, func(s sighting) string {
			switch {
			case s.Good:
				return w.saysDone
			case s.Detail != "":
				return "it has version " + s.Detail
			}
			return w.saysOpen
		})
	case posture.Unreadable:
		return p.Title + " is there, but no source tells a version that we can compare."
	}
	return w.unknown
}

// names finds programs by name. The first byte decides about nearly all of a
// machine's programs before anything is compared.
type names struct {
	terms  []string
	starts [256]bool
}

func namesOf(anyOf []string) names {
	var n names
	for _, name := range anyOf {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		n.terms = append(n.terms, name)
		if name[0] >= 0x80 { // a letter whose other case may start with any byte
			for i := 0x80; i < 256; i++ {
				n.starts[i] = true
			}
			continue
		}
		n.starts[strings.ToLower(name[:1])[0]] = true
		n.starts[strings.ToUpper(name[:1])[0]] = true
	}
	return n
}

func (n *names) match(name string) bool {
	return name != "" && n.starts[name[0]] && n.compare(name)
}

func (n *names) compare(name string) bool {
	for _, term := range n.terms {
		if len(name) >= len(term) && strings.EqualFold(name[:len(term)], term) && endsWord(name[len(term):]) {
			return true
		}
	}
	return false
}

// endsWord reports whether a name may end where rest begins. A byte of a letter
// beyond ASCII goes on.
func endsWord(rest string) bool {
	if rest == "" {
		return true
	}
	c := rest[0]
	return c < 0x80 && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')
}
