// Package jamf asks Jamf Pro, the management of Macs, iPhones and iPads, about
// its two inventories. Start at [Plugin]; settings.go reads what the
// configuration says; source.go turns clues into questions and asks both
// inventories side by side; rsql.go writes a question so that it can never find
// more than was asked; client.go holds the conversation: token, pages, older
// servers; computers.go and mobile.go read one record each; filevault.go,
// automatic_updates.go and extension_attributes.go are what needs more than a
// line. README.md tells operators the rest.
//
// Not an API.
package jamf

import (
	"stethoscope/config"
	"stethoscope/plugins"
	"stethoscope/posture"
)

// Plugin is Jamf Pro. Whose a machine is, an administrator or the company's
// directory writes into Jamf, not the machine: its word on owners counts.
var Plugin = plugins.Plugin{
	Name:           "jamf",
	Title:          "Jamf",
	OwnerAuthority: true,
	Claims: []string{
		posture.Name.Name(),
		posture.Model.Name(),
		posture.Manufacturer.Name(),
		posture.RunsOn.Name(),
		posture.OSName.Name(),
		posture.OSVersion.Name(),
		posture.OSBuild.Name(),
		posture.NetworkAddresses.Name(),
		posture.Managed.Name(),
		posture.DiskEncrypted.Name(),
		posture.FirewallOn.Name(),
		posture.ScreenLocks.Name(),
		posture.UpdatesInstall.Name(),
		posture.UpdatesWaiting.Name(),
		posture.RemoteLogin.Name(),
		posture.Compromised.Name(),
		posture.Installed.Name(),
		posture.Running.Name(),
	},
	Open: func(env plugins.Env, block config.Block) (plugins.Source, error) {
		s, err := readSettings(block)
		if err != nil {
			return nil, err
		}
		return newSource(env, s), nil
	},
}
