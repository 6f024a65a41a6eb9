package lookup

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"stethoscope/plugins"
	"stethoscope/posture"
)

// The numbers are those of the project's list of attacks (docs/security.md).

func TestAbuse62_WhatIsImpossibleIsFlaggedAndTheRestShown(t *testing.T) {
	odd := record(jamf, "serial=C02A owner="+ada)
	odd.SeenAt = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	odd.Claims = []posture.Claim{
		posture.Name.Is("bad \xff\xfe and \x00 null"), posture.OSVersion.Is("26.1"),
		posture.DiskEncrypted.Is(true).SeenAt(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)),
		{Fact: posture.FirewallOn.Name(), Value: "not a boolean"}, {Fact: posture.ScreenLocks.Name(), Value: nil},
	}
	a := ask(t, ada, Source{jamf, &finder{records: []posture.Report{odd, record(jamf, "serial=C02B owner="+ada)}}})
	if len(a.Devices) != 2 {
		t.Fatalf("%d devices are shown, want both", len(a.Devices))
	}
	for _, d := range a.Devices {
		if name, ok := posture.Name.In(d); ok {
			if seen, _ := d.LastSeen(); !seen.IsZero() {
				t.Errorf("a record of the year 9999 counts as seen at %v", seen)
			}
			if !utf8.ValidString(name.Value) || strings.ContainsRune(name.Value, 0) {
				t.Errorf("the name is %q", name.Value)
			}
			if _, ok := posture.FirewallOn.In(d); ok {
				t.Error("a claim of the wrong type was read")
			}
			if o, _ := posture.DiskEncrypted.In(d); !o.At.IsZero() {
				t.Errorf("a reading of the year 0 counts as seen at %v", o.At)
			}
		}
	}
}

func TestAbuse63_AMachineThatClaimsAVictimsNamesGetsNoFieldOfTheirs(t *testing.T) {
	const victims = "serial=C02VICTIM uuid=" + uuid1 + " owner=" + ada + " name=Adas-Mac encrypted=no"
	attackers := []string{
		"serial=C02VICTIM uuid=" + uuid2 + " owner=" + eve + " encrypted=yes", // claims the serial alone
		"serial=C02EVES uuid=" + uuid1 + " owner=" + eve + " encrypted=yes",   // claims the UUID alone
		"serial=C02VICTIM uuid=" + uuid1 + " owner=" + eve + " encrypted=yes", // claims everything
		"serial=C02VICTIM owner=" + eve + " encrypted=yes",                    // says nothing else
	}
	for _, attack := range attackers {
		t.Run(attack, func(t *testing.T) {
			theirs := ask(t, eve, has(jamf, victims), has(osquery, attack))
			if len(theirs.Devices) != 0 {
				t.Errorf("the attacker sees %s", shape(theirs.Devices))
			}
			own := ask(t, ada, has(jamf, victims), has(osquery, attack))
			if len(own.Devices) != 1 {
				t.Fatalf("the victim sees %d devices", len(own.Devices))
			}
			d := own.Devices[0]
			if strings.Contains(attack, uuid1) && strings.Contains(attack, "C02VICTIM") || !strings.Contains(attack, "uuid") {
				return // it cannot be told from the machine itself; that sources disagree is what the person sees
			}
			if len(d.Contested) != 1 || d.Contested[0] != osquery {
				t.Errorf("the victim is not told of the conflicting report: %v", d.Contested)
			}
			if all := posture.DiskEncrypted.All(d); len(all) != 1 {
				t.Errorf("the attacker's reading is on the victim's page: %v", all)
			}
		})
	}
}

