package views

import (
	"strings"

	"stethoscope/posture"
)

// maybe names the one device that we know and that is of the same platform.
func maybe(checkups []posture.Checkup, p posture.Platform) string {
	if p == posture.UnknownPlatform {
		return ""
	}
	var fits *posture.Device
	for i := range checkups {
		d := &checkups[i].Device
		if !d.Recognised() || d.Platform() != p {
			continue
		}
		if fits != nil {
			return ""
		}
		fits = d
	}
	if fits == nil {
		return ""
	}
	return deviceName(fits)
}

// maybeWhose is "your " before what has no owner in its name: "your iPad mini",
// but "Uma’s iPad".
func maybeWhose(device string) string {
	if strings.Contains(device, "’s ") || strings.Contains(device, "'s ") {
		return ""
	}
	return "your "
}

// maybeHow says why we do not know the device that we may know.
func maybeHow(d *posture.Device) string {
	if _, private := networkAddress(d); private {
		return " on a private network address. We don’t know, so we don’t judge it."
	}
	return ". We don’t know, so we don’t judge it."
}

// An address is what a network adapter is called, and whether the device made
// it up: phones do, so that networks cannot follow them.
func networkAddress(d *posture.Device) (end string, private bool) {
	o, ok := posture.NetworkAddresses.In(*d)
	if !ok || len(o.Value) == 0 {
		return "", false
	}
	a := strings.ToLower(name(o.Value[0]))
	if len(a) < 5 {
		return "", false
	}
	end = a[len(a)-5:]
	return end, strings.IndexByte("26ae", a[1]) >= 0
}
