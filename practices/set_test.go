package practices

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"stethoscope/posture"
)

// named is a device with a serial of its own, seen at a time.
func named(serial string, at time.Time, claims ...posture.Claim) posture.Device {
	id, _ := posture.Serial(serial)
	return deviceOf(posture.Report{
		Source: posture.Source{Name: "Jamf", Title: "Jamf"}, Key: serial, SeenAt: at, Identifiers: []posture.Identifier{id},
		Claims: append([]posture.Claim{posture.RunsOn.Is(posture.IOS), posture.Name.Is(serial)}, claims...),
	})
}

func TestDevicesInTheOrderInWhichToLookAtThem(t *testing.T) {
	good := []posture.Claim{posture.DiskEncrypted.Is(true), posture.ScreenLocks.Is(true), posture.Compromised.Is(false), posture.OSVersion.Is("26.6.1")}
	with := func(c posture.Claim) []posture.Claim { return append([]posture.Claim{c}, good...) }
	unknown := deviceOf(posture.Report{Source: posture.Source{Name: "Google"}, Key: "x", SeenAt: ago(time.Minute), Claims: []posture.Claim{posture.Name.Is("unrecognised"), posture.RunsOn.Is(posture.IOS), posture.DiskEncrypted.Is(false)}})
	devices := []posture.Device{
		named("can’t tell", ago(time.Minute)),
		named("GOODOLD1", ago(2*aDay), good...),
		named("SUGGEST1", ago(time.Minute), with(posture.OSVersion.Is("26.1"))...),
		unknown,
		named("FIXOLD01", ago(3*aDay), with(posture.ScreenLocks.Is(false))...),
		named("GOODNEW1", ago(time.Minute), good...),
		named("FIXNEW01", ago(time.Hour), with(posture.ScreenLocks.Is(false))...),
		named("CANTTELL", ago(30*aDay), good...),
	}
	devices[0] = named("CANTTEL2", ago(time.Minute), posture.ScreenLocks.Is(true))
	set := openSet(t, "", nil)
	for range 20 {
		rand.Shuffle(len(devices), func(i, j int) { devices[i], devices[j] = devices[j], devices[i] })
		var names []string
		for _, c := range set.Judge(devices, now) {
			names = append(names, c.Device.Name())
			if c.Device.Name() == "unrecognised" && c.Recommendations != nil {
				t.Error("something is said of a machine that nobody can name")
			}
		}
		if got, want := strings.Join(names, " "), "FIXNEW01 FIXOLD01 unrecognised SUGGEST1 CANTTEL2 CANTTELL GOODNEW1 GOODOLD1"; got != want {
			t.Fatalf("order %s, want %s", got, want)
		}
	}
}

func TestRecommendationsByWhatMattersAndThenInThePracticesOrder(t *testing.T) {
	set := openSet(t, "", nil)
	c := set.Judge([]posture.Device{device(posture.ScreenLocks.Is(false), posture.DiskEncrypted.Is(false), posture.RemoteLogin.Is(true), posture.OSVersion.Is("26.6.2"))}, now)[0]
	var keys []string
	for _, r := range c.Recommendations {
		keys = append(keys, r.Key)
	}
	want := "encryption screenlock remotelogin autoupdate firewall sentinel carbonblack uptodate jailed unknownsources adbstatus"
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("order %s, want %s", got, want)
	}
}

func TestJudgingChangesNothingAndIsTheSameTwice(t *testing.T) {
	set := openSet(t, "", nil)
	devices := crowd()
	first := set.Judge(devices, now)
	if !reflect.DeepEqual(devices, crowd()) {
		t.Error("judging changed the devices")
	}
	if !reflect.DeepEqual(first, set.Judge(devices, now)) {
		t.Error("the same devices were judged differently")
	}
	if got := set.Judge(nil, now); len(got) != 0 {
		t.Errorf("nothing became %v", got)
	}
}

// The property that everything else relies on: lookup may bring the reports of
// a machine in any order.
func TestTheAnswerDoesNotDependOnTheOrderOfTheReports(t *testing.T) {
	set := openSet(t, `practices: {software: [{key: zoom, title: Zoom, any_of: [zoom.us], required: {macos: "6"}, recommended: {macos: "7"}}]}`, nil)
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		d := randomDevice(random)
		want := set.Judge([]posture.Device{d}, now)[0].Recommendations
		for range 6 {
			random.Shuffle(len(d.Reports), func(i, j int) { d.Reports[i], d.Reports[j] = d.Reports[j], d.Reports[i] })
			if got := set.Judge([]posture.Device{d}, now)[0].Recommendations; !reflect.DeepEqual(got, want) {
				for i := range got {
					if !reflect.DeepEqual(got[i], want[i]) {
						t.Fatalf("in another order:\n%+v\nbefore:\n%+v", got[i], want[i])
					}
				}
			}
		}
	}
}

