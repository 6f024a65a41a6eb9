package practices

import (
	"strings"
	"testing"
	"time"

	"stethoscope/posture"
)

func TestPracticesAboutOneFact(t *testing.T) {
	set := openSet(t, "", nil)
	encrypted, open := posture.DiskEncrypted.Is(true), posture.DiskEncrypted.Is(false)
	mac := posture.RunsOn.Is(posture.MacOS)
	for _, c := range []struct {
		name   string
		device posture.Device
		rating posture.Rating
		saw    string
	}{
		{"encrypted, seen today", device(encrypted), posture.Good, "FileVault is on."},
		{"not encrypted", device(open), posture.Critical, "FileVault is off. Anyone who picks up this Mac could read your files."},
		{"nobody says", device(), posture.Unknown, "None of our sources says whether the disk is encrypted."},
		{"seen a week ago to the minute", deviceOf(report("Jamf", ago(7*aDay), mac, encrypted)), posture.Good, "FileVault is on."},
		{"seen 24 days ago", deviceOf(report("Jamf", ago(24*aDay), mac, encrypted)), posture.Unknown, "Not seen for 24 days."},
		{"off, but seen 24 days ago", deviceOf(report("Jamf", ago(24*aDay), mac, open)), posture.Unknown, "Not seen for 24 days."},
		{"late in the day 24 calendar days ago", deviceOf(report("Jamf", time.Date(2026, 10, 29, 23, 0, 0, 0, time.UTC), mac, encrypted)), posture.Unknown, "Not seen for 24 days."},
		{"the machine seen today, the disk looked at 9 days ago", deviceOf(report("Jamf", ago(time.Hour), mac, encrypted.SeenAt(ago(9*aDay)))), posture.Unknown, "Not checked for 9 days."},
		{"of unknown time", deviceOf(report("Jamf", time.Time{}, mac, encrypted)), posture.Unknown, "We don’t know when this was last checked."},
		{"from a clock two days fast", deviceOf(report("Jamf", now.Add(2*aDay), mac, encrypted)), posture.Unknown, "The newest reading has a date in the future"},
		{"from a clock a minute fast", deviceOf(report("Jamf", now.Add(time.Minute), mac, encrypted)), posture.Good, "FileVault is on."},
		{"two sources agree", deviceOf(report("Jamf", ago(3*time.Hour), mac, encrypted), report("osquery", ago(time.Minute), encrypted)), posture.Good, "FileVault is on."},
		{"two sources contradict each other", deviceOf(report("Jamf", ago(3*time.Hour), mac, encrypted), report("osquery", ago(time.Minute), open)),
			posture.Unknown, "Our sources disagree: osquery says FileVault is off, Jamf says FileVault is on."},
		{"they contradict each other a day apart to the minute", deviceOf(report("Jamf", ago(25*time.Hour), mac, encrypted), report("osquery", ago(time.Hour), open)), posture.Unknown, "Our sources disagree"},
		{"an older contradiction is superseded", deviceOf(report("Jamf", ago(26*time.Hour), mac, encrypted), report("osquery", ago(time.Hour), open)), posture.Critical, "FileVault is off."},
		{"a fix that the newer source saw is believed after a day", deviceOf(report("Jamf", ago(49*time.Hour), mac, open), report("osquery", ago(time.Hour), encrypted)), posture.Good, "FileVault is on."},
		{"the one of three that is a day close contradicts", deviceOf(report("a", ago(time.Hour), mac, encrypted), report("b", ago(2*time.Hour), encrypted), report("c", ago(20*time.Hour), open)), posture.Unknown, "Our sources disagree: a says FileVault is on, c says FileVault is off."},
		{"one source with two records speaks with its freshest", deviceOf(report("Jamf", ago(3*time.Hour), mac, open), report("Jamf", ago(time.Hour), encrypted)), posture.Good, "FileVault is on."},
		{"one source with two records of one moment speaks with the worse", deviceOf(report("Jamf", ago(time.Hour), mac, encrypted), report("Jamf", ago(time.Hour), open)), posture.Critical, "FileVault is off."},
		{"the wrong type is no reading", device(posture.Claim{Fact: "disk_encrypted", Value: "yes"}), posture.Unknown, "None of our sources"},
		{"what it runs is not known", deviceOf(report("Jamf", ago(time.Hour), open)), posture.Critical, "The disk is not encrypted."},
		{"what it runs and whether it is encrypted are not known", deviceOf(report("Jamf", ago(time.Hour))), posture.Unknown, "None of our sources"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judge(t, set, "encryption", c.device)
			if r.Rating != c.rating || !strings.HasPrefix(r.Saw, c.saw) {
				t.Errorf("%s: %q, want %s: %q", r.Rating.Word(), r.Saw, c.rating.Word(), c.saw)
			}
		})
	}
}

