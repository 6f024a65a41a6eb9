package posture_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"stethoscope/posture"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// said is a report of one source, seen some hours before noon.
func said(source string, hoursAgo int, claims ...posture.Claim) posture.Report {
	return posture.Report{Source: posture.Source{Name: source}, Key: source, SeenAt: noon.Add(-time.Duration(hoursAgo) * time.Hour), Claims: claims}
}

func TestTheFreshestClaimIsRead(t *testing.T) {
	on, off := posture.FirewallOn.Is(true), posture.FirewallOn.Is(false)
	never := said("landesk", 0, off)
	never.SeenAt = time.Time{}
	for _, test := range []struct {
		name    string
		reports []posture.Report
		want    string // value and source, freshest first
	}{
		{"nobody knows", []posture.Report{said("jamf", 1)}, ""},
		{"no reports", nil, ""},
		{"one knows", []posture.Report{said("google", 1), said("jamf", 2, on)}, "true jamf"},
		{"the fresher comes first", []posture.Report{said("jamf", 5, on), said("osquery", 1, off)}, "false osquery, true jamf"},
		{"the fresher comes first whatever the order", []posture.Report{said("osquery", 1, off), said("jamf", 5, on)}, "false osquery, true jamf"},
		{"a claim's own time counts for the claim", []posture.Report{said("jamf", 1, on.SeenAt(noon.Add(-9*time.Hour))), said("osquery", 2, off)}, "false osquery, true jamf"},
		{"a time that is not known is the oldest", []posture.Report{never, said("jamf", 999, on)}, "true jamf, false landesk"},
		{"of the same age the first report is read", []posture.Report{said("jamf", 1, on), said("osquery", 1, off)}, "true jamf, false osquery"},
		{"a source speaks with its freshest record", []posture.Report{said("jamf", 9, on), said("jamf", 1, off), said("osquery", 5, on), said("jamf", 7, on)}, "false jamf, true osquery"},
		{"a source whose older record comes later", []posture.Report{said("jamf", 1, off), said("jamf", 9, on)}, "false jamf"},
		{"a claim of another type is ignored", []posture.Report{said("jamf", 1, posture.Claim{Fact: "firewall_on", Value: "yes"}), said("osquery", 5, on)}, "true osquery"},
		{"a claim of nothing is ignored", []posture.Report{said("jamf", 1, posture.Claim{Fact: "firewall_on"})}, ""},
		{"other facts are other facts", []posture.Report{said("jamf", 1, posture.ScreenLocks.Is(true))}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := posture.Device{Reports: test.reports}
			got := ""
			all := posture.FirewallOn.All(d)
			for i, o := range all {
				if i > 0 {
					got += ", "
				}
				got += fmt.Sprint(o.Value, " ", o.Source.Name)
			}
			if got != test.want {
				t.Errorf("all are %q, want %q", got, test.want)
			}
			first, ok := posture.FirewallOn.In(d)
			if ok != (len(all) > 0) || ok && first != all[0] {
				t.Errorf("the freshest is %+v, %v", first, ok)
			}
			if all != nil && len(all) == 0 {
				t.Error("all is empty and not nil")
			}
		})
	}
}

func TestAnObservationKnowsWhoSawItAndWhen(t *testing.T) {
	jamf := posture.Source{Name: "jamf-emea", Title: "Jamf", OwnerAuthority: true}
	r := said("", 3, posture.DiskEncrypted.Is(false).Because("Macintosh HD: decrypted"), posture.OSVersion.Is("26.1").SeenAt(noon))
	r.Source = jamf
	d := posture.Device{Reports: []posture.Report{r}}
	disk, _ := posture.DiskEncrypted.In(d)
	if disk != (posture.Observation[bool]{Value: false, Detail: "Macintosh HD: decrypted", Source: jamf, At: noon.Add(-3 * time.Hour)}) {
		t.Errorf("the disk is %+v", disk)
	}
	if version, ok := posture.OSVersion.In(d); !ok || version.Value != "26.1" || !version.At.Equal(noon) {
		t.Errorf("the version is %+v", version)
	}
}

func TestAPracticeMayDeclareAFactOfItsOwn(t *testing.T) {
	asked, claimed := posture.NewFact[int]("battery_cycles"), posture.NewFact[int]("battery_cycles")
	d := posture.Device{Reports: []posture.Report{said("jamf", 1, claimed.Is(412))}}
	if o, ok := asked.In(d); !ok || o.Value != 412 || asked.Name() != "battery_cycles" {
		t.Errorf("read %v, %v", o.Value, ok)
	}
}

func TestTheFreshestIsTheFirstOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var d posture.Device
		for range rapid.IntRange(0, 6).Draw(t, "reports") {
			r := said(rapid.SampledFrom([]string{"jamf", "google", "osquery"}).Draw(t, "source"), rapid.IntRange(0, 4).Draw(t, "hours ago"))
			if rapid.Bool().Draw(t, "knows") {
				r.Claims = append(r.Claims, posture.ScreenLocks.Is(rapid.Bool().Draw(t, "locks")))
			}
			d.Reports = append(d.Reports, r)
		}
		all := posture.ScreenLocks.All(d)
		first, ok := posture.ScreenLocks.In(d)
		if ok != (len(all) > 0) || ok && first != all[0] {
			t.Errorf("the freshest is %+v of %+v", first, all)
		}
		var sources []string
		for i, o := range all {
			if slices.Contains(sources, o.Source.Name) {
				t.Errorf("%s speaks twice", o.Source.Name)
			}
			sources = append(sources, o.Source.Name)
			if i > 0 && o.At.After(all[i-1].At) {
				t.Errorf("%+v are not freshest first", all)
			}
		}
	})
}