func TestAbuse64_AnAddressAloneNeverTiesAMachinesOwnReportToAPerson(t *testing.T) {
	for _, address := range []string{"00:17:F2:00:00:01", "02:17:F2:00:00:01", "00:00:00:00:00:01", "FF:FF:FF:FF:FF:FF", "00:50:56:C0:00:01"} {
		victims := "serial=C02VICTIM mac=" + address + " owner=" + ada
		a := ask(t, ada, has(jamf, victims), has(osquery, "mac="+address+" encrypted=yes"))
		if got := shape(a.Devices); got != "jamf("+victims+")" {
			t.Errorf("with %s the victim sees %s", address, got)
		}
		if a := ask(t, eve, has(jamf, victims), has(osquery, "mac="+address+" owner="+eve)); len(a.Devices) != 0 {
			t.Errorf("with %s the attacker sees %s", address, shape(a.Devices))
		}
	}
	// Nor does one that a trusted source saw on two machines, or that phones make up.
	for _, address := range []string{"02:17:F2:00:00:01", "01:17:F2:00:00:01", "00:00:00:17:F2:01"} {
		if got := Group([]posture.Report{record(jamf, "serial=C02A mac="+address), record(google, "mac="+address)}); len(got) != 2 {
			t.Errorf("%s tied two reports together", address)
		}
	}
}

func TestAbuse65_FactoryJunkNeverTiesTwoMachines(t *testing.T) {
	for _, junk := range []string{"0", "-1", "None", "To_be_filled_by_O.E.M.", "SystemSerialNumber", "0000000000", "123456789", "Default_string"} {
		if got := Group([]posture.Report{record(jamf, "serial="+junk+" owner="+ada), record(google, "serial="+junk+" owner="+eve)}); len(got) != 2 {
			t.Errorf("the serial %q tied two machines together", junk)
		}
	}
	for _, junk := range []string{"To be filled by O.E.M.", "System Serial Number", "Not Specified", "  ", "Default string", "N/A"} {
		if id, ok := posture.Serial(junk); ok {
			t.Errorf("%q is taken as the serial %v", junk, id)
		}
	}
}

func TestAbuse66_AMachineCannotSayWhoseItIs(t *testing.T) {
	a := ask(t, eve, has(osquery, "serial=C02X owner="+eve+" name=free"), has(jamf, "serial=C02X"))
	if len(a.Devices) != 0 {
		t.Errorf("a machine that nobody vouches for is shown: %s", shape(a.Devices))
	}
	// It cannot take a machine away from its person either.
	a = ask(t, ada, has(osquery, "serial=C02X owner="+eve), has(jamf, "serial=C02X owner="+ada))
	if len(a.Devices) != 1 {
		t.Error("a machine's own word hid it from its person")
	}
}

func TestAbuse67_ContradictionsStayVisibleWithWhoSaidThem(t *testing.T) {
	a := ask(t, ada, has(jamf, "serial=C02A owner="+ada+" encrypted=no seen=-1h"), has(osquery, "serial=C02A encrypted=yes"))
	if len(a.Devices) != 1 {
		t.Fatalf("%d devices", len(a.Devices))
	}
	all := posture.DiskEncrypted.All(a.Devices[0])
	if len(all) != 2 || all[0].Source != osquery || !all[0].Value || all[1].Source != jamf || all[1].Value {
		t.Errorf("the readings are %+v", all)
	}
}

func TestAbuse68_ASourceThatReturnsTheFleetIsRefused(t *testing.T) {
	flood := func(owner string) Source {
		return Source{google, &finder{find: func(context.Context, posture.Clues) ([]posture.Report, error) {
			var all []posture.Report
			for i := range 51 {
				all = append(all, record(google, fmt.Sprintf("serial=C02F%04d owner=%s", i, owner)))
			}
			return all, nil
		}}}
	}
	for _, owner := range []string{ada, eve} {
		a := ask(t, ada, has(jamf, "serial=C02A owner="+ada), flood(owner))
		if got := shape(a.Devices); got != "jamf(serial=C02A owner="+ada+")" {
			t.Errorf("the devices are %s", got)
		}
		if got := troubles(a); got != "google=excessive" {
			t.Errorf("the troubles are %q", got)
		}
	}
	var fifty []string
	for i := range 50 {
		fifty = append(fifty, fmt.Sprintf("serial=C02F%04d owner=%s", i, ada))
	}
	if a := ask(t, ada, has(jamf, fifty...)); len(a.Devices) != 50 || len(a.Troubles) != 0 {
		t.Errorf("of 50 devices, %d are shown with troubles %q", len(a.Devices), troubles(a))
	}
}

