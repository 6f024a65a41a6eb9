package practices

import (
	"strings"
	"testing"
	"time"

	"stethoscope/posture"
)

func ubuntu(v posture.Version, more ...posture.Claim) posture.Device {
	return on(posture.Linux, append(more, posture.OSName.Is("Ubuntu"), posture.OSVersion.Is(v))...)
}

func android(version posture.Version, patch string, more ...posture.Claim) posture.Device {
	if patch != "" {
		more = append(more, posture.SecurityPatch.Is(day(patch)))
	}
	return on(posture.Android, append(more, posture.OSVersion.Is(version))...)
}

func TestUpToDate(t *testing.T) {
	version := posture.OSVersion.Is
	waiting := func(names ...string) posture.Claim { return posture.UpdatesWaiting.Is(append([]string{}, names...)) }
	for _, c := range []struct {
		name     string
		device   posture.Device
		rating   posture.Rating
		headline string
		saw      string
	}{
		{"macOS, the newest", device(version("26.6.2")), posture.Good, "macOS is up to date", "It has macOS 26.6.2."},
		{"macOS, newer than our table", device(version("27.0")), posture.Good, "macOS is up to date", "It has macOS 27.0."},
		{"macOS, newest with a rapid response", device(version("26.6.2 (a)")), posture.Good, "macOS is up to date", ""},
		{"macOS, one behind", device(version("26.6.1")), posture.Suggested, "Update to macOS 26.6.2", "This Mac has macOS 26.6.1. macOS 26.6.2 fixes"},
		{"macOS 15, the newest of its line", device(version("15.7.9")), posture.Good, "macOS is up to date", ""},
		{"macOS 15, behind in its line", device(version("15.7.2")), posture.Suggested, "Update to macOS 15.7.9", ""},
		{"macOS 14, the newest of its line", device(version("14.8.9")), posture.Good, "", ""},
		{"macOS 13, which gets no more updates", device(version("13.7.8")), posture.Critical, "See whether this Mac can still be updated", "macOS 13.7.8 gets no security updates any more."},
		{"macOS, an update waits", device(version("26.6.2"), waiting("Safari 26.7")), posture.Suggested, "Install the update that is waiting", "An update is waiting: Safari 26.7."},
		{"macOS, many updates wait", device(version("26.6.2"), waiting("A", "B", "C", "D")), posture.Suggested, "Install the update that is waiting", "4 updates are waiting: A, B and 2 more."},
		{"macOS, nothing waits", device(version("26.6.2"), waiting()), posture.Good, "", ""},
		{"macOS, no more updates though nothing waits", device(version("13.7.8"), waiting()), posture.Critical, "", ""},
		{"macOS, a version without a number", device(version("Tahoe")), posture.Unknown, "Updates of macOS", "What our sources say of its version is nothing that we can compare."},
		{"macOS, nobody says", device(), posture.Unknown, "Updates of macOS", "None of our sources says which version this Mac has."},
		{"macOS, only that nothing waits", device(waiting()), posture.Unknown, "", ""},
		{"macOS, only that something waits", device(waiting("macOS 26.6.2")), posture.Suggested, "Install the update that is waiting", ""},
		{"iPadOS, the newest", on(posture.IOS, version("26.6.1"), posture.OSName.Is("iPadOS")), posture.Good, "iPadOS is up to date", "It has iPadOS 26.6.1."},
		{"iOS 18, behind in its line", on(posture.IOS, version("18.7.5"), posture.Model.Is("iPhone 13")), posture.Suggested, "Update to iOS 18.7.10", ""},
		{"iOS 16, which gets no more updates", on(posture.IOS, version("16.7.14")), posture.Critical, "See whether this iPhone or iPad can still be updated", ""},
		{"Windows 11 25H2", on(posture.Windows, version("10.0.26200.7171")), posture.Good, "Windows is up to date", "It has Windows 11 25H2."},
		{"Windows 11 26H2, newer than our table", on(posture.Windows, version("10.0.26300.9457")), posture.Good, "", ""},
		{"Windows 11 24H2", on(posture.Windows, version("10.0.26100.4317")), posture.Suggested, "Update to Windows 11 25H2", ""},
		{"Windows 11 23H2, whose last day was this month", on(posture.Windows, version("10.0.22631.2861")), posture.Critical, "See whether this PC can still be updated", "Windows 11 23H2 gets no security updates any more."},
		{"Windows 10", on(posture.Windows, version("10.0.19045.6456")), posture.Critical, "", ""},
		{"Windows by its build alone", on(posture.Windows, version("22000.194")), posture.Critical, "", ""},
		{"Windows without a build", on(posture.Windows, version("11")), posture.Unknown, "", ""},
		{"Ubuntu 24.04", ubuntu("24.04.4"), posture.Good, "The system is up to date", "It has Ubuntu 24.04.4."},
		{"Ubuntu 25.10, an interim release that has ended", ubuntu("25.10"), posture.Critical, "See whether this computer can still be updated", ""},
		{"Ubuntu 20.04", ubuntu("20.04"), posture.Critical, "", ""},
		{"Ubuntu 24.04, updates wait", ubuntu("24.04", waiting("openssl", "linux-image")), posture.Suggested, "", "2 updates are waiting: openssl and linux-image."},
		{"Fedora, nothing waits", on(posture.Linux, posture.OSName.Is("Fedora"), version("43"), waiting()), posture.Good, "", "It has Fedora 43."},
		{"Fedora, nobody knows what waits", on(posture.Linux, posture.OSName.Is("Fedora"), version("43")), posture.Unknown, "", "It has Fedora 43. We have no list of its versions"},
		{"Android, November’s patch", android("16", "2026-11-05"), posture.Good, "Android is up to date", "It has the security update from November 2026."},
		{"Android, the month’s first level", android("16", "2026-11-01"), posture.Good, "", ""},
		{"Android, October’s patch", android("16", "2026-10-05"), posture.Critical, "Install the November security update", "Your phone is one update behind. It has the one from October 2026."},
		{"Android, four months behind", android("16", "2026-07-05"), posture.Critical, "Install the November security update", "Your phone is 4 updates behind. It has the one from July 2026."},
		{"Android 14, patched", android("14", "2026-11-05"), posture.Good, "", ""},
		{"Android 13, patched by its maker to the end", android("13", "2026-03-05"), posture.Critical, "See whether this phone can still be updated", "Android 13 gets no security updates any more."},
		{"Android 16 of unknown patch", android("16", ""), posture.Good, "Android is up to date", "It has Android 16."},
		{"Android 15 of unknown patch", android("15", ""), posture.Suggested, "Update to Android 16", ""},
		{"Android, only the patch is known", on(posture.Android, posture.SecurityPatch.Is(day("2026-11-05"))), posture.Good, "", ""},
		{"ChromeOS, the newest", on(posture.ChromeOS, version("151.0.7922.76")), posture.Good, "ChromeOS is up to date", ""},
		{"ChromeOS, older than our table", on(posture.ChromeOS, version("142.0.7444.162")), posture.Suggested, "Update to ChromeOS 151", ""},
		{"ChromeOS, older than our table, but Google says that nothing waits", on(posture.ChromeOS, version("142.0.7444.162"), waiting()), posture.Good, "", ""},
		{"ChromeOS, an update waits", on(posture.ChromeOS, version("151.0.7922.76"), waiting("152")), posture.Suggested, "", "An update is waiting: 152."},
		{"ChromeOS of long ago", on(posture.ChromeOS, version("120.0.6099.1"), waiting()), posture.Critical, "", ""},
		{"of a platform that we don’t know", deviceOf(report("x", ago(time.Hour), version("1.2"))), posture.Unknown, "", ""},
		{"seen 24 days ago", deviceOf(report("Jamf", ago(24*aDay), posture.RunsOn.Is(posture.MacOS), version("26.6.2"))), posture.Unknown, "", "Not seen for 24 days."},
		{"of unknown time", deviceOf(report("Jamf", time.Time{}, posture.RunsOn.Is(posture.MacOS), version("26.6.2"))), posture.Unknown, "", "We don’t know when"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judge(t, openSet(t, "", nil), "uptodate", c.device)
			if r.Rating != c.rating || c.headline != "" && r.Headline != c.headline || !strings.HasPrefix(r.Saw, c.saw) {
				t.Errorf("%s: %q: %q, want %s: %q: %q", r.Rating.Word(), r.Headline, r.Saw, c.rating.Word(), c.headline, c.saw)
			}
			if strings.ContainsAny(r.Headline+r.Saw, "{}") {
				t.Errorf("something is not filled in: %q %q", r.Headline, r.Saw)
			}
		})
	}
}

