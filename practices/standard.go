package practices

import "embed"

//go:embed texts/*.md
var embedded embed.FS

// Standard returns this project's kinds of practices, in the order in which
// people see what they say.
func Standard() []Kind {
	return []Kind{
		encryption.Kind(),
		upToDate(),
		autoUpdate.Kind(),
		firewall.Kind(),
		screenLock.Kind(),
		remoteLogin.Kind(),
		jailed.Kind(),
		unknownSources.Kind(),
		debugBridge.Kind(),
		sentinel.Kind(),
		carbonBlack.Kind(),
		softwareList(),
	}
}