func TestAbuse69_AReassignedMachineIsTheNewPersonsAtOnce(t *testing.T) {
	records := []string{"serial=C02A owner=" + ada + " seen=-1h", "serial=C02A owner=" + eve}
	if a := ask(t, ada, has(jamf, records...)); len(a.Devices) != 0 {
		t.Error("the old owner still sees it")
	}
	if a := ask(t, eve, has(jamf, records...)); len(a.Devices) != 1 {
		t.Error("the new owner does not see it")
	}
	// Nothing of the old owner's record is shown to the new one.
	records[0] += " name=Adas-Mac encrypted=yes"
	if a := ask(t, eve, has(jamf, records...)); shape(a.Devices) != "jamf("+records[1]+")" {
		t.Errorf("the new owner sees %s", shape(a.Devices))
	}
	// Two records of the same moment that differ are doubt: nobody sees it.
	records[0] = "serial=C02A owner=" + ada
	for _, who := range []string{ada, eve} {
		if a := ask(t, who, has(jamf, records...)); len(a.Devices) != 0 {
			t.Errorf("%s sees a machine that is held for two people", who)
		}
	}
	// Two systems that name different people are doubt too, whoever is newer.
	for _, who := range []string{ada, eve} {
		if a := ask(t, who, has(jamf, "serial=C02A owner="+ada), has(google, "serial=C02A seen=-48h owner="+eve)); len(a.Devices) != 0 {
			t.Errorf("%s sees a machine that another system holds for somebody else", who)
		}
	}
}

func TestAbuse69_TheNewestRecordSpeaksAlsoWhenItNamesNobodyOrHasNoDate(t *testing.T) {
	old := "serial=C02A owner=" + ada + " seen=-48h"
	for _, c := range []struct {
		name    string
		records []string
		shown   bool
	}{
		{"only the person's own", []string{old}, true},
		{"enrolled again for nobody", []string{old, "serial=C02A"}, false},
		{"enrolled again for somebody whose name is no address", []string{old, "serial=C02A owner=eve"}, false},
		{"enrolled again for the person", []string{"serial=C02A seen=-48h", "serial=C02A owner=" + ada}, true},
		{"enrolled again for a colleague, not yet heard from", []string{old, "serial=C02A owner=" + eve + " seen=never"}, false},
		{"enrolled again for nobody, not yet heard from", []string{old, "serial=C02A seen=never"}, false},
		{"the person's, not yet heard from", []string{"serial=C02A owner=" + ada + " seen=never"}, true},
	} {
		a := ask(t, ada, has(jamf, c.records...))
		if (len(a.Devices) == 1) != c.shown {
			t.Errorf("%s: %d devices are shown", c.name, len(a.Devices))
		}
	}
}

func TestAbuse69_WhenTheSecondQuestionFailsOnlyWhatIsHeldForThePersonIsShown(t *testing.T) {
	// The machine was given to eve; Jamf's newer record of it is not to be had now.
	stale := &finder{records: []posture.Report{record(jamf, "serial=C02A owner="+ada+" name=Adas-old-Mac seen=-48h"), record(jamf, "serial=C02A owner="+eve)}}
	stale.find = func(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
		if clues.Email == "" {
			return nil, &plugins.StatusError{Status: 429}
		}
		return stale.search(clues), nil
	}
	a := ask(t, ada, Source{jamf, stale}, has(osquery, "serial=C02A name=Eves-Mac encrypted=yes"))
	if got := troubles(a); got != "jamf=busy" {
		t.Errorf("the troubles are %q", got)
	}
	if got, want := shape(a.Devices), "jamf(serial=C02A owner="+ada+" name=Adas-old-Mac seen=-48h)"; got != want {
		t.Errorf("shown is %s, want %s", got, want)
	}
	// A second source that vouches and answered everything makes it sure.
	a = ask(t, ada, Source{jamf, stale}, has(google, "serial=C02A owner="+ada), has(osquery, "serial=C02A encrypted=yes"))
	if got := len(a.Devices[0].Reports); got != 3 {
		t.Errorf("vouched for by google, %d reports are shown", got)
	}
}

