package practices

import "stethoscope/posture"

// remoteLogin: the original left Windows out because LANDESK cannot see it;
// other sources can.
var remoteLogin = YesNo{
	Key: "remotelogin", Title: "Remote login off",
	Fact: posture.RemoteLogin, Wants: false, Fails: posture.Suggested,
	Platforms: computers, Texts: ours,
}
