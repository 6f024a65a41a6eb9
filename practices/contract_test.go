package practices

import (
	"slices"
	"testing"

	"stethoscope/posture"
)

// The table of the contract: keys, titles, what failing is called, and where a
// practice does not apply. Clients of the API rely on it.
func TestThePracticesAreThoseOfTheContract(t *testing.T) {
	const mac, windows, linux, ios, android, chrome = posture.MacOS, posture.Windows, posture.Linux, posture.IOS, posture.Android, posture.ChromeOS
	none := posture.Installed.Is([]posture.Software{})
	for _, c := range []struct {
		key, title string
		bad        posture.Claim
		rating     posture.Rating
		not        []posture.Platform
	}{
		{"encryption", "Disk encryption", posture.DiskEncrypted.Is(false), posture.Critical, nil},
		{"uptodate", "Up to date", posture.OSVersion.Is("1.0"), posture.Critical, nil},
		{"autoupdate", "Automatic updates", posture.UpdatesInstall.Is(false), posture.Suggested, []posture.Platform{ios, android, chrome}},
		{"firewall", "Firewall", posture.FirewallOn.Is(false), posture.Critical, []posture.Platform{ios, android, chrome}},
		{"screenlock", "Screen lock", posture.ScreenLocks.Is(false), posture.Critical, nil},
		{"remotelogin", "Remote login off", posture.RemoteLogin.Is(true), posture.Suggested, []posture.Platform{ios, android, chrome}},
		{"jailed", "Verified operating system", posture.Compromised.Is(true), posture.Critical, []posture.Platform{mac, windows, linux}},
		{"unknownsources", "Unknown sources off", posture.UnknownSources.Is(true), posture.Suggested, []posture.Platform{mac, windows, linux, ios, chrome}},
		{"adbstatus", "Android debug bridge off", posture.DebugBridge.Is(true), posture.Suggested, []posture.Platform{mac, windows, linux, ios, chrome}},
		{"sentinel", "SentinelOne", none, posture.Suggested, []posture.Platform{ios, android, chrome}},
		{"carbonblack", "Carbon Black", none, posture.Suggested, []posture.Platform{ios, android, chrome}},
	} {
		set := openSet(t, "", nil)
		for _, p := range posture.Platforms() {
			bad := c.bad
			if c.key == "uptodate" && p == windows {
				bad = posture.OSVersion.Is("10.0.19045.1")
			}
			claims := []posture.Claim{bad}
			if p == linux {
				claims = append(claims, posture.OSName.Is("Ubuntu"))
			}
			r := judge(t, set, c.key, on(p, claims...))
			want := c.rating
			if slices.Contains(c.not, p) {
				want = posture.NotApplicable
			}
			if r.Rating != want || r.Title != c.title {
				t.Errorf("%s on %v: %v, %q; want %v, %q", c.key, p, r.Rating.Word(), r.Title, want.Word(), c.title)
			}
			if r.Saw == "" || r.Headline == "" {
				t.Errorf("%s on %v says nothing: %+v", c.key, p, r)
			}
			if (r.Advice == nil) != (want == posture.NotApplicable) {
				t.Errorf("%s on %v: advice %v", c.key, p, r.Advice)
			}
		}
	}
}

func TestTheOrderInWhichPeopleSeeThePractices(t *testing.T) {
	var keys []string
	for _, about := range openSet(t, "", nil).Practices() {
		keys = append(keys, about.Key)
		if about.Title == "" {
			t.Errorf("%s has no title", about.Key)
		}
	}
	want := []string{"encryption", "uptodate", "autoupdate", "firewall", "screenlock", "remotelogin", "jailed", "unknownsources", "adbstatus", "sentinel", "carbonblack"}
	if !slices.Equal(keys, want) {
		t.Errorf("order %v, want %v", keys, want)
	}
}
