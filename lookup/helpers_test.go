package lookup

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"stethoscope/plugins"
	"stethoscope/posture"
)

// The sources of these tests: two that say whose a machine is, one that does not.
var (
	jamf    = posture.Source{Name: "jamf", Title: "Jamf", OwnerAuthority: true}
	google  = posture.Source{Name: "google", Title: "Google Workspace", OwnerAuthority: true}
	osquery = posture.Source{Name: "osquery", Title: "osquery"}
)

const (
	ada = "ada@example.com"
	eve = "eve@example.com"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// records makes one report of each line: words of the form serial=…, uuid=…,
// udid=…, mac=…, imei=…, owner=…, seen=-24h, name=….
func record(source posture.Source, line string) posture.Report {
	r := posture.Report{Source: source, Key: line, SeenAt: noon}
	for _, word := range strings.Fields(line) {
		key, value, _ := strings.Cut(word, "=")
		constructor := map[string]func(string) (posture.Identifier, bool){
			"serial": posture.Serial, "uuid": posture.HardwareUUID, "udid": posture.UDID, "mac": posture.MAC, "imei": posture.IMEI,
		}[key]
		switch {
		case constructor != nil:
			r.Identifiers = posture.AppendIdentifier(r.Identifiers, constructor, value)
		case key == "owner":
			r.Owners = append(r.Owners, value)
		case key == "name":
			r.Claims = append(r.Claims, posture.Name.Is(value))
		case key == "encrypted":
			r.Claims = append(r.Claims, posture.DiskEncrypted.Is(value == "yes"))
		case word == "seen=never":
			r.SeenAt = time.Time{}
		case key == "seen":
			ago, err := time.ParseDuration(value)
			if err != nil {
				panic(err)
			}
			r.SeenAt = noon.Add(ago)
		default:
			panic("a test's record has an unknown word: " + word)
		}
	}
	return r
}

// shape writes devices as "source|source; source" with each source's key, in an
// order that does not depend on how they were given.
func shape(devices []posture.Device) string {
	var all []string
	for _, d := range devices {
		var keys []string
		for _, r := range d.Reports {
			keys = append(keys, r.Source.Name+"("+r.Key+")")
		}
		slices.Sort(keys)
		text := strings.Join(keys, " + ")
		for _, s := range d.Contested {
			text += " !" + s.Name
		}
		all = append(all, text)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// finder is a source that has records and finds them as a vendor would.
type finder struct {
	records []posture.Report
	find    func(ctx context.Context, clues posture.Clues) ([]posture.Report, error) // nil: search the records
	asked   chan posture.Clues                                                       // nil: nobody listens
}

func (f *finder) Find(ctx context.Context, clues posture.Clues) ([]posture.Report, error) {
	if f.asked != nil {
		f.asked <- clues
	}
	if f.find != nil {
		return f.find(ctx, clues)
	}
	return f.search(clues), nil
}

func (f *finder) search(clues posture.Clues) []posture.Report {
	var found []posture.Report
	for _, r := range f.records {
		if plugins.Matches(clues, r) {
			r.Source = posture.Source{} // a plugin does not say who it is
			found = append(found, r)
		}
	}
	return found
}

func has(source posture.Source, lines ...string) Source {
	f := &finder{}
	for _, line := range lines {
		f.records = append(f.records, record(source, line))
	}
	return Source{source, f}
}

func desk1(sources ...Source) *Desk {
	return New(sources, Options{Patience: 4 * time.Second, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }})
}

func ask(t *testing.T, email string, sources ...Source) Answer {
	t.Helper()
	return desk1(sources...).Ask(t.Context(), posture.Person{Email: email})
}

func troubles(a Answer) string {
	var words []string
	for _, t := range a.Troubles {
		words = append(words, t.Source.Name+"="+t.Kind.String())
	}
	return strings.Join(words, ",")
}