func TestUpToDateFromSeveralSources(t *testing.T) {
	set := openSet(t, "", nil)
	mac := posture.RunsOn.Is(posture.MacOS)
	version := posture.OSVersion.Is
	for _, c := range []struct {
		name    string
		reports []posture.Report
		rating  posture.Rating
		doubt   posture.Doubt
	}{
		{"updated since the other looked", []posture.Report{report("Jamf", ago(3*time.Hour), mac, version("26.5")), report("osquery", ago(time.Minute), version("26.6.2"))}, posture.Good, 0},
		{"the newer source says that it is behind, the other that it is not", []posture.Report{report("Jamf", ago(3*time.Hour), mac, version("26.6.2")), report("osquery", ago(time.Minute), version("26.5"))}, posture.Unknown, posture.Disagree},
		{"that nothing waits does not contradict a version", []posture.Report{report("Jamf", ago(3*time.Hour), mac, posture.UpdatesWaiting.Is([]string{})), report("osquery", ago(time.Minute), version("26.5"))}, posture.Suggested, 0},
		{"that something waits is no contradiction of the same version", []posture.Report{report("Jamf", ago(3*time.Hour), mac, version("26.6.2")), report("osquery", ago(time.Minute), version("26.6.2"), posture.UpdatesWaiting.Is([]string{"Safari"}))}, posture.Suggested, 0},
		{"what waits today counts beside a version of nine days ago", []posture.Report{report("Jamf", ago(9*aDay), mac, version("26.6.2")), report("osquery", ago(time.Minute), posture.UpdatesWaiting.Is([]string{"Safari"}))}, posture.Suggested, 0},
		{"that contradiction is days old", []posture.Report{report("Jamf", ago(3*aDay), mac, version("26.6.2")), report("osquery", ago(time.Minute), version("26.5"))}, posture.Suggested, 0},
		{"what waited was installed since", []posture.Report{report("Jamf", ago(3*time.Hour), mac, version("26.6.1"), posture.UpdatesWaiting.Is([]string{"macOS 26.6.2"})), report("osquery", ago(time.Minute), version("26.6.2"))}, posture.Good, 0},
		{"what waits was seen after the version", []posture.Report{report("Jamf", ago(time.Minute), mac, posture.UpdatesWaiting.Is([]string{"Safari"})), report("osquery", ago(time.Hour), version("26.6.2"))}, posture.Suggested, 0},
		{"what waited was seen eight days ago", []posture.Report{report("Jamf", ago(time.Minute), mac, version("26.6.2"), posture.UpdatesWaiting.Is([]string{"Safari"}).SeenAt(ago(8*aDay)))}, posture.Good, 0},
		{"only what waited, eight days ago", []posture.Report{report("Jamf", ago(8*aDay), mac, posture.UpdatesWaiting.Is([]string{"Safari"}))}, posture.Unknown, posture.TooOld},
		{"an old version is not made good by a fresh word that nothing waits", []posture.Report{report("Jamf", ago(time.Minute), mac, posture.UpdatesWaiting.Is([]string{})), report("osquery", ago(9*aDay), version("26.6.2"))}, posture.Unknown, posture.TooOld},
	} {
		r := judge(t, set, "uptodate", deviceOf(c.reports...))
		if r.Rating != c.rating || r.Rating == posture.Unknown && r.Doubt != c.doubt {
			t.Errorf("%s: %s (%d): %q, want %s", c.name, r.Rating.Word(), r.Doubt, r.Saw, c.rating.Word())
		}
	}
	r := judge(t, set, "uptodate", deviceOf(report("Jamf", ago(3*time.Hour), mac, version("26.6.2")), report("osquery", ago(time.Minute), version("26.5"))))
	if want := "Our sources disagree: osquery says it has macOS 26.5, Jamf says it has macOS 26.6.2."; r.Saw != want {
		t.Errorf("saw %q", r.Saw)
	}
}