func TestAbuse69_WhenTimeIsUpBeforeTheSecondQuestionOnlyWhatIsHeldForThePersonIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := &finder{records: []posture.Report{record(jamf, "serial=C02A owner="+ada+" name=Adas-old-Mac seen=-48h"), record(jamf, "serial=C02A owner="+eve)}}
		late.find = func(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
			time.Sleep(4*time.Second + lastWords/2) // its last words, without an error
			return late.search(clues), nil
		}
		current := Source{osquery, &finder{find: func(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
			if clues.Email == "" {
				return nil, nil
			}
			return []posture.Report{record(osquery, "serial=C02A owner="+ada+" name=Eves-Mac")}, nil
		}}}
		a := ask(t, ada, Source{jamf, late}, current)
		if got, want := shape(a.Devices), "jamf(serial=C02A owner="+ada+" name=Adas-old-Mac seen=-48h)"; got != want {
			t.Errorf("shown is %s, want %s", got, want)
		}
		if got := troubles(a); !strings.HasPrefix(got, "jamf=slow") {
			t.Errorf("the troubles are %q", got)
		}
	})
}

func TestAbuse68_FiftyDevicesOneAtATimeAreStillTooMany(t *testing.T) {
	// Each machine leads to the next: no single answer is long.
	var machines []string
	for i := range 60 {
		machines = append(machines, fmt.Sprintf("serial=C02N%04d imei=%014d imei=%014d owner=%s", i, 35200000000000+i, 35200000000001+i, ada))
	}
	chain := has(google, machines...).Finder.(*finder)
	chain.find = func(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
		if clues.Email != "" {
			return chain.search(posture.Clues{Identifiers: chain.records[0].Identifiers[:1]}), nil
		}
		return chain.search(clues), nil
	}
	if a := ask(t, ada, Source{google, chain}); len(a.Devices) != 0 || troubles(a) != "google=excessive" {
		t.Errorf("%d devices, troubles %q", len(a.Devices), troubles(a))
	}
}

func TestAMachineThatCallsItselfAThousandThingsChangesNothingForItsPerson(t *testing.T) {
	liar := record(osquery, "serial=C02A encrypted=yes")
	fleet := []string{"serial=C02A owner=" + ada}
	for i := range 1500 {
		liar.Identifiers = posture.AppendIdentifier(liar.Identifiers, posture.Serial, fmt.Sprintf("C02F%04d", i))
		fleet = append(fleet, fmt.Sprintf("serial=C02F%04d owner=%s", i, eve))
	}
	asked := make(chan posture.Clues, 100)
	listening := has(jamf, fleet...).Finder.(*finder)
	listening.asked = asked
	a := ask(t, ada, Source{jamf, listening}, Source{osquery, &finder{records: []posture.Report{liar}}})
	if len(a.Devices) != 1 || len(a.Troubles) != 0 {
		t.Errorf("%d devices, troubles %q", len(a.Devices), troubles(a))
	}
	close(asked)
	for clues := range asked {
		if serials := clues.Of(posture.SerialKind); len(serials) > 0 && !slices.Equal(serials, []string{"C02A"}) {
			t.Errorf("jamf was asked for what the machine calls itself: %v", serials)
		}
	}
}

func TestASourceWithAThousandRecordsOfOneMachineIsNotBelieved(t *testing.T) {
	endless := &finder{find: func(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
		var all []posture.Report
		for i := range mostReports + 1 {
			r := record(google, "serial=C02A owner="+ada)
			r.Key = fmt.Sprint(i)
			all = append(all, r)
			if clues.Email != "" {
				break
			}
		}
		return all, nil
	}}
	if a := ask(t, ada, Source{google, endless}); len(a.Devices) != 0 || troubles(a) != "google=excessive" {
		t.Errorf("%d devices, troubles %q", len(a.Devices), troubles(a))
	}
	v := newVisit(desk1(Source{google, endless}), ada)
	var many []posture.Report
	for i := range 5 * mostReports {
		many = append(many, posture.Report{Key: fmt.Sprint(i)})
	}
	v.take(reply{reports: many})
	if n := len(v.askings[0].reports); n > mostReports+1 {
		t.Errorf("%d records are kept", n)
	}
}

