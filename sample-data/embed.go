// Package sampledata holds what each vendor would have sent for the demo's
// made-up people, in that vendor's own format, and the demo's configuration.
// The demo and the plugins' tests read the same files. Nothing here is real.
//
// Not an API.
package sampledata

import "embed"

// Files holds demo.yaml and a folder for each vendor.
//
//go:embed *.yaml all:jamf all:google
var Files embed.FS
