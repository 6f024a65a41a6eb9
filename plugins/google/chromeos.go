package google

import (
	"encoding/json"
	"strings"

	"stethoscope/posture"
)

// A chromeOSRecord has the fields that are used of a ChromeOS device
// (developers.google.com/workspace/admin/directory/reference/rest/v1/chromeosdevices).
//
// annotatedUser is not among them: it is a note, and is filled in with whoever
// enrolled the machine. dockMacAddress is read so that it can be left out: docks
// are shared.
type chromeOSRecord struct {
	DeviceID            string `json:"deviceId"`
	Status              string `json:"status"`
	SerialNumber        string `json:"serialNumber"`
	MEID                string `json:"meid"` // a MEID or an IMEI
	MACAddress          string `json:"macAddress"`
	EthernetMACAddress  string `json:"ethernetMacAddress"`
	EthernetMACAddress0 string `json:"ethernetMacAddress0"` // the built-in port
	DockMACAddress      string `json:"dockMacAddress"`
	Model               string `json:"model"`
	OSVersion           string `json:"osVersion"`       // "151.0.7922.75"
	PlatformVersion     string `json:"platformVersion"` // "16433.41.0 (Official Build) stable-channel eve"
	ChromeOSType        string `json:"chromeOsType"`
	BootMode            string `json:"bootMode"`
	LastSync            string `json:"lastSync"`
	OSVersionCompliance string `json:"osVersionCompliance"`
	OSUpdateStatus      struct {
		State           string `json:"state"`
		TargetOSVersion string `json:"targetOsVersion"` // a platform version
	} `json:"osUpdateStatus"`
	RecentUsers []struct {
		Type  string `json:"type"`
		Email string `json:"email"`
	} `json:"recentUsers"` // who signed in, newest first
}

// notInUse are the states of a machine that nobody of the organisation uses:
// it has left, has not arrived, or was locked for good by an administrator.
var notInUse = map[string]bool{
	"deprovisioned":  true,
	"disabled":       true,
	"inactive":       true,
	"preprovisioned": true,
	"shipped":        true,
	"returnarrived":  true,
}

// chromeOSReport reads one ChromeOS device. It says false for one that is not
// in use. policyLocks is the administrator's word that policy locks Chromebooks
// when they sleep.
func chromeOSReport(record json.RawMessage, policyLocks bool) (posture.Report, bool, error) {
	var c chromeOSRecord
	if err := decode(record, &c); err != nil {
		return posture.Report{}, false, err
	}
	if c.DeviceID == "" {
		return posture.Report{}, false, errNoID
	}
	// With MAC pass-through the Ethernet adapter bears the dock's address.
	ethernet := c.EthernetMACAddress
	if mac, ok := posture.FormatMAC(ethernet); ok {
		if dock, isDock := posture.FormatMAC(c.DockMACAddress); isDock && dock == mac {
			ethernet = ""
		}
	}
	r := posture.Report{
		Key:    "chromeos/" + c.DeviceID,
		Owners: c.owners(),
		SeenAt: moment(c.LastSync),
		Claims: networkAddresses(c.claims(policyLocks), c.MACAddress, ethernet, c.EthernetMACAddress0),
	}
	r.Identifiers = posture.AppendIdentifier(r.Identifiers, posture.Serial, c.SerialNumber)
	radio := posture.IMEI
	if strings.Trim(c.MEID, digits+" -/.") != "" || len(c.MEID) == 18 { // hexadecimal, or the decimal form of a MEID
		radio = posture.MEID
	}
	r.Identifiers = posture.AppendIdentifier(r.Identifiers, radio, c.MEID)
	for _, mac := range []string{c.MACAddress, ethernet, c.EthernetMACAddress0} {
		r.Identifiers = posture.AppendIdentifier(r.Identifiers, posture.MAC, mac)
	}
	return r, !notInUse[word(c.Status)], nil
}

// owners is whoever signed in last. If that was a guest or a private account,
// the machine is nobody's: the one before may have given it away.
func (c chromeOSRecord) owners() []string {
	if len(c.RecentUsers) == 0 || word(c.RecentUsers[0].Type) == "usertypeunmanaged" {
		return nil
	}
	return owners(c.RecentUsers[0].Email)
}

func (c chromeOSRecord) claims(policyLocks bool) []posture.Claim {
	claims := []posture.Claim{posture.RunsOn.Is(posture.ChromeOS)}
	if t := word(c.ChromeOSType); t == "chromeosflex" {
		claims = append(claims, posture.OSName.Is("ChromeOS Flex"))
	}
	// platformVersion counts otherwise and must never be compared with osVersion.
	if version, ok := posture.ParseVersion(c.OSVersion); ok {
		claims = append(claims, posture.OSVersion.Is(version))
	}
	claims = text(claims, posture.OSBuild, c.PlatformVersion)
	claims = text(claims, posture.Model, c.Model)

	boot := word(c.BootMode)
	switch boot {
	case "verified", "validated":
		claims = append(claims, posture.Compromised.Is(false).Because("Boot mode: verified"))
	case "dev":
		claims = append(claims, posture.Compromised.Is(true).Because("Boot mode: developer"))
	}
	if boot != "dev" { // with a developer's shell nothing of the system is sure
		claims = append(claims, posture.DiskEncrypted.Is(true).Because("ChromeOS always encrypts what people keep on it, and nobody can turn that off"))
	}
	switch word(c.Status) {
	case "active":
		claims = append(claims, posture.Managed.Is(true).Because("Enrolled in Google Workspace"))
		if policyLocks {
			claims = append(claims, posture.ScreenLocks.Is(true).Because("Your organisation’s policy locks Chromebooks when they sleep"))
		}
	case "delinquent":
		claims = append(claims, posture.Managed.Is(false).Because("The licence has run out, so policies no longer reach it"))
	}
	return append(claims, c.updates()...)
}

// updates claims the updates that wait. What the updater is doing says more
// than the judgement by the organisation's version policy.
func (c chromeOSRecord) updates() []posture.Claim {
	name := "ChromeOS"
	// Google sends 0.0.0.0 when it lost track of which version waits.
	if v, ok := posture.ParseVersion(c.OSUpdateStatus.TargetOSVersion); ok && v.Compare("0") > 0 {
		name += " (platform " + string(v) + ")"
	}
	waiting := func(detail string) []posture.Claim {
		return []posture.Claim{posture.UpdatesWaiting.Is([]string{name}).Because(detail)}
	}
	switch word(c.OSUpdateStatus.State) {
	case "updatestateneedreboot":
		return waiting("An update is ready and waits for a restart")
	case "updatestatedownloadinprogress":
		return waiting("An update is being downloaded")
	case "updatestatenotstarted":
		return waiting("An update waits to be downloaded")
	}
	switch word(c.OSVersionCompliance) {
	case "pending":
		return waiting("OS version: update pending")
	case "compliant":
		return []posture.Claim{posture.UpdatesWaiting.Is([]string{}).Because("OS version: compliant")}
	}
	return nil
}
