package practices

import (
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"time"

	"stethoscope/config"
	"stethoscope/posture"
)

// A Set is the practices of one organisation, as its configuration has them.
type Set struct {
	practices []Practice
	about     []About
}

// About is what a page tells of a practice without a device.
type About struct{ Key, Title string }

// Open makes the practices that the configuration asks for, in the order of
// kinds. settings is the `practices:` block: a kind is turned off by false, on
// by true or by silence, and set up by a block of its own. texts is an
// organisation's folder of words, laid file by file over those that the
// practices bring; it may be nil. Every problem is in the returned
// config.Problems.
func Open(kinds []Kind, settings config.Block, texts fs.FS) (*Set, error) {
	problems := checkKeys(kinds, settings)
	set := &Set{}
	known := map[string]bool{}
	for _, kind := range kinds {
		known[kind.Key] = true
		opened, problem := open(kind, settings.At(kind.Key))
		if problem != nil {
			problems = append(problems, config.Gather(settings.At(kind.Key).Place(), problem)...)
			continue
		}
		for _, p := range opened {
			if slices.ContainsFunc(set.practices, func(have Practice) bool { return have.Key() == p.Key() }) || p.Key() != kind.Key && isKind(kinds, p.Key()) {
				problems = append(problems, settings.Problem(kind.Key, "there are two practices with the key %s", p.Key()))
				continue
			}
			known[p.Key()] = true
			set.practices = append(set.practices, p)
		}
	}
	for _, p := range set.practices {
		if w, ok := p.(Worded); ok {
			if err := w.ReadWords(texts); err != nil {
				problems = append(problems, config.Gather("texts/"+p.Key()+".md", err)...)
			}
		}
	}
	problems = append(problems, unused(texts, known)...)
	if len(problems) > 0 {
		return nil, problems
	}
	for _, p := range set.practices {
		set.about = append(set.about, About{p.Key(), p.Judge(posture.Device{}, time.Time{}).Title})
	}
	return set, nil
}

func isKind(kinds []Kind, key string) bool {
	return slices.ContainsFunc(kinds, func(k Kind) bool { return k.Key == key })
}

// open makes one kind's practices; none if it is turned off.
func open(kind Kind, settings config.Block) ([]Practice, error) {
	if _, ok := settings.Bool(); ok {
		var on bool
		if err := settings.Decode(&on); err != nil || !on {
			return nil, err
		}
		settings = settings.At("") // on, with its defaults
	}
	if settings.Items() == nil && settings.Only().Decode(new(struct{})) != nil {
		return nil, config.Problems{settings.Problem("", "must be true, false or a block of settings")}
	}
	return kind.Open(settings)
}

// checkKeys finds keys that are no practice, and those that are written twice:
// the strict decoding of package config, over a struct with a field a kind.
func checkKeys(kinds []Kind, settings config.Block) config.Problems {
	var fields []reflect.StructField
	for i, kind := range kinds {
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("Kind%d", i), Type: reflect.TypeFor[config.Block](),
			Tag: reflect.StructTag(fmt.Sprintf("yaml:%q", kind.Key)),
		})
	}
	return config.Gather(settings.Place(), settings.Decode(reflect.New(reflect.StructOf(fields)).Interface()))
}

// unused finds files in an organisation's folder that no practice reads: a name
// with a typing error would otherwise change nothing, silently.
func unused(texts fs.FS, known map[string]bool) config.Problems {
	if texts == nil {
		return nil
	}
	files, err := fs.ReadDir(texts, ".")
	if err != nil {
		return config.Problems{{Place: "texts", Text: fmt.Sprintf("the folder cannot be read: %v", err)}}
	}
	var problems config.Problems
	for _, file := range files {
		key, isText := strings.CutSuffix(file.Name(), ".md")
		if isText && !known[key] && key != "README" {
			problems = append(problems, config.Problem{Place: "texts/" + file.Name(), Text: "there is no practice with this key"})
		}
	}
	return problems
}

// Practices returns what there is, in the order in which people see it.
func (s *Set) Practices() []About { return slices.Clone(s.about) }

// Judge returns a checkup for every device: its recommendations, what matters
// most first, and the devices in the order in which a person should look at
// them. Of a machine that nobody can name, nothing is said. It is safe to call
// from several goroutines at once.
func (s *Set) Judge(devices []posture.Device, now time.Time) []posture.Checkup {
	type placed struct {
		posture.Checkup
		rank int
		seen time.Time
	}
	all := make([]placed, len(devices))
	judged := make([]posture.Recommendation, len(s.practices))
	for i, d := range devices {
		all[i].Device = d
		all[i].seen, _ = d.LastSeen()
		recognised := d.Recognised()
		if recognised {
			v := variantOf(d)
			for j, p := range s.practices {
				if own, ok := p.(judger); ok {
					judged[j] = own.judge(d, v, now)
				} else {
					judged[j] = p.Judge(d, now)
				}
			}
			all[i].Recommendations = byRank(judged)
		}
		all[i].rank = turn(all[i].Checkup, recognised)
	}
	slices.SortFunc(all, func(a, b placed) int {
		switch {
		case a.rank != b.rank:
			return a.rank - b.rank
		case !a.seen.Equal(b.seen):
			return b.seen.Compare(a.seen)
		}
		return strings.Compare(a.Device.ID(), b.Device.ID())
	})
	checkups := make([]posture.Checkup, len(all))
	for i := range all {
		checkups[i] = all[i].Checkup
	}
	return checkups
}

// A judger is a practice of this package: what sort of device it is, is found
// out once for all of them.
type judger interface {
	judge(d posture.Device, v variant, now time.Time) posture.Recommendation
}

// byRank copies what was judged, what matters most first and otherwise in the
// practices' order.
func byRank(judged []posture.Recommendation) []posture.Recommendation {
	sorted := make([]posture.Recommendation, 0, len(judged))
	for _, rating := range posture.Ratings() {
		for i := range judged {
			if judged[i].Rating == rating {
				sorted = append(sorted, judged[i])
			}
		}
	}
	return sorted
}

// turn says when a device's turn is: it has something to fix now, we don't know
// which machine it is, something is suggested, we can't tell, nothing to do.
func turn(c posture.Checkup, recognised bool) int {
	if !recognised {
		return 1
	}
	switch c.Worst() {
	case posture.Critical:
		return 0
	case posture.Suggested:
		return 2
	case posture.Unknown:
		return 3
	}
	return 4
}