func TestEveryTextOfAReportIsCleanedAndThePluginsOwnCopyIsNot(t *testing.T) {
	const bad, good = "a\x1b\u202eb", "a b"
	given := posture.Report{Claims: []posture.Claim{
		posture.Name.Is(bad).Because(bad), posture.OSVersion.Is(bad), posture.UpdatesWaiting.Is([]string{"fine", bad}),
		posture.Installed.Is([]posture.Software{{Name: "fine"}, {Name: bad, ID: bad, Version: bad}}), posture.DiskEncrypted.Is(true).Because(bad),
	}}
	got := fmt.Sprint(stamp(given, jamf, noon).Claims)
	want := fmt.Sprint([]posture.Claim{
		posture.Name.Is(good).Because(good), posture.OSVersion.Is(good), posture.UpdatesWaiting.Is([]string{"fine", good}),
		posture.Installed.Is([]posture.Software{{Name: "fine"}, {Name: good, ID: good, Version: good}}), posture.DiskEncrypted.Is(true).Because(good),
	})
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if given.Claims[0].Value != bad || given.Claims[2].Value.([]string)[1] != bad || given.Claims[3].Value.([]posture.Software)[1].Name != bad {
		t.Error("the plugin's own copy was changed")
	}
}

func TestAReportIsCutToASizeThatCanBeBelieved(t *testing.T) {
	long := posture.Report{SeenAt: noon.Add(25 * time.Hour)}
	for i := range 600 {
		long.Claims = append(long.Claims, posture.Name.Is(fmt.Sprint(i)))
		long.Identifiers = posture.AppendIdentifier(long.Identifiers, posture.Serial, fmt.Sprintf("C02X%04d", i))
		long.Owners = append(long.Owners, fmt.Sprintf("p%d@example.com", i))
	}
	many := make([]string, mostSoftware+1)
	long.Claims[0] = posture.Running.Is(many)
	long.Claims[1] = posture.Installed.Is(make([]posture.Software, mostSoftware+1))
	got := stamp(long, jamf, noon)
	if len(got.Claims) != mostClaims || len(got.Identifiers) != mostNames || len(got.Owners) != mostNames {
		t.Errorf("%d claims, %d identifiers, %d owners", len(got.Claims), len(got.Identifiers), len(got.Owners))
	}
	if n, m := len(got.Claims[0].Value.([]string)), len(got.Claims[1].Value.([]posture.Software)); n != mostSoftware || m != mostSoftware {
		t.Errorf("%d services, %d programs", n, m)
	}
	if !got.SeenAt.IsZero() {
		t.Errorf("a machine seen tomorrow counts as seen at %v", got.SeenAt)
	}
	if ahead := stamp(posture.Report{SeenAt: noon.Add(23 * time.Hour)}, jamf, noon); ahead.SeenAt.IsZero() {
		t.Error("a clock that runs some hours fast makes its machine unseen")
	}
}

func TestAbuse60And61_NamesAreCleanedOfWhatBreaksLinesAndLayout(t *testing.T) {
	for _, c := range []struct{ name, given, want string }{
		{"line breaks", "a\r\nb\u2028c", "a  b c"},
		{"terminal commands", "a\x1b[31mb", "a [31mb"},
		{"right-to-left override", "abc\u202egpj.exe", "abcgpj.exe"},
		{"isolates and marks", "a\u2066b\u2069c\u200fd", "abcd"},
		{"markup stays text", "<script>alert(1)</script>", "<script>alert(1)</script>"},
		{"fillers, tags and blanks without width", "a\u115fb\u2060c\U000e0041d\u200be\u00adf", "abcdef"},
		{"other scripts stay whole", "محمد – 太郎’s 👩‍💻", "محمد – 太郎’s 👩‍💻"},
	} {
		if got := clean(c.given); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if got := clean(strings.Repeat("x", 10_000)); utf8.RuneCountInString(got) != longestText || !strings.HasSuffix(got, "…") {
		t.Errorf("a name of 10 000 characters becomes one of %d: …%q", utf8.RuneCountInString(got), got[len(got)-6:])
	}
}
