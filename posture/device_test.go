package posture_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stethoscope/posture"
)

func identified(source, key string, ids ...posture.Identifier) posture.Report {
	return posture.Report{Source: posture.Source{Name: source}, Key: key, Identifiers: ids}
}

func must(t *testing.T, from constructor, text string) posture.Identifier {
	t.Helper()
	id, ok := from(text)
	if !ok {
		t.Fatalf("%q names no machine", text)
	}
	return id
}

func device(reports ...posture.Report) posture.Device { return posture.Device{Reports: reports} }

func TestADevicesAddressIsStableAndTellsNothing(t *testing.T) {
	serial, other := must(t, posture.Serial, "C02XG2JHJGH5"), must(t, posture.Serial, "C02XG2JHJGH6")
	mac, udid := must(t, posture.MAC, "00:11:22:33:44:CC"), must(t, posture.UDID, "2b6f0cc904d137be2e1730235f5664094b831186")
	first := device(identified("jamf", "computer/1", mac, serial), identified("osquery", "7", udid))
	id := first.ID()
	if !regexp.MustCompile(`^[0-9a-v]{16}$`).MatchString(id) {
		t.Errorf("the address is %q", id)
	}
	for name, same := range map[string]posture.Device{
		"in another order of reports":            device(identified("osquery", "7", udid), identified("jamf", "computer/1", serial, mac)),
		"when one source falls silent":           device(identified("jamf", "computer/1", serial)),
		"when another source brings its serial":  device(identified("google", "x", serial), identified("osquery", "7", udid)),
		"when a record gets another key":         device(identified("jamf", "computer/2", serial)),
		"when a weaker identifier is added":      device(identified("jamf", "computer/1", serial, must(t, posture.IMEI, "35693803564380"))),
		"when it was enrolled twice at a source": device(identified("jamf", "computer/1", serial), identified("jamf", "computer/2", serial)),
	} {
		if same.ID() != id {
			t.Errorf("%s it is %q, not %q", name, same.ID(), id)
		}
	}
	for name, another := range map[string]posture.Device{
		"another serial":      device(identified("jamf", "computer/1", other)),
		"no serial":           device(identified("jamf", "computer/1", mac, udid)),
		"a record alone":      device(identified("jamf", "computer/1")),
		"nothing to go by":    device(),
		"the serial as a key": device(identified("jamf", "C02XG2JHJGH5")),
	} {
		if another.ID() == id {
			t.Errorf("%s has the same address", name)
		}
	}
	if device().ID() != "" || device(identified("jamf", "a")).ID() == device(identified("google", "a")).ID() {
		t.Error("devices without identifiers have the wrong addresses")
	}
	// Addresses that people keep: a change of the hash breaks every bookmark.
	if want := "9gg9cbtvnj0kmg68"; id != want {
		t.Errorf("the address was %q in earlier releases and is %q", want, id)
	}
}

func TestAnAddressThatSomebodyKeptStillWorks(t *testing.T) {
	serial, mac := must(t, posture.Serial, "C02XG2JHJGH5"), must(t, posture.MAC, "00:11:22:33:44:CC")
	before := device(identified("google", "mobile/1"))
	then := device(identified("google", "mobile/1", mac))
	now := device(identified("google", "mobile/1", mac), identified("jamf", "computer/1", serial))
	for _, kept := range []string{before.ID(), then.ID(), now.ID()} {
		if !now.HasID(kept) {
			t.Errorf("%q is not known any more", kept)
		}
	}
	for _, wrong := range []string{"", "x", strings.ToUpper(now.ID()), device(identified("jamf", "computer/2")).ID()} {
		if now.HasID(wrong) {
			t.Errorf("%q is taken for its address", wrong)
		}
	}
	if device().HasID("") {
		t.Error("a device without an address answers to none")
	}
}

