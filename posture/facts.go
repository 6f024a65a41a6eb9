package posture

import "time"

// What a machine is.
var (
	// Name is what its owner calls it: "Sam's MacBook Pro".
	Name = NewFact[string]("name")
	// Model is what its maker calls it: "MacBook Pro (14-inch, 2023)".
	Model = NewFact[string]("model")
	// Manufacturer is who made it: "Apple", "LENOVO".
	Manufacturer = NewFact[string]("manufacturer")
	// RunsOn is the platform; the practices choose their steps by it.
	RunsOn = NewFact[Platform]("platform")
	// OSName is the system's own name, where it says more than the platform: "iPadOS", "Ubuntu".
	OSName = NewFact[string]("os_name")
	// OSVersion is the system's version.
	OSVersion = NewFact[Version]("os_version")
	// OSBuild is the vendor's build of it: "25B78".
	OSBuild = NewFact[string]("os_build")
	// SecurityPatch is the day of Android's security patch level, midnight UTC.
	SecurityPatch = NewFact[time.Time]("security_patch")
	// NetworkAddresses are all adapters' MAC addresses as FormatMAC writes them,
	// also those that cannot identify a machine.
	NetworkAddresses = NewFact[[]string]("network_addresses")
	// Managed says whether an organisation's management is on the machine.
	Managed = NewFact[bool]("managed")
)

// How a machine is set up. Each is true when the thing named is so; a source
// that does not know claims nothing.
var (
	// DiskEncrypted: the system's own disk is encrypted, all of it.
	DiskEncrypted = NewFact[bool]("disk_encrypted")
	// FirewallOn: incoming connections are filtered.
	FirewallOn = NewFact[bool]("firewall_on")
	// ScreenLocks: the screen locks by itself, or a passcode is set on a phone.
	ScreenLocks = NewFact[bool]("screen_locks")
	// UpdatesInstall: the system looks for updates and installs them by itself.
	UpdatesInstall = NewFact[bool]("updates_install")
	// UpdatesWaiting are the names of updates that the system offers and that
	// are not installed; empty and not nil when it was asked and there are none.
	UpdatesWaiting = NewFact[[]string]("updates_waiting")
	// RemoteLogin: others can log in over the network (SSH, remote desktop).
	RemoteLogin = NewFact[bool]("remote_login")
	// Compromised: the system was jailbroken, rooted or failed verified boot.
	Compromised = NewFact[bool]("compromised")
	// UnknownSources: Android installs apps from outside the store.
	UnknownSources = NewFact[bool]("unknown_sources")
	// DebugBridge: Android's debug bridge (adb) is on.
	DebugBridge = NewFact[bool]("debug_bridge")
	// Installed is the software on the machine, complete as far as the source looks.
	Installed = NewFact[[]Software]("software_installed")
	// Running are the names of services and agents that run.
	Running = NewFact[[]string]("services_running")
)

// Software is one program on a machine. Fields that the source does not tell
// are empty.
type Software struct {
	Name    string  // "Slack.app", "Carbon Black Cloud Sensor"
	ID      string  // a bundle or package identifier: "com.tinyspeck.slackmacgap"
	Version Version // as the source writes it
}
