package practices

import "stethoscope/posture"

// autoUpdate: phones and Chromebooks update themselves or are judged by the
// version they run, so this is for computers.
var autoUpdate = YesNo{
	Key: "autoupdate", Title: "Automatic updates",
	Fact: posture.UpdatesInstall, Wants: true, Fails: posture.Suggested,
	Platforms: computers, Texts: ours,
}