func TestTheOrganisationsVersionsReplaceOurs(t *testing.T) {
	version := posture.OSVersion.Is
	for _, c := range []struct {
		name     string
		settings string
		device   posture.Device
		rating   posture.Rating
		headline string
	}{
		{"below what is required", `uptodate: {required: {macos: "14.7"}, recommended: {macos: "15.1"}}`, device(version("14.6")), posture.Critical, "Update to macOS 15.1"},
		{"below what is recommended", `uptodate: {required: {macos: "14.7"}, recommended: {macos: "15.1"}}`, device(version("14.7")), posture.Suggested, "Update to macOS 15.1"},
		{"as recommended, though our table knows newer", `uptodate: {required: {macos: "14.7"}, recommended: {macos: "15.1"}}`, device(version("15.1")), posture.Good, ""},
		{"required below our table’s oldest", `uptodate: {required: {macos: "12"}, recommended: {macos: "13"}}`, device(version("13.1")), posture.Good, ""},
		{"required above our table’s newest", `uptodate: {required: {macos: "27.0"}}`, device(version("26.6.2")), posture.Critical, "Update to macOS 27.0"},
		{"another platform’s versions change nothing", `uptodate: {required: {ios: "26"}}`, device(version("13.0")), posture.Critical, ""},
		{"a required patch level", `uptodate: {required: {android: "2026-09-05"}}`, android("16", "2026-08-05"), posture.Critical, "Install the September security update"},
		{"a required patch level that it has", `uptodate: {required: {android: "2026-09-05"}}`, android("16", "2026-09-05"), posture.Good, ""},
		{"a required day within the month", `uptodate: {required: {android: "2026-11-05"}}`, android("16", "2026-11-01"), posture.Critical, "Install the November security update"},
		{"a recommended patch level", `uptodate: {required: {android: "2026-09-05"}, recommended: {android: "2026-11-05"}}`, android("16", "2026-09-05"), posture.Suggested, "Install the November security update"},
		{"a required Android", `uptodate: {required: {android: "16"}}`, android("15", "2026-11-05"), posture.Critical, "Update to Android 16"},
		{"failing is only suggested", `uptodate: {rating: suggested}`, device(version("13.0")), posture.Suggested, ""},
		{"Fedora against what is required", `uptodate: {required: {linux: "42"}}`, on(posture.Linux, posture.OSName.Is("Fedora"), version("43")), posture.Good, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judge(t, openSet(t, "practices: {"+c.settings+"}", nil), "uptodate", c.device)
			if r.Rating != c.rating || c.headline != "" && r.Headline != c.headline {
				t.Errorf("%s: %q: %q, want %s: %q", r.Rating.Word(), r.Headline, r.Saw, c.rating.Word(), c.headline)
			}
		})
	}
}

