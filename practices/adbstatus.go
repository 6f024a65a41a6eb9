package practices

import "stethoscope/posture"

// debugBridge keeps the original's key.
var debugBridge = YesNo{
	Key: "adbstatus", Title: "Android debug bridge off",
	Fact: posture.DebugBridge, Wants: false, Fails: posture.Suggested,
	Platforms: []posture.Platform{posture.Android}, Texts: ours,
}
