package jamf

import (
	"strings"

	"stethoscope/posture"
)

// updateSetting is one of macOS's settings for automatic updates, and what
// macOS does when nobody has set it, as the original Stethoscope took it to be.
type updateSetting struct {
	attribute string
	words     string
	unset     bool
}

// automaticUpdates claims that the Mac looks for updates and installs them by
// itself: all six settings are on. With no answer to any of the six nothing is
// known; a single one that is not set counts as macOS's default.
func automaticUpdates(a attributes, names attributeNames) []posture.Claim {
	var off []string
	answered := false
	for _, s := range []updateSetting{
		{names.UpdatesCheck, "Check for updates", true},
		{names.UpdatesDownload, "Download in the background", true},
		{names.UpdatesInstallApps, "Install app updates", false},
		{names.UpdatesInstallSystem, "Install macOS updates", false},
		{names.UpdatesInstallSecurity, "Install security updates", true},
		{names.UpdatesInstallData, "Install system data files", true},
	} {
		on, known := a.yes(s.attribute)
		switch {
		case !known && !s.unset:
			off = append(off, s.words+": off (not set)")
		case known && !on:
			off = append(off, s.words+": off")
		}
		answered = answered || a.text(s.attribute) != ""
	}
	switch {
	case !answered:
		return nil
	case len(off) == 0:
		return []posture.Claim{posture.UpdatesInstall.Is(true).Because("All automatic update settings: on")}
	}
	return []posture.Claim{posture.UpdatesInstall.Is(false).Because(strings.Join(off, ", "))}
}
