package practices

import "stethoscope/posture"

// encryption: a lost disk must not be a lost company. All platforms can do it.
var encryption = YesNo{
	Key: "encryption", Title: "Disk encryption",
	Fact: posture.DiskEncrypted, Wants: true, Fails: posture.Critical,
	Platforms: posture.Platforms(), Texts: ours,
}
