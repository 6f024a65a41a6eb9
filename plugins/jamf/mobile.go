package jamf

import (
	"encoding/json"
	"strings"
	"time"

	"stethoscope/posture"
)

// mobilePaths is the address of the mobile device inventory. It is the only
// list of mobile devices that honours a filter; plain /v2/mobile-devices
// ignores it.
var mobilePaths = []string{"/api/v2/mobile-devices/detail"}

var mobileSections = []string{"GENERAL", "HARDWARE", "USER_AND_LOCATION", "SECURITY", "NETWORK"}

// mobileDevice is what is read of a record of the mobile device inventory
// (https://developer.jamf.com/jamf-pro/reference/get_v2-mobile-devices-detail).
type mobileDevice struct {
	ID         string `json:"mobileDeviceId"`
	DeviceType string `json:"deviceType"` // "iOS" for iPads too, "tvOS", "visionOS", "watchOS"
	General    struct {
		UDID                    string `json:"udid"`
		DisplayName             string `json:"displayName"`
		OSVersion               string `json:"osVersion"`
		OSBuild                 string `json:"osBuild"`
		OSRapidSecurityResponse string `json:"osRapidSecurityResponse"`
		LastInventoryUpdateDate string `json:"lastInventoryUpdateDate"`
		Managed                 yesNo  `json:"managed"`
	} `json:"general"`
	Hardware struct {
		SerialNumber        string `json:"serialNumber"`
		WiFiMACAddress      string `json:"wifiMacAddress"`
		BluetoothMACAddress string `json:"bluetoothMacAddress"`
		Model               string `json:"model"`
		ModelIdentifier     string `json:"modelIdentifier"`
	} `json:"hardware"`
	UserAndLocation struct {
		Username     string `json:"username"`
		EmailAddress string `json:"emailAddress"`
	} `json:"userAndLocation"`
	Security struct {
		DataProtected      yesNo `json:"dataProtected"`
		HardwareEncryption *int  `json:"hardwareEncryption"` // Apple's HardwareEncryptionCaps: 0 none, 1 block, 2 file, 3 both
		PasscodePresent    yesNo `json:"passcodePresent"`
		JailBreakDetected  yesNo `json:"jailBreakDetected"`
	} `json:"security"`
	Network struct {
		IMEI string `json:"imei"`
		MEID string `json:"meid"`
	} `json:"network"`
}

// readMobileDevice turns one record of the mobile device inventory into a report.
func readMobileDevice(record []byte, now time.Time) (posture.Report, error) {
	var m mobileDevice
	if err := json.Unmarshal(record, &m); err != nil || m.ID == "" {
		return posture.Report{}, errRecord
	}
	report := posture.Report{
		Key:    "mobile/" + m.ID,
		Owners: owners(m.UserAndLocation.EmailAddress, m.UserAndLocation.Username),
		SeenAt: timestamp(m.General.LastInventoryUpdateDate, now),
	}
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.Serial, m.Hardware.SerialNumber)
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.UDID, m.General.UDID)
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.IMEI, m.Network.IMEI)
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.MEID, m.Network.MEID)
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.MAC, m.Hardware.WiFiMACAddress)

	var claims []posture.Claim
	claims = claimText(claims, posture.Name, m.General.DisplayName)
	claims = claimText(claims, posture.Model, m.Hardware.Model)
	claims = append(claims, posture.Manufacturer.Is("Apple")) // Jamf manages nobody else's
	system := m.system()
	if platform, ok := posture.ParsePlatform(system); ok {
		claims = append(claims, posture.RunsOn.Is(platform))
	}
	claims = claimText(claims, posture.OSName, system)
	claims = claimVersion(claims, m.General.OSVersion, m.General.OSRapidSecurityResponse)
	claims = claimText(claims, posture.OSBuild, m.General.OSBuild)
	claims = claimAddresses(claims, m.Hardware.WiFiMACAddress, m.Hardware.BluetoothMACAddress)
	claims = m.General.Managed.claim(claims, posture.Managed, "Managed by Jamf", "In Jamf, but not managed by it")
	claims = append(claims, m.encrypted()...)
	claims = m.Security.PasscodePresent.claim(claims, posture.ScreenLocks, "Passcode: set", "Passcode: not set")
	claims = m.Security.JailBreakDetected.claim(claims, posture.Compromised, "Jailbreak: found", "Jailbreak: not found")
	report.Claims = claims
	return report, nil
}

// system returns the system's own name: Jamf says "iOS" of an iPad.
func (m *mobileDevice) system() string {
	for _, model := range []string{m.Hardware.Model, m.Hardware.ModelIdentifier} {
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(model)), "ipad") && strings.EqualFold(m.DeviceType, "iOS") {
			return "iPadOS"
		}
	}
	return m.DeviceType
}

// encrypted claims whether data protection is on. Where Jamf does not say, it
// follows from its two halves: hardware that encrypts, and a passcode that
// keeps the key.
func (m *mobileDevice) encrypted() []posture.Claim {
	protected := m.Security.DataProtected
	passcode := m.Security.PasscodePresent
	switch hardware := m.Security.HardwareEncryption; {
	case protected.known || hardware == nil || *hardware < 0 || *hardware > 3:
	case *hardware == 0:
		return []posture.Claim{posture.DiskEncrypted.Is(false).Because("Hardware encryption: none")}
	default:
		protected = passcode
	}
	return protected.claim(nil, posture.DiskEncrypted, "Data protection: on", "Data protection: off")
}
