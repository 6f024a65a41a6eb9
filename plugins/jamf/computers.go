package jamf

import (
	"encoding/json"
	"strings"
	"time"

	"stethoscope/posture"
)

// computersPaths are the addresses of the computer inventory, newest first.
// They answer alike in all that is read here; v4 (Jamf Pro 11.30) renamed
// general.lastContactTime to lastCheckIn, neither of which is read, since both
// move without any new inventory. v2 differs from v3 in nothing of interest.
var computersPaths = []string{"/api/v4/computers-inventory", "/api/v3/computers-inventory", "/api/v1/computers-inventory"}

// computersSections are the parts of a record to send. PURCHASING is there for
// the extension attributes that an organisation displays under it.
var computersSections = []string{
	"GENERAL", "HARDWARE", "OPERATING_SYSTEM", "USER_AND_LOCATION", "DISK_ENCRYPTION", "STORAGE", "SECURITY",
	"APPLICATIONS", "SERVICES", "SOFTWARE_UPDATES", "EXTENSION_ATTRIBUTES", "PURCHASING",
}

// computer is what is read of a record of the computer inventory
// (https://developer.jamf.com/jamf-pro/reference/get_v4-computers-inventory).
// Sections that were not answered are null.
type computer struct {
	ID      string `json:"id"`
	UDID    string `json:"udid"`
	General struct {
		Name             string `json:"name"`
		Platform         string `json:"platform"`
		ReportDate       string `json:"reportDate"`
		RemoteManagement struct {
			Managed yesNo `json:"managed"`
		} `json:"remoteManagement"`
		ExtensionAttributes []extensionAttribute `json:"extensionAttributes"`
	} `json:"general"`
	Hardware struct {
		Make                string               `json:"make"`
		Model               string               `json:"model"`
		SerialNumber        string               `json:"serialNumber"`
		MACAddress          string               `json:"macAddress"`
		AltMACAddress       string               `json:"altMacAddress"`
		ProvisioningUDID    string               `json:"provisioningUdid"`
		ExtensionAttributes []extensionAttribute `json:"extensionAttributes"`
	} `json:"hardware"`
	OperatingSystem struct {
		Name                  string               `json:"name"`
		Version               string               `json:"version"`
		Build                 string               `json:"build"`
		RapidSecurityResponse string               `json:"rapidSecurityResponse"`
		FileVault             string               `json:"fileVault2Status"`
		ExtensionAttributes   []extensionAttribute `json:"extensionAttributes"`
	} `json:"operatingSystem"`
	UserAndLocation struct {
		Username            string               `json:"username"`
		Email               string               `json:"email"`
		ExtensionAttributes []extensionAttribute `json:"extensionAttributes"`
	} `json:"userAndLocation"`
	Purchasing struct {
		ExtensionAttributes []extensionAttribute `json:"extensionAttributes"`
	} `json:"purchasing"`
	DiskEncryption diskEncryption `json:"diskEncryption"`
	Storage        storage        `json:"storage"`
	Security       struct {
		FirewallEnabled yesNo `json:"firewallEnabled"`
	} `json:"security"`
	Applications []struct {
		Name     string `json:"name"`
		BundleID string `json:"bundleId"`
		Version  string `json:"version"`
	} `json:"applications"`
	Services []struct {
		Name string `json:"name"`
	} `json:"services"`
	SoftwareUpdates []struct {
		Name        string `json:"name"`
		Version     string `json:"version"`
		PackageName string `json:"packageName"`
	} `json:"softwareUpdates"`
	ExtensionAttributes []extensionAttribute `json:"extensionAttributes"`
}

