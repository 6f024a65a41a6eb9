package posture_test

import (
	"testing"

	"stethoscope/posture"
)

func TestThePlatformInAVendorsText(t *testing.T) {
	for text, want := range map[string]posture.Platform{
		"Mac OS X": posture.MacOS, "macOS": posture.MacOS, " MACOS 26.1": posture.MacOS, "OS X": posture.MacOS, "Darwin": posture.MacOS, "Mac": posture.MacOS,
		"Windows 11 Pro": posture.Windows, "windows": posture.Windows, "Microsoft Windows 10 Enterprise": posture.Windows, "WIN32": posture.Windows,
		"iOS 11.3": posture.IOS, "iPadOS": posture.IOS, "iPhone OS": posture.IOS, "ipad": posture.IOS,
		"Android 8.0.0": posture.Android, "ANDROID": posture.Android, "Chrome OS": posture.ChromeOS, "ChromeOS": posture.ChromeOS, "CHROME_OS": posture.ChromeOS,
		"Linux": posture.Linux, "Ubuntu": posture.Linux, "rhel": posture.Linux, "Red Hat Enterprise Linux": posture.Linux, "Amazon Linux": posture.Linux, "AlmaLinux": posture.Linux,
		"Kali GNU/Linux": posture.Linux, "openSUSE Leap": posture.Linux,
		"": posture.UnknownPlatform, "unknown": posture.UnknownPlatform, "tvOS": posture.UnknownPlatform, "watchOS": posture.UnknownPlatform, "FreeBSD": posture.UnknownPlatform,
	} {
		if got, ok := posture.ParsePlatform(text); got != want || ok != (want != posture.UnknownPlatform) {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
	}
}

func TestTheWordsForAPlatform(t *testing.T) {
	words := map[posture.Platform][3]string{
		posture.MacOS: {"Mac", "macos", "macOS"}, posture.Windows: {"Windows", "windows", "Windows"}, posture.Linux: {"Linux", "linux", "Linux"},
		posture.IOS: {"iOS", "ios", "iOS"}, posture.Android: {"Android", "android", "Android"}, posture.ChromeOS: {"ChromeOS", "chromeos", "ChromeOS"},
		posture.UnknownPlatform: {"", "", ""}, 99: {"", "", ""},
	}
	for p, want := range words {
		if got := [3]string{p.String(), p.Key(), p.SystemName()}; got != want {
			t.Errorf("platform %d is %q", p, got)
		}
	}
	if got := len(posture.Platforms()); got != 6 {
		t.Errorf("there are %d platforms", got)
	}
	for _, p := range posture.Platforms() {
		for _, word := range words[p] {
			if got, ok := posture.ParsePlatform(word); got != p || !ok {
				t.Errorf("%q is read as %q", word, got)
			}
		}
	}
}