func TestTheExpectedPatchLevel(t *testing.T) {
	for when, want := range map[string]string{
		"2026-11-22": "November 2026", "2026-11-19": "November 2026", "2026-11-18": "October 2026",
		"2026-11-01": "October 2026", "2027-01-05": "December 2026", "2027-01-19": "January 2027",
	} {
		if got := expectedPatch(day(when)).inFull(); got != want {
			t.Errorf("on %s: %s, want %s", when, got, want)
		}
	}
}

func TestTheTablesAreInOrder(t *testing.T) {
	for name, table := range map[string]releases{"macOS": macOSReleases, "iOS": iOSReleases, "Windows": windowsReleases, "Android": androidReleases, "ChromeOS": chromeOSReleases, "Ubuntu": ubuntuReleases} {
		for i, line := range table {
			if i > 0 && !table[i-1].starts.Less(line.starts) {
				t.Errorf("%s: %s does not follow %s", name, line.starts, table[i-1].starts)
			}
			if line.latest.Less(line.starts) || day(line.since).After(snapshot) {
				t.Errorf("%s: %s ends before it starts, or is from the future", name, line.starts)
			}
		}
		if last := table[len(table)-1]; last.ended(now) {
			t.Errorf("%s: the newest line has ended; bring releases.go up to date", name)
		}
	}
	if snapshot.Format("2 January 2006") != snapshotInWords {
		t.Errorf("%v is not %s", snapshot, snapshotInWords)
	}
}

