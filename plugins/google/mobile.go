package google

import (
	"encoding/json"
	"strings"

	"stethoscope/posture"
)

// A mobileRecord has the fields that are used of a mobile device
// (developers.google.com/workspace/admin/directory/reference/rest/v1/mobiledevices).
// Texts that Google does not know are empty; booleans are pointers because one
// that is left out is not known, and not false.
type mobileRecord struct {
	ResourceID         string       `json:"resourceId"`
	DeviceID           string       `json:"deviceId"`
	Type               string       `json:"type"` // ANDROID, IOS_SYNC, GOOGLE_SYNC
	Status             string       `json:"status"`
	Privilege          string       `json:"privilege"`
	SerialNumber       string       `json:"serialNumber"`
	IMEI               string       `json:"imei"`
	MEID               string       `json:"meid"`
	WifiMACAddress     string       `json:"wifiMacAddress"`
	Email              []string     `json:"email"`
	Model              string       `json:"model"`
	Manufacturer       string       `json:"manufacturer"`
	Brand              string       `json:"brand"`
	OS                 string       `json:"os"` // "Android 16", "iOS 26.6.1"
	BuildNumber        string       `json:"buildNumber"`
	LastSync           string       `json:"lastSync"`
	SecurityPatchLevel milliseconds `json:"securityPatchLevel"`
	CompromisedStatus  string       `json:"deviceCompromisedStatus"`
	EncryptionStatus   string       `json:"encryptionStatus"`
	PasswordStatus     string       `json:"devicePasswordStatus"`
	ADB                *bool        `json:"adbStatus"`
	DeveloperOptions   *bool        `json:"developerOptionsStatus"`
	UnknownSources     *bool        `json:"unknownSourcesStatus"`
}

// mobileReport reads one mobile device. It says false for one that an
// administrator has wiped: whoever holds it now, the record is about the past.
func mobileReport(record json.RawMessage) (posture.Report, bool, error) {
	var m mobileRecord
	if err := decode(record, &m); err != nil {
		return posture.Report{}, false, err
	}
	key := m.ResourceID
	if key == "" {
		key = m.DeviceID
	}
	if key == "" {
		return posture.Report{}, false, errNoID
	}
	r := posture.Report{
		Key:    "mobile/" + key,
		Owners: owners(m.Email...),
		SeenAt: moment(m.LastSync),
		Claims: m.claims(),
	}
	r.Identifiers = posture.AppendIdentifier(r.Identifiers, posture.Serial, m.SerialNumber)
	r.Identifiers = posture.AppendIdentifier(r.Identifiers, posture.IMEI, m.IMEI)
	r.Identifiers = posture.AppendIdentifier(r.Identifiers, posture.MEID, m.MEID)
	r.Identifiers = posture.AppendIdentifier(r.Identifiers, posture.MAC, m.WifiMACAddress)
	status := word(m.Status)
	return r, status != "wiped" && status != "accountwiped", nil
}

func (m mobileRecord) claims() []posture.Claim {
	platform := m.platform()
	claims := m.system(platform)
	claims = text(claims, posture.Model, m.Model)
	maker := m.Manufacturer
	if strings.TrimSpace(maker) == "" {
		maker = m.Brand
	}
	if platform == posture.IOS {
		maker = "Apple"
	}
	claims = text(claims, posture.Manufacturer, maker)
	claims = networkAddresses(claims, m.WifiMACAddress)
	claims = append(claims, m.protection()...)
	if platform == posture.Android {
		claims = append(claims, m.androidSettings()...)
	}
	return claims
}

// platform is what the system's name says, else what the kind of synchronisation
// says. A "Windows Phone" is no Windows.
func (m mobileRecord) platform() posture.Platform {
	if p, _ := posture.ParsePlatform(m.OS); p == posture.Android || p == posture.IOS {
		return p
	} else if strings.TrimSpace(m.OS) != "" {
		return posture.UnknownPlatform
	}
	switch word(m.Type) {
	case "android":
		return posture.Android
	case "iossync":
		return posture.IOS
	}
	return posture.UnknownPlatform
}

// system claims what the device runs.
func (m mobileRecord) system(platform posture.Platform) []posture.Claim {
	var claims []posture.Claim
	if platform != posture.UnknownPlatform {
		claims = append(claims, posture.RunsOn.Is(platform))
	}
	version, known := posture.ParseVersion(m.OS)
	name := strings.TrimSpace(m.OS)
	if at := strings.IndexAny(name, digits); at >= 0 {
		name = strings.TrimSpace(name[:at])
	}
	// "iOS" of an iPad must not stand in for the "iPadOS" that another source knows.
	if name != platform.SystemName() {
		claims = text(claims, posture.OSName, name)
	}
	// Exchange ActiveSync, which is GOOGLE_SYNC, cuts "9.3.1" down to "9.3": an
	// up-to-date phone would look old.
	if known && word(m.Type) != "googlesync" {
		claims = append(claims, posture.OSVersion.Is(version))
	}
	claims = text(claims, posture.OSBuild, m.BuildNumber)
	if day, ok := m.SecurityPatchLevel.day(); ok && platform == posture.Android {
		claims = append(claims, posture.SecurityPatch.Is(day))
	}
	return claims
}

// protection claims what Google's words plainly say. Its other words
// ("Undetected" and "Unknown" of iOS, nothing at all) mean that it does not know.
func (m mobileRecord) protection() []posture.Claim {
	var claims []posture.Claim
	switch word(m.CompromisedStatus) {
	case "no compromise detected":
		claims = append(claims, posture.Compromised.Is(false).Because("No compromise detected"))
	case "compromise detected":
		claims = append(claims, posture.Compromised.Is(true).Because("Compromise detected"))
	}
	switch word(m.EncryptionStatus) {
	case "encrypted":
		claims = append(claims, posture.DiskEncrypted.Is(true).Because("Encryption: encrypted"))
	case "not encrypted", "notencrypted", "unencrypted":
		claims = append(claims, posture.DiskEncrypted.Is(false).Because("Encryption: not encrypted"))
	}
	switch word(m.PasswordStatus) {
	case "on":
		claims = append(claims, posture.ScreenLocks.Is(true).Because("Device password: on"))
	case "off":
		claims = append(claims, posture.ScreenLocks.Is(false).Because("Device password: off"))
	}
	// APPROVED only says that the account may be used; the privilege says that
	// the management's agent is there.
	switch word(m.Privilege) {
	case "device administrator":
		claims = append(claims, posture.Managed.Is(true).Because("Google Apps Device Policy is device administrator"))
	case "device owner":
		claims = append(claims, posture.Managed.Is(true).Because("Google Apps Device Policy owns the device"))
	case "profile owner":
		claims = append(claims, posture.Managed.Is(true).Because("Google Apps Device Policy owns the work profile"))
	}
	return claims
}

// androidSettings claims what only Android has. Google sends false for iOS, too.
func (m mobileRecord) androidSettings() []posture.Claim {
	var claims []posture.Claim
	if m.ADB != nil {
		detail := "USB debugging: " + onOff(*m.ADB)
		if m.DeveloperOptions != nil {
			detail += ", developer options: " + onOff(*m.DeveloperOptions)
		}
		claims = append(claims, posture.DebugBridge.Is(*m.ADB).Because(detail))
	}
	// Since Android 8 each app has a permission of its own, and this switch says nothing.
	if version, ok := posture.ParseVersion(m.OS); ok && version.Major() < 8 && m.UnknownSources != nil {
		claims = append(claims, posture.UnknownSources.Is(*m.UnknownSources).Because("Unknown sources: "+onOff(*m.UnknownSources)))
	}
	return claims
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
