package practices

import (
	"strings"

	"stethoscope/posture"
)

// A variant is a sort of device for which the words differ: a platform, and for
// Apple's mobile devices whether it is an iPhone or an iPad.
type variant uint8

// The variants beyond the platforms, whose numbers are those of posture.Platform.
const (
	iPhone   = variant(posture.ChromeOS) + 1
	iPad     = iPhone + 1
	variants = int(iPad) + 1
)

// variantOf looks at the system's name and the model: Google calls an iPad's
// system iOS, Jamf does not.
func variantOf(d posture.Device) variant {
	p := d.Platform()
	if p != posture.IOS {
		if int(p) >= variants {
			return 0
		}
		return variant(p)
	}
	switch {
	case anyReport(d, posture.OSName, saysPad), anyReport(d, posture.Model, saysPad):
		return iPad
	case anyReport(d, posture.Model, saysPhone):
		return iPhone
	}
	return variant(posture.IOS)
}

func saysPad(text string) bool   { return strings.HasPrefix(text, "iPad") }
func saysPhone(text string) bool { return strings.HasPrefix(text, "iPhone") }

// platform returns the platform whose section of a text file holds the words.
func (v variant) platform() posture.Platform {
	if v == iPhone || v == iPad {
		return posture.IOS
	}
	return posture.Platform(v)
}

// place returns where the steps are done.
func (v variant) place() string {
	switch v {
	case variant(posture.MacOS):
		return "On your Mac"
	case variant(posture.Windows):
		return "On your Windows PC"
	case variant(posture.Linux):
		return "On your Linux computer"
	case variant(posture.IOS):
		return "On your iPhone or iPad"
	case variant(posture.Android):
		return "On your Android phone"
	case variant(posture.ChromeOS):
		return "On your Chromebook"
	case iPhone:
		return "On your iPhone"
	case iPad:
		return "On your iPad"
	}
	return "On the device"
}

// device returns what the device is called in a sentence: "your phone".
func (v variant) device() string {
	switch v {
	case variant(posture.MacOS):
		return "Mac"
	case variant(posture.Windows):
		return "PC"
	case variant(posture.Linux):
		return "computer"
	case variant(posture.IOS):
		return "iPhone or iPad"
	case variant(posture.Android):
		return "phone"
	case variant(posture.ChromeOS):
		return "Chromebook"
	case iPhone:
		return "iPhone"
	case iPad:
		return "iPad"
	}
	return "device"
}

// system returns what its system is called.
func (v variant) system() string {
	switch v {
	case 0:
		return "the system"
	case iPad:
		return "iPadOS"
	}
	return v.platform().SystemName()
}
