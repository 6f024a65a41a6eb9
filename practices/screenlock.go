package practices

import "stethoscope/posture"

// screenLock applies everywhere. Google's Directory API does not say whether a
// Chromebook locks, and no fix of the person's would ever show. So silence about
// a Chromebook is "doesn't apply" with that reason, while a reading, should a
// source ever bring one, is judged like any other.
var screenLock = YesNo{
	Key: "screenlock", Title: "Screen lock",
	Fact: posture.ScreenLocks, Wants: true, Fails: posture.Critical,
	Platforms: posture.Platforms(), Texts: ours,
	Exempt: func(d posture.Device) bool {
		if d.Platform() != posture.ChromeOS {
			return false
		}
		_, told := posture.ScreenLocks.In(d)
		return !told
	},
}
