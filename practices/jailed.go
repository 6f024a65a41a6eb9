package practices

import "stethoscope/posture"

// jailed keeps the original's key: the system was jailbroken, rooted, or did
// not start in verified mode. On computers nobody reports such a thing.
var jailed = YesNo{
	Key: "jailed", Title: "Verified operating system",
	Fact: posture.Compromised, Wants: false, Fails: posture.Critical,
	Platforms: []posture.Platform{posture.IOS, posture.Android, posture.ChromeOS}, Texts: ours,
}