func TestIdentifiersMostTrustedFirstEachOnce(t *testing.T) {
	serial, other := must(t, posture.Serial, "C02XG2JHJGH5"), must(t, posture.Serial, "B02XG2JHJGH5")
	mac, imei := must(t, posture.MAC, "00:11:22:33:44:CC"), must(t, posture.IMEI, "35693803564380")
	d := device(identified("a", "1", mac, serial), identified("b", "2", imei, serial), identified("c", "3", other, mac))
	if got := d.Identifiers(); !slices.Equal(got, []posture.Identifier{other, serial, imei, mac}) {
		t.Errorf("they are %v", got)
	}
	if d.Reports[0].Identifiers[0] != mac {
		t.Error("reading the identifiers changed the reports")
	}
}

func TestWhetherWeCanSayWhichMachineItIs(t *testing.T) {
	mac := must(t, posture.MAC, "00:11:22:33:44:CC")
	for _, test := range []struct {
		name string
		d    posture.Device
		want bool
	}{
		{"a serial", device(identified("jamf", "1", mac, must(t, posture.Serial, "C02XG2JHJGH5"))), true},
		{"an IMEI", device(identified("google", "1", must(t, posture.IMEI, "35693803564380"))), true},
		{"a MAC address alone", device(identified("google", "1", mac)), false},
		{"a model", device(said("google", 1, posture.Model.Is("Pixel 9"))), true},
		{"an empty model", device(said("google", 1, posture.Model.Is(" "))), false},
		{"a name alone", device(said("google", 1, posture.Name.Is("phone"))), false},
		{"nothing", device(), false},
	} {
		if got := test.d.Recognised(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestWhenADeviceWasLastSeen(t *testing.T) {
	never := said("landesk", 0)
	never.SeenAt = time.Time{}
	for _, test := range []struct {
		name string
		d    posture.Device
		at   time.Time
		by   string
	}{
		{"by the one that heard from it last", device(said("jamf", 5), said("osquery", 1), said("google", 3)), noon.Add(-time.Hour), "osquery"},
		{"not by one that does not say", device(never, said("jamf", 5)), noon.Add(-5 * time.Hour), "jamf"},
		{"by nobody", device(never), time.Time{}, ""},
		{"by nobody at all", device(), time.Time{}, ""},
	} {
		if at, by := test.d.LastSeen(); !at.Equal(test.at) || by.Name != test.by {
			t.Errorf("%s: %v by %q", test.name, at, by.Name)
		}
	}
}

func TestWhoReportedADevice(t *testing.T) {
	var names []string
	for _, s := range device(said("osquery", 1), said("jamf", 5), said("osquery", 9)).Sources() {
		names = append(names, s.Name)
	}
	if !slices.Equal(names, []string{"osquery", "jamf"}) {
		t.Errorf("they are %q", names)
	}
}

func TestWhatADeviceIsCalled(t *testing.T) {
	for _, test := range []struct {
		claims       []posture.Claim
		name, system string
	}{
		{[]posture.Claim{posture.Name.Is("Sam’s Mac"), posture.Model.Is("MacBook Pro"), posture.RunsOn.Is(posture.MacOS), posture.OSVersion.Is("26.1")}, "Sam’s Mac", "macOS 26.1"},
		{[]posture.Claim{posture.Name.Is(" "), posture.Model.Is("iPad Air"), posture.RunsOn.Is(posture.IOS), posture.OSName.Is("iPadOS")}, "iPad Air", "iPadOS"},
		{[]posture.Claim{posture.RunsOn.Is(posture.Android)}, "Android device", "Android"},
		{[]posture.Claim{posture.OSVersion.Is("8.1")}, "Device without a name", "8.1"},
		{nil, "Device without a name", ""},
	} {
		d := device(said("jamf", 1, test.claims...))
		if d.Name() != test.name || d.System() != test.system {
			t.Errorf("it is called %q and runs %q; want %q and %q", d.Name(), d.System(), test.name, test.system)
		}
	}
}

func TestWhoseAReportIs(t *testing.T) {
	r := posture.Report{Owners: []string{"", "not an address", "Sam.Rivera@Example.com "}}
	if !r.OwnedBy("sam.rivera@example.com") {
		t.Error("the owner is not known")
	}
	for _, email := range []string{"", "not an address", "sam.rivera@example.co", "am.rivera@example.com"} {
		if r.OwnedBy(email) {
			t.Errorf("it is taken for %q's", email)
		}
	}
}
