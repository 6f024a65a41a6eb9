package practices

import (
	"strings"
	"time"

	"stethoscope/posture"
)

// A finding is what the evidence comes down to.
type finding struct {
	what   what
	at     time.Time
	wanted posture.Version
	behind patchMonth
	table  bool // whether our own table of releases decided
}

type what uint8

const (
	noFinding  what = iota // there is nothing to judge by
	garbled                // a version without a number
	ended                  // gets no more security updates
	belowAsked             // older than the organisation requires
	patchBelow             // Android's patch level is behind
	versionOld             // not the newest of its line, or older than recommended
	waiting                // updates wait
	nothingNew             // up to date
)

// A judgement is the practice at work on one device.
type judgement struct {
	*updates
	platform posture.Platform
	system   string
	table    releases
	now      time.Time
}

func (j *judgement) find(e *evidence) finding {
	required, recommended := j.required.on(j.platform), j.recommended.on(j.platform)
	version, readable := versionFor(j.platform, e.version.Value)
	var line *releaseLine
	if readable {
		line = j.table.line(version)
		switch {
		case required.version != "" && version.Less(required.version):
			return finding{what: belowAsked, at: e.version.At, wanted: atLeast(recommended.version, required.version)}
		case !required.set() && j.table != nil && (line == nil || line.ended(j.now)):
			return finding{what: ended, at: e.version.At, wanted: atLeast(recommended.version, j.table.newest())}
		}
	}
	patchMatters := j.platform == posture.Android && e.patch.known
	if patchMatters {
		have, want := monthOf(e.patch.Value.UTC()), expectedPatch(j.now)
		if !required.patch.IsZero() {
			want = monthOf(required.patch)
		}
		if have < want || e.patch.Value.Before(required.patch) {
			return finding{what: patchBelow, at: e.patch.At, behind: max(want-have, 1)}
		}
		if e.patch.Value.Before(recommended.patch) {
			return finding{what: patchBelow, at: e.patch.At, behind: -1}
		}
	}
	byTable := readable && !recommended.set() && line != nil && !patchMatters && !j.selfUpdating(e)
	if readable {
		wanted := recommended.version
		if byTable {
			wanted = line.latest
		}
		if version.Less(wanted) {
			return finding{what: versionOld, at: e.version.At, wanted: wanted}
		}
	}
	switch {
	case e.waiting.known && len(e.waiting.Value) > 0:
		return finding{what: waiting, at: e.waiting.At}
	case e.version.known && !readable && !patchMatters:
		return finding{what: garbled, at: e.version.At}
	case patchMatters:
		return finding{what: nothingNew, at: e.patch.At}
	case readable && (j.table != nil || required.set() || recommended.set()):
		return finding{what: nothingNew, at: e.version.At, table: byTable}
	case j.platform == posture.Linux && e.waiting.known:
		return finding{what: nothingNew, at: e.waiting.At}
	}
	return finding{}
}

// versionFor returns a version in the form of the tables. Windows goes by its
// build, which some write alone ("26100.4317"); "11" by itself says nothing.
func versionFor(p posture.Platform, raw posture.Version) (posture.Version, bool) {
	v, ok := posture.ParseVersion(string(raw))
	if !ok || p != posture.Windows {
		return v, ok
	}
	if v.Major() >= 10000 {
		return "10.0." + v, true
	}
	return v, strings.Count(string(v), ".") >= 2
}

// selfUpdating reports whether a Chromebook says that nothing waits for it.
// Google brings a release to one model after the other and organisations choose
// when, so that word counts for more than our table of the newest release.
func (j *judgement) selfUpdating(e *evidence) bool {
	return j.platform == posture.ChromeOS && e.waiting.known && len(e.waiting.Value) == 0
}

func atLeast(a, b posture.Version) posture.Version {
	if a == "" || a.Less(b) {
		return b
	}
	return a
}
