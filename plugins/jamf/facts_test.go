package jamf

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"stethoscope/posture"
)

// said returns how a report claims a fact: "false (Macintosh HD: not
// encrypted)", or "" if it does not.
func said(r posture.Report, fact string) string {
	for _, c := range r.Claims {
		if c.Fact == fact {
			if c.Detail == "" {
				return fmt.Sprint(c.Value)
			}
			return fmt.Sprintf("%v (%s)", c.Value, c.Detail)
		}
	}
	return ""
}

func mustReadComputer(t *testing.T, fields string) posture.Report {
	t.Helper()
	r, err := readComputer([]byte(`{"id":"1",`+fields+`}`), defaultAttributeNames, recordingDay)
	if err != nil {
		t.Fatal(err)
	}
	mustKeepContract(t, r)
	return r
}

func boot(state string, percent string) string {
	return `"diskEncryption":{"bootPartitionEncryptionDetails":{"partitionName":"Macintosh HD (Boot Partition)","partitionFileVault2State":` + state + `,"partitionFileVault2Percent":` + percent + `}}`
}

func TestDiskEncryptionIsThatOfTheBootPartition(t *testing.T) {
	others := `{"name":"VM","partitionType":"OTHER","fileVault2State":"UNENCRYPTED"},{"name":"Recovery","partitionType":"RECOVERY","fileVault2State":"UNENCRYPTED"},{"name":"Hardware","partitionType":"OTHER","fileVault2State":"UNENCRYPTED"}`
	storage := func(partitions string) string { return `"storage":{"disks":[{"partitions":[` + partitions + `]}]}` }
	for _, test := range []struct{ sentence, record, want string }{
		{"encrypted, although six small partitions never are", boot(`"ENCRYPTED"`, "100") + "," + storage(others), "true (Macintosh HD: encrypted)"},
		{"not encrypted", boot(`"UNENCRYPTED"`, "-1"), "false (Macintosh HD: not encrypted)"},
		{"not encrypted any more", boot(`"DECRYPTED"`, "null"), "false (Macintosh HD: not encrypted)"},
		{"not encrypted yet", boot(`"ENCRYPTING"`, "43"), "false (Macintosh HD: being encrypted, 43 %)"},
		{"not encrypted yet, and nobody knows how far", boot(`"ENCRYPTING"`, "-1"), "false (Macintosh HD: being encrypted)"},
		{"paused on the way", boot(`"ENCRYPTING_PAUSED"`, "43"), "false (Macintosh HD: being encrypted, paused, 43 %)"},
		{"on the way out", boot(`"DECRYPTING"`, "90"), "false (Macintosh HD: being decrypted, 90 %)"},
		{"paused on the way out", boot(`"DECRYPTING_PAUSED"`, "90"), "false (Macintosh HD: being decrypted, paused, 90 %)"},
		{"being optimised is not known to be unencrypted", boot(`"OPTIMIZING"`, "99"), ""},
		{"not even if the system says that it is not encrypted", boot(`"OPTIMIZING"`, "99") + `,"operatingSystem":{"fileVault2Status":"NOT_ENCRYPTED"}`, ""},
		{"nor where only storage knows of it", storage(`{"partitionType":"BOOT","fileVault2State":"OPTIMIZING"}`) + `,"operatingSystem":{"fileVault2Status":"NOT_ENCRYPTED"}`, ""},
		{"being optimised is encrypted if the system says so", boot(`"OPTIMIZING"`, "99") + `,"operatingSystem":{"fileVault2Status":"BOOT_ENCRYPTED"}`, "true (Startup disk: encrypted)"},
		{"after the next restart", boot(`"RESTART_NEEDED"`, "0"), "false (Macintosh HD: not encrypted until the next restart)"},
		{"cannot be encrypted", boot(`"INELIGIBLE"`, "0"), "false (Macintosh HD: not encrypted, and FileVault cannot encrypt it)"},
		{"unknown is not known", boot(`"UNKNOWN"`, "-1"), ""},
		{"null is not known", boot(`null`, "null"), ""},
		{"a state from the future is not known", boot(`"QUANTUM"`, "100"), ""},
		{"no section, nothing known", `"diskEncryption":null,"storage":null,"operatingSystem":null`, ""},
		{"without details, the boot partition in storage counts", `"diskEncryption":{"bootPartitionEncryptionDetails":null},` + storage(others+`,{"name":"SSD","partitionType":"BOOT","fileVault2State":"ENCRYPTED","fileVault2ProgressPercent":100}`), "true (SSD: encrypted)"},
		{"unknown details do not hide what storage knows", boot(`"UNKNOWN"`, "-1") + "," + storage(`{"partitionType":"BOOT","fileVault2State":"UNENCRYPTED"}`), "false (Startup disk: not encrypted)"},
		{"with two systems, both count", storage(`{"name":"A","partitionType":"BOOT","fileVault2State":"ENCRYPTED"},{"name":"B","partitionType":"BOOT","fileVault2State":"UNENCRYPTED"}`), "false (A: encrypted, B: not encrypted)"},
		{"with neither, the system's own word counts", `"operatingSystem":{"fileVault2Status":"BOOT_ENCRYPTED"}`, "true (Startup disk: encrypted)"},
		{"and so it does when it says no", `"operatingSystem":{"fileVault2Status":"NOT_ENCRYPTED"}`, "false (Startup disk: not encrypted)"},
		{"some disk is not any disk", `"operatingSystem":{"fileVault2Status":"SOME_ENCRYPTED"}`, ""},
		{"partitions without a boot partition say nothing", storage(others), ""},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			if got := said(mustReadComputer(t, test.record), "disk_encrypted"); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func attribute(name, value string) string {
	return `{"definitionId":"1","name":"` + name + `","enabled":true,"values":[` + value + `]}`
}

func TestExtensionAttributesAreReadInAllSixPlaces(t *testing.T) {
	lock := `"extensionAttributes":[` + attribute("Screen Saver Lock Enabled", `"Enabled"`) + `]`
	for _, place := range []string{
		lock, `"general":{` + lock + `}`, `"hardware":{` + lock + `}`, `"operatingSystem":{` + lock + `}`, `"userAndLocation":{` + lock + `}`, `"purchasing":{` + lock + `}`,
	} {
		if got := said(mustReadComputer(t, place), "screen_locks"); got != "true (Screen Saver Lock Enabled: Enabled)" {
			t.Errorf("%s: %q", place, got)
		}
	}
}

func TestExtensionAttributes(t *testing.T) {
	for _, test := range []struct{ sentence, attributes, fact, want string }{
		{"the screen locks", attribute("Screen Saver Lock Enabled", `"Enabled"`), "screen_locks", "true (Screen Saver Lock Enabled: Enabled)"},
		{"the screen does not lock", attribute("Screen Saver Lock Enabled", `"Disabled"`), "screen_locks", "false (Screen Saver Lock Enabled: Disabled)"},
		{"case and blanks in a name do not matter", attribute(" screen saver lock ENABLED", `" enabled "`), "screen_locks", "true (Screen Saver Lock Enabled: enabled)"},
		{"any other word is not known", attribute("Screen Saver Lock Enabled", `"Maybe"`), "screen_locks", ""},
		{"unanswered is not known", attribute("Screen Saver Lock Enabled", ``), "screen_locks", ""},
		{"an empty answer is not known", attribute("Screen Saver Lock Enabled", `""`), "screen_locks", ""},
		{"a null answer is not known", attribute("Screen Saver Lock Enabled", `null`), "screen_locks", ""},
		{"no list of answers is not known", `{"name":"Screen Saver Lock Enabled","enabled":true,"values":null}`, "screen_locks", ""},
		{"one that is switched off is not known", `{"name":"Screen Saver Lock Enabled","enabled":false,"values":["Enabled"]}`, "screen_locks", ""},
		{"an answer elsewhere counts after an empty one", attribute("Remote Login", ``) + "," + attribute("Remote Login", `"Off"`), "remote_login", "false (Remote Login: Off)"},
		{"remote login is on", attribute("Remote Login", `"On"`), "remote_login", "true (Remote Login: On)"},
		{"the original's firewall script is not believed over Jamf's own field", attribute("Firewall Status", `"1"`), "firewall_on", ""},
		{"no update setting, nothing known", attribute("Remote Login", `"On"`), "updates_install", ""},
		{"all update settings unanswered, nothing known", attribute("1 Auto Check For Updates Enabled", ``), "updates_install", ""},
		{"what is not set counts as macOS's default", attribute("1 Auto Check For Updates Enabled", `"True"`), "updates_install", "false (Install app updates: off (not set), Install macOS updates: off (not set))"},
		{"two settings can be enough", attribute("3 Install App Updates Enabled", `"True"`) + "," + attribute("4 Install OS X Updates Enabled", `"True"`), "updates_install", "true (All automatic update settings: on)"},
		{"one that is off is named", attribute("3 Install App Updates Enabled", `"True"`) + "," + attribute("4 Install OS X Updates Enabled", `"True"`) + "," + attribute("5 Install Security Updates Enabled", `"False"`), "updates_install", "false (Install security updates: off)"},
		{"a script's error counts as not set", attribute("5 Install Security Updates Enabled", `"does not exist"`), "updates_install", "false (Install app updates: off (not set), Install macOS updates: off (not set))"},
		{"the Wi-Fi address is one more", attribute("Wireless Mac Address", `"f4-d4-88-6b-21-0a"`), "network_addresses", "[F4:D4:88:6B:21:0A]"},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			if got := said(mustReadComputer(t, `"extensionAttributes":[`+test.attributes+`]`), test.fact); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
	t.Run("other names can be configured, and one left unread", func(t *testing.T) {
		names := defaultAttributeNames
		names.ScreenLock, names.RemoteLogin = "Lock", ""
		record := `{"id":"1","extensionAttributes":[` + attribute("Lock", `"1"`) + "," + attribute("Remote Login", `"On"`) + "," + attribute("", `"On"`) + `]}`
		r, err := readComputer([]byte(record), names, recordingDay)
		if err != nil || said(r, "screen_locks") != "true (Lock: 1)" || said(r, "remote_login") != "" {
			t.Errorf("%v, %v", r.Claims, err)
		}
	})
}

func TestComputerFacts(t *testing.T) {
	for _, test := range []struct{ sentence, record, fact, want string }{
		{"the firewall is on", `"security":{"firewallEnabled":true}`, "firewall_on", "true (Firewall: on)"},
		{"the firewall is off", `"security":{"firewallEnabled":false}`, "firewall_on", "false (Firewall: off)"},
		{"null is not off", `"security":{"firewallEnabled":null}`, "firewall_on", ""},
		{"-1 is not off", `"security":{"firewallEnabled":-1}`, "firewall_on", ""},
		{"a section that was not answered is not off", `"security":null`, "firewall_on", ""},
		{"managed", `"general":{"remoteManagement":{"managed":true}}`, "managed", "true (Managed by Jamf)"},
		{"not managed", `"general":{"remoteManagement":{"managed":false}}`, "managed", "false (In Jamf, but not managed by it)"},
		{"nobody knows", `"general":{"remoteManagement":null}`, "managed", ""},
		{"a rapid security response is part of the version", `"operatingSystem":{"version":"15.7.2","rapidSecurityResponse":"(a)"}`, "os_version", "15.7.2 (a)"},
		{"no version is not zero", `"operatingSystem":{"version":"-1"}`, "os_version", ""},
		{"an old name of the system is a Mac too", `"operatingSystem":{"name":"Mac OS X"}`, "platform", "Mac"},
		{"no name is no name", `"general":{"name":" "}`, "name", ""},
		{"no updates wait", `"softwareUpdates":[]`, "updates_waiting", "[]"},
		{"updates were not answered", `"softwareUpdates":null`, "updates_waiting", ""},
		{"updates are named with their version, once", `"softwareUpdates":[{"name":"Safari","version":"26.6"},{"name":"macOS Tahoe 26.6.2","version":"26.6.2"},{"packageName":"XProtect"},{}]`, "updates_waiting", "[Safari 26.6 macOS Tahoe 26.6.2 XProtect An update without a name]"},
		{"applications", `"applications":[{"name":"Slack.app","bundleId":"com.tinyspeck.slackmacgap","version":"4.47"}]`, "software_installed", "[{Slack.app com.tinyspeck.slackmacgap 4.47}]"},
		{"no Mac is without applications: they are not collected", `"applications":[]`, "software_installed", ""},
		{"services", `"services":[{"name":"com.apple.securityd"}]`, "services_running", "[com.apple.securityd]"},
		{"no Mac is without services: they are not collected", `"services":[]`, "services_running", ""},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			if got := said(mustReadComputer(t, test.record), test.fact); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestNothingIsClaimedOfAnEmptyRecord(t *testing.T) {
	sections := ""
	for _, s := range []string{"general", "hardware", "operatingSystem", "userAndLocation", "diskEncryption", "storage", "security", "applications", "services", "softwareUpdates", "extensionAttributes", "purchasing"} {
		sections += `"` + s + `":null,`
	}
	if r := mustReadComputer(t, sections+`"udid":null`); len(r.Claims)+len(r.Identifiers)+len(r.Owners) != 0 || !r.SeenAt.IsZero() {
		t.Errorf("%+v", r)
	}
}

func TestMobileFacts(t *testing.T) {
	for _, test := range []struct{ sentence, record, fact, want string }{
		{"an iPad runs iPadOS, whatever Jamf says", `"deviceType":"iOS","hardware":{"model":"iPad mini (6th generation)"}`, "os_name", "iPadOS"},
		{"an iPad is known by its identifier too", `"deviceType":"iOS","hardware":{"modelIdentifier":"iPad14,1"}`, "os_name", "iPadOS"},
		{"an iPhone runs iOS", `"deviceType":"iOS","hardware":{"model":"iPhone 16"}`, "os_name", "iOS"},
		{"an Apple TV is no phone", `"deviceType":"tvOS","hardware":{"model":"Apple TV 4K"}`, "platform", ""},
		{"a rapid security response is part of the version", `"general":{"osVersion":"16.4.1","osRapidSecurityResponse":"(a)"}`, "os_version", "16.4.1 (a)"},
		{"a passcode is set", `"security":{"passcodePresent":true}`, "screen_locks", "true (Passcode: set)"},
		{"no passcode is set", `"security":{"passcodePresent":false}`, "screen_locks", "false (Passcode: not set)"},
		{"nobody knows of a passcode", `"security":{"passcodePresent":null}`, "screen_locks", ""},
		{"not jailbroken", `"security":{"jailBreakDetected":false}`, "compromised", "false (Jailbreak: not found)"},
		{"jailbroken", `"security":{"jailBreakDetected":true}`, "compromised", "true (Jailbreak: found)"},
		{"jailbroken, as a number", `"security":{"jailBreakDetected":1}`, "compromised", "true (Jailbreak: found)"},
		{"nobody has looked for a jailbreak", `"security":{"jailBreakDetected":-1}`, "compromised", ""},
		{"a section with bad data is null", `"security":null`, "disk_encrypted", ""},
		{"data protection is on", `"security":{"dataProtected":true}`, "disk_encrypted", "true (Data protection: on)"},
		{"data protection is off", `"security":{"dataProtected":false,"hardwareEncryption":3}`, "disk_encrypted", "false (Data protection: off)"},
		{"hardware and passcode make data protection", `"security":{"dataProtected":null,"hardwareEncryption":3,"passcodePresent":true}`, "disk_encrypted", "true (Data protection: on)"},
		{"hardware without a passcode does not", `"security":{"hardwareEncryption":3,"passcodePresent":false}`, "disk_encrypted", "false (Data protection: off)"},
		{"hardware alone tells nothing", `"security":{"hardwareEncryption":3}`, "disk_encrypted", ""},
		{"no hardware encryption", `"security":{"hardwareEncryption":0,"passcodePresent":true}`, "disk_encrypted", "false (Hardware encryption: none)"},
		{"-1 is not none", `"security":{"hardwareEncryption":-1,"passcodePresent":true}`, "disk_encrypted", ""},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			r, err := readMobileDevice([]byte(`{"mobileDeviceId":"1",`+test.record+`}`), recordingDay)
			if err != nil {
				t.Fatal(err)
			}
			mustKeepContract(t, r)
			if got := said(r, test.fact); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestTimes(t *testing.T) {
	for _, test := range []struct{ sentence, text, want string }{
		{"with milliseconds", "2026-11-21T21:44:27.626Z", "2026-11-21T21:44:27.626Z"},
		{"without", "2026-11-21T21:44:27Z", "2026-11-21T21:44:27Z"},
		{"in another zone", "2026-11-21T21:44:27-08:00", "2026-11-22T05:44:27Z"},
		{"a clock that is a little ahead", "2026-11-22T04:30:00Z", "2026-11-22T04:30:00Z"},
		{"never", "", ""},
		{"never, as a computer says it", "1970-01-01T00:00:00Z", ""},
		{"in a far future, which would be the freshest word for ever", "9999-12-31T23:59:59Z", ""},
		{"in the year 0", "0000-01-01T00:00:00Z", ""},
		{"no time at all", "yesterday", ""},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			got := timestamp(test.text, recordingDay)
			if got.IsZero() != (test.want == "") || !got.IsZero() && got.Format(time.RFC3339Nano) != test.want {
				t.Errorf("%v, want %q", got, test.want)
			}
		})
	}
}

func TestIdentifiersAreNormalAndNeverJunk(t *testing.T) {
	r := mustReadComputer(t, `"udid":"6e1b7c52-93d4-5a0f-8c21-4f7a9b03d6e8","hardware":{"serialNumber":" k7qx2m9pld ","macAddress":"f4:d4:88:6b:21:0a","altMacAddress":"6A:2C:4B:B7:65:B5","provisioningUdid":"00006030-001a2c8e0c8a001c"}`)
	var got []string
	for _, id := range r.Identifiers {
		got = append(got, id.Value())
	}
	if want := []string{"K7QX2M9PLD", "6E1B7C52-93D4-5A0F-8C21-4F7A9B03D6E8", "00006030-001A2C8E0C8A001C", "F4:D4:88:6B:21:0A"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if said(r, "network_addresses") != "[F4:D4:88:6B:21:0A 6A:2C:4B:B7:65:B5]" {
		t.Error("an address that names no machine is still an address of it")
	}
	if r := mustReadComputer(t, `"udid":"","hardware":{"serialNumber":"System Serial Number","macAddress":"00:00:00:00:00:00"}`); len(r.Identifiers) != 0 {
		t.Errorf("junk became %v", r.Identifiers)
	}
}
