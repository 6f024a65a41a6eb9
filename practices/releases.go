package practices

import (
	"strings"
	"time"

	"stethoscope/posture"
)

// snapshot is the day on which the tables below were reviewed. People see it
// beside the advice that rests on them. What came out since is newer than
// anything here and so is good; an organisation that wants to ask for it says
// so with `required` and `recommended`.
var snapshot = day("2026-08-22")

// snapshotInWords is how people read it.
const snapshotInWords = "22 August 2026"

// A release line is a run of versions that gets security updates together.
type releaseLine struct {
	starts posture.Version // its first version
	latest posture.Version // what its machines should run: its newest, or that of a newer line
	name   string          // what people call it where the version says little; else empty
	since  string          // when the line came out
	ends   time.Time       // its last day with security updates; zero if none is announced
}

// releases are the lines of one system, oldest first. What is older than the
// first gets no security updates.
type releases []releaseLine

// The tables. Source, unless a line says otherwise: endoflife.date as of the
// snapshot, which reads the vendors' own pages: support.apple.com/100100,
// learn.microsoft.com/windows/release-health, source.android.com/docs/security/bulletin,
// ubuntu.com/about/release-cycle, chromiumdash.appspot.com/schedule.
var (
	macOSReleases = releases{
		{starts: "14", latest: "14.8.9", since: "2023-09-26"},
		{starts: "15", latest: "15.7.9", since: "2024-09-16"},
		{starts: "26", latest: "26.6.2", since: "2025-09-15"},
	}
	// iOS and iPadOS share their numbers. 18.7.10: Apple's advisories of 2026-07-27.
	iOSReleases = releases{
		{starts: "18", latest: "18.7.10", since: "2024-09-16"},
		{starts: "26", latest: "26.6.1", since: "2025-09-15"},
	}
	// Windows is told by its build; whether this month's patches are on it, only
	// its waiting updates tell. Ends are those of the Enterprise editions, the
	// latest there are: a build does not say which edition it is.
	windowsReleases = releases{
		{starts: "10.0.22631", latest: "10.0.26200", name: "Windows 11 23H2", since: "2023-10-31", ends: day("2026-11-10")},
		{starts: "10.0.26100", latest: "10.0.26200", name: "Windows 11 24H2", since: "2024-10-01", ends: day("2027-10-12")},
		{starts: "10.0.26200", latest: "10.0.26200", name: "Windows 11 25H2", since: "2025-09-30", ends: day("2028-10-10")},
	}
	// Android is judged by its patch level; these are for devices without one. The
	// security bulletins name 14 as the oldest version that is patched.
	androidReleases = releases{
		{starts: "14", latest: "16", since: "2023-10-04"},
		{starts: "15", latest: "16", since: "2024-09-03"},
		{starts: "16", latest: "16", since: "2025-06-10"},
	}
	// ChromeOS has a stable release every four weeks, and updates itself, at the
	// time its organisation chose. The first is older than every long-term release
	// that still gets fixes. 151: Chrome's stable releases of August 2026.
	chromeOSReleases = releases{
		{starts: "138", latest: "151", since: "2025-06-24"},
	}
	// Ubuntu's standard support, without Pro. Interim releases have nine months.
	ubuntuReleases = releases{
		{starts: "22.04", latest: "22.04", since: "2022-04-21", ends: day("2027-04-01")},
		{starts: "22.10", latest: "26.04", since: "2022-10-20", ends: day("2024-07-12")},
		{starts: "24.04", latest: "24.04", since: "2024-04-25", ends: day("2029-05-31")},
		{starts: "24.10", latest: "26.04", since: "2024-10-10", ends: day("2026-07-01")},
		{starts: "26.04", latest: "26.04", since: "2026-04-23", ends: day("2031-04-30")},
	}
)

// releasesOf returns the table for a platform; nil if there is none, as for most
// of Linux.
func releasesOf(p posture.Platform, system string) releases {
	switch p {
	case posture.MacOS:
		return macOSReleases
	case posture.IOS:
		return iOSReleases
	case posture.Windows:
		return windowsReleases
	case posture.Android:
		return androidReleases
	case posture.ChromeOS:
		return chromeOSReleases
	case posture.Linux:
		if strings.HasPrefix(system, "Ubuntu") {
			return ubuntuReleases
		}
	}
	return nil
}

// line returns the line to which a version belongs; nil if it is older than all.
func (rs releases) line(v posture.Version) *releaseLine {
	for i := len(rs) - 1; i >= 0; i-- {
		if !v.Less(rs[i].starts) {
			return &rs[i]
		}
	}
	return nil
}

// newest returns what to move to from a line that gets no more updates.
func (rs releases) newest() posture.Version { return rs[len(rs)-1].latest }

// ended reports whether the line gets no more security updates.
func (l *releaseLine) ended(now time.Time) bool {
	return !l.ends.IsZero() && now.After(l.ends.AddDate(0, 0, 1))
}

// nameOf returns what people call a version: the line's name, or the system's
// name and the number.
func (rs releases) nameOf(system string, v posture.Version) string {
	if l := rs.line(v); l != nil && l.name != "" {
		return l.name
	}
	return system + " " + string(v)
}

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err) // a typing error in the tables
	}
	return t
}
