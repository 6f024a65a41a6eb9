package practices

import "stethoscope/posture"

// firewall: what listens on a computer should not be open to a café's network.
var firewall = YesNo{
	Key: "firewall", Title: "Firewall",
	Fact: posture.FirewallOn, Wants: true, Fails: posture.Critical,
	Platforms: computers, Texts: ours,
}