func TestWhyWeCannotTellIsSaid(t *testing.T) {
	set := openSet(t, "", nil)
	locks, never := posture.ScreenLocks.Is(true), posture.ScreenLocks.Is(false)
	mac := posture.RunsOn.Is(posture.MacOS)
	for _, c := range []struct {
		name   string
		device posture.Device
		doubt  posture.Doubt
		says   string
	}{
		{"no data", device(), posture.NoData, "Screen lock"},
		{"too old", deviceOf(report("Jamf", ago(8*aDay), mac, locks)), posture.TooOld, "Screen lock"},
		{"disagree", deviceOf(report("Jamf", ago(time.Hour), mac, locks), report("osquery", ago(time.Hour), never)), posture.Disagree, "Lock the screen when you walk away"},
	} {
		if r := judge(t, set, "screenlock", c.device); r.Rating != posture.Unknown || r.Doubt != c.doubt || r.Headline != c.says {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	r := judge(t, set, "screenlock", deviceOf(report("osquery", ago(12*time.Minute), never), report("Jamf", ago(3*time.Hour), mac, locks.Because("5 minutes"))))
	if want := "Our sources disagree: osquery says it never locks, Jamf says it locks by itself."; r.Saw != want {
		t.Errorf("saw %q, want %q", r.Saw, want)
	}
	if len(r.Readings) != 2 || r.Readings[0].Words != "Never locks" || r.Readings[0].Good || r.Readings[1].Words != "Locks by itself" || r.Readings[1].Detail != "5 minutes" || !r.Readings[1].Good {
		t.Errorf("readings %+v", r.Readings)
	}
	if !r.SeenAt.Equal(ago(12 * time.Minute)) {
		t.Errorf("seen at %v", r.SeenAt)
	}
}

func TestWhereAPracticeHasItsOwnExceptions(t *testing.T) {
	set := openSet(t, "", nil)
	for _, c := range []struct {
		name, key string
		device    posture.Device
		rating    posture.Rating
	}{
		{"unknown sources on Android 7", "unknownsources", on(posture.Android, posture.OSVersion.Is("7.1.2"), posture.UnknownSources.Is(true)), posture.Suggested},
		{"unknown sources on Android 8, where it is per app", "unknownsources", on(posture.Android, posture.OSVersion.Is("8.0.0"), posture.UnknownSources.Is(true)), posture.NotApplicable},
		{"unknown sources on an Android of unknown version", "unknownsources", on(posture.Android), posture.Unknown},
		{"a Chromebook’s lock, which nobody tells", "screenlock", on(posture.ChromeOS), posture.NotApplicable},
		{"a Chromebook’s lock, which somebody tells", "screenlock", on(posture.ChromeOS, posture.ScreenLocks.Is(false)), posture.Critical},
		{"a Chromebook that claims its encryption", "encryption", on(posture.ChromeOS, posture.DiskEncrypted.Is(true)), posture.Good},
		{"a Chromebook whose encryption nobody tells", "encryption", on(posture.ChromeOS), posture.Unknown},
	} {
		if r := judge(t, set, c.key, c.device); r.Rating != c.rating {
			t.Errorf("%s: %s (%s), want %s", c.name, r.Rating.Word(), r.Saw, c.rating.Word())
		}
	}
}

func TestWhatNobodyHasSeenAsksForNothingAndClaimsNothing(t *testing.T) {
	set := openSet(t, "", nil)
	for _, c := range []struct {
		key, headline string
		platform      posture.Platform
	}{
		{"encryption", "Disk encryption", posture.MacOS},
		{"uptodate", "Updates of macOS", posture.MacOS},
		{"uptodate", "Updates of the system", posture.Linux},
		{"firewall", "Firewall", posture.Windows},
		{"remotelogin", "Remote login", posture.MacOS},
		{"remotelogin", "Remote Desktop", posture.Windows},
		{"unknownsources", "Unknown sources", posture.Android},
		{"adbstatus", "USB debugging", posture.Android},
		{"sentinel", "SentinelOne", posture.MacOS},
	} {
		if r := judge(t, set, c.key, on(c.platform)); r.Rating != posture.Unknown || r.Headline != c.headline {
			t.Errorf("%s on %v: %s, %q, want %q", c.key, c.platform, r.Rating.Word(), r.Headline, c.headline)
		}
	}
	retitled := openSet(t, "practices: {encryption: {title: Lock box}}", nil)
	if r := judge(t, retitled, "encryption", device()); r.Headline != "Lock box" {
		t.Errorf("under an organisation’s title: %q", r.Headline)
	}
}

func TestStepsThatEraseSaySoAndAskFirst(t *testing.T) {
	set := openSet(t, "", nil)
	for _, p := range []posture.Platform{posture.IOS, posture.Android, posture.ChromeOS} {
		steps := judge(t, set, "jailed", on(p, posture.Compromised.Is(true))).Advice.Steps
		if !strings.HasPrefix(steps[0], "If you did not") || !strings.Contains(steps[0], "tell the security team first") {
			t.Errorf("%v: the first step is %q", p, steps[0])
		}
		if !strings.Contains(steps[1], "everything on") {
			t.Errorf("%v: that it erases is not said before it does: %q", p, steps[1])
		}
	}
}

func TestNothingIsClaimedOfAChromebooksLock(t *testing.T) {
	if r := judge(t, openSet(t, "", nil), "screenlock", on(posture.ChromeOS)); r.Saw != "Google doesn’t tell us about the screen lock of Chromebooks." {
		t.Errorf("%q", r.Saw)
	}
}

func TestStepsThatEraseAreNotGivenOnSuspicion(t *testing.T) {
	set := openSet(t, "", nil)
	for _, p := range []posture.Platform{posture.IOS, posture.Android, posture.ChromeOS} {
		if r := judge(t, set, "jailed", on(p)); r.Rating != posture.Unknown || r.Advice != nil || r.Headline != "Is the system the original?" {
			t.Errorf("%v: %+v", p, r)
		}
		if r := judge(t, set, "jailed", on(p, posture.Compromised.Is(true))); r.Rating != posture.Critical || r.Advice == nil {
			t.Errorf("%v: %+v", p, r)
		}
	}
}

func TestTheWordsFitTheDevice(t *testing.T) {
	set := openSet(t, "", nil)
	off := posture.ScreenLocks.Is(false)
	for _, c := range []struct {
		name   string
		device posture.Device
		place  string
		saw    string
	}{
		{"a Mac", device(off), "On your Mac", "The screen does not lock by itself. Anyone who passes by could use this Mac as you."},
		{"a PC", on(posture.Windows, off), "On your Windows PC", "The screen does not lock by itself. Anyone who passes by could use this PC as you."},
		{"an iPad by its system", on(posture.IOS, off, posture.OSName.Is("iPadOS")), "On your iPad", "There is no passcode. Anyone who picks up this iPad could use it as you."},
		{"an iPad by its model", on(posture.IOS, off, posture.OSName.Is("iOS"), posture.Model.Is("iPad mini (6th generation)")), "On your iPad", "There is no passcode. Anyone who picks up this iPad could use it as you."},
		{"an iPhone", on(posture.IOS, off, posture.Model.Is("iPhone 16")), "On your iPhone", "There is no passcode. Anyone who picks up this iPhone could use it as you."},
		{"one or the other", on(posture.IOS, off), "On your iPhone or iPad", "There is no passcode. Anyone who picks up this iPhone or iPad could use it as you."},
	} {
		r := judge(t, set, "screenlock", c.device)
		if r.Saw != c.saw || r.Advice.Place != c.place {
			t.Errorf("%s: %q, %q", c.name, r.Advice.Place, r.Saw)
		}
	}
}

func TestAdviceIsSharedAndNotMadeAnew(t *testing.T) {
	set := openSet(t, "", nil)
	a, b := judge(t, set, "firewall", device()), judge(t, set, "firewall", device())
	if a.Advice == nil || a.Advice != b.Advice {
		t.Error("two devices of one sort have different advice")
	}
}