// readComputer turns one record of the computer inventory into a report.
func readComputer(record []byte, names attributeNames, now time.Time) (posture.Report, error) {
	var c computer
	if err := json.Unmarshal(record, &c); err != nil || c.ID == "" {
		return posture.Report{}, errRecord
	}
	answers := gatherAttributes(c.ExtensionAttributes, c.General.ExtensionAttributes, c.Hardware.ExtensionAttributes,
		c.OperatingSystem.ExtensionAttributes, c.UserAndLocation.ExtensionAttributes, c.Purchasing.ExtensionAttributes)
	wireless := answers.text(names.WirelessMAC)
	report := posture.Report{
		Key:    "computer/" + c.ID,
		Owners: owners(c.UserAndLocation.Email, c.UserAndLocation.Username),
		SeenAt: timestamp(c.General.ReportDate, now),
	}
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.Serial, c.Hardware.SerialNumber)
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.UDID, c.UDID)
	report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.UDID, c.Hardware.ProvisioningUDID)
	for _, mac := range []string{c.Hardware.MACAddress, c.Hardware.AltMACAddress, wireless} {
		report.Identifiers = posture.AppendIdentifier(report.Identifiers, posture.MAC, mac)
	}
	claims := c.whatItIs(wireless)
	claims = append(claims, diskEncrypted(&c)...)
	claims = c.Security.FirewallEnabled.claim(claims, posture.FirewallOn, "Firewall: on", "Firewall: off")
	if locks, ok := answers.yes(names.ScreenLock); ok {
		claims = append(claims, posture.ScreenLocks.Is(locks).Because(attributeDetail(names.ScreenLock, answers)))
	}
	if open, ok := answers.yes(names.RemoteLogin); ok {
		claims = append(claims, posture.RemoteLogin.Is(open).Because(attributeDetail(names.RemoteLogin, answers)))
	}
	claims = append(claims, automaticUpdates(answers, names)...)
	report.Claims = append(claims, c.software()...)
	return report, nil
}

func attributeDetail(name string, answers attributes) string {
	return strings.TrimSpace(name) + ": " + answers.text(name)
}

func (c *computer) whatItIs(wireless string) []posture.Claim {
	var claims []posture.Claim
	claims = claimText(claims, posture.Name, c.General.Name)
	claims = claimText(claims, posture.Model, c.Hardware.Model)
	claims = claimText(claims, posture.Manufacturer, c.Hardware.Make)
	for _, system := range []string{c.General.Platform, c.OperatingSystem.Name} {
		if platform, ok := posture.ParsePlatform(system); ok {
			claims = append(claims, posture.RunsOn.Is(platform))
			break
		}
	}
	claims = claimText(claims, posture.OSName, c.OperatingSystem.Name)
	claims = claimVersion(claims, c.OperatingSystem.Version, c.OperatingSystem.RapidSecurityResponse)
	claims = claimText(claims, posture.OSBuild, c.OperatingSystem.Build)
	claims = claimAddresses(claims, c.Hardware.MACAddress, c.Hardware.AltMACAddress, wireless)
	return c.General.RemoteManagement.Managed.claim(claims, posture.Managed, "Managed by Jamf", "In Jamf, but not managed by it")
}

// software claims what is installed, what runs and which updates wait. Jamf
// sends an empty list of applications or services when the organisation does
// not collect them, since no Mac is without any: that is not known.
func (c *computer) software() []posture.Claim {
	var claims []posture.Claim
	if c.SoftwareUpdates != nil {
		waiting := []string{}
		for _, update := range c.SoftwareUpdates {
			name := strings.TrimSpace(update.Name)
			if name == "" {
				name = strings.TrimSpace(update.PackageName)
			}
			if version := strings.TrimSpace(update.Version); !strings.Contains(name, version) {
				name = strings.TrimSpace(name + " " + version)
			}
			if name == "" {
				name = "An update without a name"
			}
			waiting = append(waiting, name)
		}
		claims = append(claims, posture.UpdatesWaiting.Is(waiting))
	}
	if len(c.Applications) > 0 {
		installed := make([]posture.Software, 0, len(c.Applications))
		for _, a := range c.Applications {
			installed = append(installed, posture.Software{Name: a.Name, ID: a.BundleID, Version: posture.Version(a.Version)})
		}
		claims = append(claims, posture.Installed.Is(installed))
	}
	if len(c.Services) > 0 {
		running := make([]string, 0, len(c.Services))
		for _, s := range c.Services {
			running = append(running, s.Name)
		}
		claims = append(claims, posture.Running.Is(running))
	}
	return claims
}
