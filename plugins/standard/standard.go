// Package standard lists the plugins that this project ships. An organisation's
// own build appends to it.
//
// This package is an API for builds in other repositories.
package standard

import (
	"stethoscope/plugins"
	"stethoscope/plugins/google"
	"stethoscope/plugins/jamf"
)

// Plugins returns every plugin of this project, ordered by name.
func Plugins() []plugins.Plugin {
	return []plugins.Plugin{google.Plugin, jamf.Plugin}
}
