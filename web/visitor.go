package web

import (
	"net/http"
	"strings"

	"stethoscope/posture"
)

// visitorPlatform says which platform the browser runs on, so that a link into
// the device's own settings is offered only where it works. Browsers tell it in
// Sec-CH-UA-Platform or in the user agent; a wrong guess offers a link too
// many or too few and nothing else.
func visitorPlatform(r *http.Request) posture.Platform {
	switch strings.Trim(r.Header.Get("Sec-CH-UA-Platform"), `"`) {
	case "macOS":
		return posture.MacOS
	case "Windows":
		return posture.Windows
	case "Linux":
		return posture.Linux
	case "Android":
		return posture.Android
	case "iOS":
		return posture.IOS
	case "Chrome OS", "Chromium OS":
		return posture.ChromeOS
	}
	agent := r.Header.Get("User-Agent")
	for _, known := range []struct {
		word string
		p    posture.Platform
	}{
		{"iPhone", posture.IOS}, {"iPad", posture.IOS}, {"Android", posture.Android}, {"CrOS", posture.ChromeOS},
		{"Windows NT", posture.Windows}, {"Macintosh", posture.MacOS}, {"X11; Linux", posture.Linux},
	} {
		if strings.Contains(agent, known.word) {
			return known.p
		}
	}
	return posture.UnknownPlatform
}