func TestPeopleSeeHowOldOurTableIs(t *testing.T) {
	r := judge(t, openSet(t, "", nil), "uptodate", device(posture.OSVersion.Is("26.1")))
	if !strings.Contains(r.Advice.More.Text, snapshotInWords) || !strings.HasPrefix(r.Advice.More.URL, "https://") {
		t.Errorf("more: %+v", r.Advice.More)
	}
	r = judge(t, openSet(t, `practices: {uptodate: {required: {macos: "26"}, recommended: {macos: "26.6"}}}`, nil), "uptodate", device(posture.OSVersion.Is("26.1")))
	if strings.Contains(r.Advice.More.Text, snapshotInWords) {
		t.Errorf("the table is not used, and yet: %+v", r.Advice.More)
	}
}

func TestWhatIsGoodByOurTableSaysHowOldTheTableIs(t *testing.T) {
	version := posture.OSVersion.Is
	nothingWaits := posture.UpdatesWaiting.Is([]string{})
	const compared = " Compared with the releases of " + snapshotInWords + "."
	for _, c := range []struct {
		name, settings string
		device         posture.Device
		saw            string
	}{
		{"our table", "", device(version("26.6.2")), "It has macOS 26.6.2." + compared},
		{"our table, and nothing waits", "", device(version("26.6.2"), nothingWaits), "It has macOS 26.6.2." + compared},
		{"our table’s name", "", on(posture.Windows, version("10.0.26200.7171")), "It has Windows 11 25H2." + compared},
		{"our table for what is newest, settings for what is required", `{uptodate: {required: {macos: "26"}}}`, device(version("26.6.2")), "It has macOS 26.6.2." + compared},
		{"an organisation’s versions", `{uptodate: {required: {macos: "14"}, recommended: {macos: "15"}}}`, device(version("15.1")), "It has macOS 15.1."},
		{"a version that only the settings know", `{uptodate: {required: {macos: "12"}}}`, device(version("13.1")), "It has macOS 13.1."},
		{"Google’s word that nothing waits", "", on(posture.ChromeOS, version("142.0"), nothingWaits), "It has ChromeOS 142.0."},
		{"a system without a table", "", on(posture.Linux, posture.OSName.Is("Fedora"), version("43"), nothingWaits), "It has Fedora 43."},
		{"a patch level", "", android("16", "2026-11-05"), "It has the security update from November 2026."},
	} {
		if r := judge(t, openSet(t, "practices: "+c.settings, nil), "uptodate", c.device); r.Rating != posture.Good || r.Saw != c.saw {
			t.Errorf("%s: %s: %q, want %q", c.name, r.Rating.Word(), r.Saw, c.saw)
		}
	}
}

func TestASystemThatGetsNoMoreUpdatesHasStepsOfItsOwn(t *testing.T) {
	set := openSet(t, "", nil)
	version := posture.OSVersion.Is
	for _, d := range []posture.Device{
		device(version("13.7.8")), on(posture.Windows, version("10.0.19045.6456")), ubuntu("20.04"),
		on(posture.IOS, version("16.7.14")), android("13", "2026-03-05"), on(posture.ChromeOS, version("120.0.6099.1")),
	} {
		r := judge(t, set, "uptodate", d)
		if !strings.HasPrefix(r.Headline, "See whether this ") || r.Advice.Minutes != 5 {
			t.Errorf("%v: %q, %d minutes", d.Platform(), r.Headline, r.Advice.Minutes)
		}
		if steps := r.Advice.Steps; !strings.Contains(steps[0], "see whether") || !strings.Contains(steps[1], "tell the security team") {
			t.Errorf("%v: %q", d.Platform(), steps)
		}
	}
	behind := judge(t, set, "uptodate", device(version("26.1")))
	if behind.Advice.Minutes != 30 || len(behind.Advice.Steps) != 4 {
		t.Errorf("what is only behind: %+v", behind.Advice)
	}
	ended := judge(t, set, "uptodate", device(version("13.7.8")))
	if !strings.Contains(ended.Advice.More.Text, snapshotInWords) {
		t.Errorf("it does not say how old our table is: %+v", ended.Advice.More)
	}
}