// randomDevice is a Mac or Android phone on which up to four reports of three
// sources say random things at a few times that often coincide.
func randomDevice(random *rand.Rand) posture.Device {
	platform := []posture.Platform{posture.MacOS, posture.Android}[random.IntN(2)]
	var d posture.Device
	for i := range 1 + random.IntN(4) {
		at := []time.Time{ago(time.Hour), ago(2 * time.Hour), ago(30 * time.Hour), ago(9 * aDay), {}, now.Add(2 * aDay)}[random.IntN(6)]
		claims := []posture.Claim{posture.RunsOn.Is(platform)}
		maybe := func(c posture.Claim) {
			if random.IntN(3) > 0 {
				claims = append(claims, c.Because([]string{"", "a", "b"}[random.IntN(3)]))
			}
		}
		yes := func() bool { return random.IntN(2) == 0 }
		maybe(posture.DiskEncrypted.Is(yes()))
		maybe(posture.ScreenLocks.Is(yes()))
		maybe(posture.OSVersion.Is([]posture.Version{"26.6.2", "26.1", "13.0", "garbage", "16"}[random.IntN(5)]))
		maybe(posture.SecurityPatch.Is(day([]string{"2026-11-05", "2026-10-05"}[random.IntN(2)])))
		maybe(posture.UpdatesWaiting.Is([][]string{{}, {"A"}, {"B"}, {"A", "B"}}[random.IntN(4)]))
		maybe(posture.Installed.Is([]posture.Software{{Name: "zoom.us.app", Version: []posture.Version{"5", "6.5", "7", ""}[random.IntN(4)]}}))
		maybe(posture.Running.Is([]string{"sentineld"}))
		r := report([]string{"a", "b", "c"}[random.IntN(3)], at, claims...)
		r.Key = fmt.Sprint(i)
		d.Reports = append(d.Reports, r)
	}
	return d
}

// crowd is ten devices of all sorts, each known to two sources with a hundred
// programs: what a busy page has to judge.
func crowd() []posture.Device {
	var programs []string
	for i := range 100 {
		programs = append(programs, fmt.Sprintf("Program %d.app", i))
	}
	programs = append(programs, "Carbon Black Sensor.app")
	var devices []posture.Device
	for i := range 10 {
		p := posture.Platforms()[i%6]
		serial, _ := posture.Serial(fmt.Sprintf("C02X%04dAB", i))
		var reports []posture.Report
		for j, source := range []string{"jamf", "osquery"} {
			reports = append(reports, posture.Report{
				Source: posture.Source{Name: source, Title: source}, Key: fmt.Sprint(i), SeenAt: ago(time.Duration(i*40+j) * time.Hour), Identifiers: []posture.Identifier{serial},
				Claims: []posture.Claim{
					posture.RunsOn.Is(p), posture.Name.Is("A device"), posture.Model.Is("Model 1"), posture.OSVersion.Is("26.6.1"), posture.SecurityPatch.Is(day("2026-10-05")),
					posture.DiskEncrypted.Is(i%3 != 0), posture.FirewallOn.Is(true), posture.ScreenLocks.Is(i%4 != j), posture.UpdatesInstall.Is(false),
					posture.RemoteLogin.Is(false), posture.Compromised.Is(false), posture.DebugBridge.Is(true), posture.UpdatesWaiting.Is([]string{}), installed(programs...),
				},
			})
		}
		devices = append(devices, posture.Device{Reports: reports})
	}
	return devices
}

func BenchmarkJudge(b *testing.B) {
	set := openSet(b, "", nil)
	devices := crowd()
	b.ReportAllocs()
	for b.Loop() {
		set.Judge(devices, now)
	}
}

func BenchmarkOpen(b *testing.B) {
	settings := block(b, "practices: {remotelogin: false}")
	for b.Loop() {
		if _, err := Open(Standard(), settings, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// Practices are pure. What can fetch, or knows the time, has no business here.
func TestPracticesImportOnlyTheWordsAndTheConfiguration(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{join .Imports "\n"}}`, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(bytes.TrimSpace(out))) {
		switch {
		case path == "stethoscope/posture", path == "stethoscope/config":
		case strings.Contains(path, ".") || strings.HasPrefix(path, "stethoscope/"):
			t.Errorf("practices imports %s: it may import the standard library, posture and config", path)
		case path == "os" || path == "net" || path == "net/http" || path == "math/rand" || path == "math/rand/v2":
			t.Errorf("practices imports %s: practices are pure, let a plugin fetch it", path)
		}
	}
}
