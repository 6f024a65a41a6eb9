package google

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"stethoscope/posture"
)

// told writes what a report claims and practices judge, one line a device.
func told(r posture.Report) string {
	d := posture.Device{Reports: []posture.Report{r}}
	line := d.Name() + ", " + d.System()
	if patch, ok := read(r, posture.SecurityPatch); ok {
		line += ", patch " + patch.Format(time.DateOnly)
	}
	for _, f := range []struct {
		name string
		fact posture.Fact[bool]
	}{
		{"encrypted", posture.DiskEncrypted}, {"locks", posture.ScreenLocks}, {"compromised", posture.Compromised},
		{"adb", posture.DebugBridge}, {"unknown sources", posture.UnknownSources}, {"managed", posture.Managed},
	} {
		if value, ok := read(r, f.fact); ok {
			line += fmt.Sprintf(", %s %v", f.name, value)
		}
	}
	if waiting, ok := read(r, posture.UpdatesWaiting); ok {
		line += fmt.Sprintf(", waiting %q", waiting)
	}
	return line + ", seen " + r.SeenAt.Format("2006-01-02T15:04")
}

func TestWhatGoogleTellsOfTheDemosPeople(t *testing.T) {
	s := connect(t, samples(), "chromeos_locks_on_sleep: true")
	for _, test := range []struct {
		person string
		want   []string
	}{
		{"sam.rivera@example.com", []string{
			"Pixel 8, Android 16, patch 2026-10-05, encrypted true, locks true, compromised false, adb false, managed true, seen 2026-11-21T20:05",
		}},
		{"ada.okafor@example.com", []string{
			"HP Chromebook x360 14c, ChromeOS 151.0.7922.75, encrypted true, locks true, compromised false, managed true, waiting [], seen 2026-11-22T04:10",
		}},
		{"jun.park@example.com", []string{
			"Galaxy S24, Android 16, patch 2026-10-01, encrypted true, locks true, compromised false, adb false, managed true, seen 2026-10-10T07:48",
		}},
		{"one-unknown@example.com", []string{"iOS device, iOS 26.6.1, seen 2026-11-20T09:12"}},
		{"user@example.com", []string{
			"Galaxy A55, Android 16, patch 2026-11-05, encrypted true, locks true, compromised false, adb true, managed true, seen 2026-11-22T02:51",
			"Pixel 7, Android 16, patch 2026-11-05, encrypted true, locks true, compromised true, adb false, managed true, seen 2026-11-21T18:22",
			`Acer Chromebook Spin 714, ChromeOS 150.0.7871.102, encrypted true, locks true, compromised false, managed true, waiting ["ChromeOS (platform 16433.41.0)"], seen 2026-11-22T03:15`,
		}},
		{"priya.nair@example.com", nil},
		{"green@example.com", nil},
		{"one-red@example.com", nil},
		{"nothing@example.com", nil},
	} {
		t.Run(test.person, func(t *testing.T) {
			var got []string
			for _, r := range find(t, s, test.person) {
				got = append(got, told(r))
				if !slices.Contains(r.Owners, test.person) {
					t.Errorf("%s is held for %q", r.Key, r.Owners)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestUnknownDeviceIsReturnedWithItsNetworkAddress(t *testing.T) {
	reports := find(t, connect(t, samples()), "one-unknown@example.com")
	if len(reports) != 1 {
		t.Fatalf("%d reports", len(reports))
	}
	expect(t, reports[0], posture.NetworkAddresses, []string{"D6:3A:51:0E:4C:1F"})
	if (posture.Device{Reports: reports}).Recognised() || len(reports[0].Identifiers) > 0 {
		t.Errorf("it is recognised by %v", reports[0].Identifiers)
	}
}

// TestReadmeTellsWhatIsClaimed compares three lists: what the plugin says that
// it may claim, what it claims of the samples, and what its README tells.
func TestReadmeTellsWhatIsClaimed(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(string(readme)) {
		if cell, found := strings.CutPrefix(line, "| `"); found {
			fact, _, _ := strings.Cut(cell, "`")
			rows = append(rows, fact)
		}
	}
	heard := map[string]bool{}
	s := connect(t, samples(), "chromeos_locks_on_sleep: true")
	for _, person := range []string{"sam.rivera", "ada.okafor", "jun.park", "one-unknown", "user", "kim.lee"} {
		for _, r := range find(t, s, person+"@example.com") {
			for _, c := range r.Claims {
				heard[c.Fact] = true
			}
		}
	}
	claims := slices.Sorted(slices.Values(Plugin.Claims))
	slices.Sort(rows)
	if !slices.Equal(rows, claims) {
		t.Errorf("the README tells of\n%q\nthe plugin claims\n%q", rows, claims)
	}
	for _, fact := range claims {
		if !heard[fact] {
			t.Errorf("no sample makes the plugin claim %s", fact)
		}
	}
}
