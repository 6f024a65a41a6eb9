package practices

import "stethoscope/posture"

// unknownSources is for Android below 8: from then on the permission belongs to
// each app (https://developer.android.com/about/versions/oreo/android-8.0-changes),
// and the switch that this practice asks for is gone.
var unknownSources = YesNo{
	Key: "unknownsources", Title: "Unknown sources off",
	Fact: posture.UnknownSources, Wants: false, Fails: posture.Suggested,
	Platforms: []posture.Platform{posture.Android}, Texts: ours,
	Exempt: func(d posture.Device) bool {
		// Versions only rise, so any source's word is enough.
		return anyReport(d, posture.OSVersion, func(raw posture.Version) bool {
			v, ok := posture.ParseVersion(string(raw))
			return ok && v.Major() >= 8
		})
	},
}
