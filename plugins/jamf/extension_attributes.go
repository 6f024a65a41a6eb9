package jamf

import "strings"

// attributeNames says under which names the organisation keeps what Jamf has no
// field for. An empty name: this one is not read. The defaults are the names of
// the original Stethoscope, whose scripts many organisations still run.
type attributeNames struct {
	ScreenLock             string `yaml:"screen_lock"`
	RemoteLogin            string `yaml:"remote_login"`
	UpdatesCheck           string `yaml:"updates_check"`
	UpdatesDownload        string `yaml:"updates_download"`
	UpdatesInstallApps     string `yaml:"updates_install_apps"`
	UpdatesInstallSystem   string `yaml:"updates_install_system"`
	UpdatesInstallSecurity string `yaml:"updates_install_security"`
	UpdatesInstallData     string `yaml:"updates_install_data"`
	WirelessMAC            string `yaml:"wireless_mac"`
}

var defaultAttributeNames = attributeNames{
	ScreenLock:             "Screen Saver Lock Enabled",
	RemoteLogin:            "Remote Login",
	UpdatesCheck:           "1 Auto Check For Updates Enabled",
	UpdatesDownload:        "2 Get New Updates in Background Enabled",
	UpdatesInstallApps:     "3 Install App Updates Enabled",
	UpdatesInstallSystem:   "4 Install OS X Updates Enabled",
	UpdatesInstallSecurity: "5 Install Security Updates Enabled",
	UpdatesInstallData:     "6 Install System Data Files Enabled",
	WirelessMAC:            "Wireless Mac Address",
}

// usedTwice returns the keys of purposes that share a name: one of the two
// would be read from what was meant for the other.
func (n attributeNames) usedTwice() [][2]string {
	names := [][2]string{
		{"screen_lock", n.ScreenLock}, {"remote_login", n.RemoteLogin}, {"updates_check", n.UpdatesCheck},
		{"updates_download", n.UpdatesDownload}, {"updates_install_apps", n.UpdatesInstallApps},
		{"updates_install_system", n.UpdatesInstallSystem}, {"updates_install_security", n.UpdatesInstallSecurity},
		{"updates_install_data", n.UpdatesInstallData}, {"wireless_mac", n.WirelessMAC},
	}
	first := map[string]string{}
	var twice [][2]string
	for _, name := range names {
		key, attribute := name[0], attributeKey(name[1])
		if attribute == "" {
			continue
		}
		if other, ok := first[attribute]; ok {
			twice = append(twice, [2]string{other, key})
			continue
		}
		first[attribute] = key
	}
	return twice
}

// extensionAttribute is a question that the organisation has added to the
// inventory, with its answer. One that was never answered has no values.
type extensionAttribute struct {
	Name    string   `json:"name"`
	Enabled *bool    `json:"enabled"`
	Values  []string `json:"values"`
}

// attributes are the answered extension attributes of a record, by name.
type attributes map[string]string

// gatherAttributes reads the extension attributes from all places in which Jamf
// puts them: which one is up to each attribute's "inventory display". One that
// is switched off keeps its last answer for ever, so it is not known.
func gatherAttributes(places ...[]extensionAttribute) attributes {
	gathered := attributes{}
	for _, place := range places {
		for _, attribute := range place {
			key := attributeKey(attribute.Name)
			if key == "" || gathered[key] != "" || attribute.Enabled != nil && !*attribute.Enabled {
				continue
			}
			for _, value := range attribute.Values {
				if value = strings.TrimSpace(value); value != "" {
					gathered[key] = value
					break
				}
			}
		}
	}
	return gathered
}

// text returns the answer; empty if there is none.
func (a attributes) text(name string) string {
	return a[attributeKey(name)]
}

// yes reads an answer as the scripts of the original and of most organisations
// write it; ok is false if there is none or it says anything else.
func (a attributes) yes(name string) (value, ok bool) {
	switch strings.ToLower(a.text(name)) {
	case "true", "enabled", "on", "yes", "1":
		return true, true
	case "false", "disabled", "off", "no", "0":
		return false, true
	}
	return false, false
}

func attributeKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }
