package posture

import "strings"

// A Platform is the family of systems that a machine runs.
type Platform uint8

// The platforms that practices have words for.
const (
	UnknownPlatform Platform = iota
	MacOS
	Windows
	Linux
	IOS
	Android
	ChromeOS
)

// Platforms lists every known platform.
func Platforms() []Platform { return []Platform{MacOS, Windows, Linux, IOS, Android, ChromeOS} }

// String returns the name that the API uses: "Mac", "Windows", "Linux", "iOS",
// "Android", "ChromeOS"; empty if unknown.
func (p Platform) String() string {
	switch p {
	case MacOS:
		return "Mac"
	case Windows:
		return "Windows"
	case Linux:
		return "Linux"
	case IOS:
		return "iOS"
	case Android:
		return "Android"
	case ChromeOS:
		return "ChromeOS"
	}
	return ""
}

// Key returns the word for the platform in configuration and text files:
// "macos", "windows", "linux", "ios", "android", "chromeos".
func (p Platform) Key() string {
	if p == MacOS {
		return "macos"
	}
	return strings.ToLower(p.String())
}

// SystemName returns what the platform's system is called: "macOS", "Windows",
// "Linux", "iOS", "Android", "ChromeOS".
func (p Platform) SystemName() string {
	if p == MacOS {
		return "macOS"
	}
	return p.String()
}

// ParsePlatform reads a platform from a vendor's name for a system: "Mac OS
// X", "macOS", "iPadOS", "Windows 11 Pro", "Chrome OS", "Ubuntu", "Rocky Linux".
func ParsePlatform(text string) (Platform, bool) {
	t := strings.ToLower(strings.TrimSpace(text))
	for _, known := range []struct {
		prefix string
		p      Platform
	}{
		{"mac", MacOS}, {"os x", MacOS}, {"darwin", MacOS}, {"win", Windows}, {"microsoft windows", Windows},
		{"ios", IOS}, {"ipad", IOS}, {"iphone", IOS}, {"android", Android}, {"chrome", ChromeOS},
		{"linux", Linux}, {"ubuntu", Linux}, {"debian", Linux}, {"fedora", Linux}, {"rhel", Linux}, {"red hat", Linux}, {"centos", Linux}, {"arch", Linux}, {"suse", Linux}, {"opensuse", Linux},
	} {
		if strings.HasPrefix(t, known.prefix) {
			return known.p, true
		}
	}
	if strings.Contains(t, "linux") { // "Amazon Linux", "AlmaLinux"
		return Linux, true
	}
	return UnknownPlatform, false
}
