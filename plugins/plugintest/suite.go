package plugintest

import (
	"net/http"
	"testing"

	"stethoscope/plugins"
	"stethoscope/posture"
)

// A Suite describes one plugin, and a vendor who knows somebody's machines.
type Suite struct {
	Plugin plugins.Plugin
	// Settings is the YAML of the source's block without plugin and name. It
	// refers to secrets as env:NAME.
	Settings string
	// Secrets are what env:NAME resolves to. Make them long and unlike any
	// other word: none may appear in any error or log line. An example's
	// file:PATH is looked up as PATH; if there is only one secret, every
	// reference in the example resolves to it.
	Secrets map[string]string
	// Vendor answers as the vendor does, over the plugin's samples, whatever
	// host it is asked as. It must be safe for requests side by side.
	Vendor http.Handler
	// VendorUnfiltered is a vendor who ignores every filter and returns all
	// that it has; nil if there is no such thing.
	VendorUnfiltered http.Handler
	// Email is of somebody with machines there. They must be found.
	Email string
	// Finds are identifiers by which the plugin must find at least one report
	// that carries them, whoever's machine it is.
	Finds []posture.Identifier
	// Stranger is nobody's email: nothing may be found.
	Stranger string
	// NotInSamples are declared facts that no sample lets the plugin claim.
	NotInSamples []string
	// README is the path of the plugin's README.md. The first column of the
	// table under its heading "What it tells" must list exactly Plugin.Claims.
	README string
	// Example is the path of settings.example.yaml, which must open. It may be
	// the source's block alone, a list of sources, or have them under sources.
	Example string
}

// Run runs every check as a subtest.
func Run(t *testing.T, s Suite) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			for _, failure := range c.run(t, &s) {
				t.Error(failure)
			}
		})
	}
}

// A check returns what is wrong as sentences and never fails t, so that this
// package's own tests can see whether it notices a plugin that is wrong.
type check struct {
	name string
	run  func(t *testing.T, s *Suite) []string
}

// everything are all clues of the suite at once.
func (s *Suite) everything() posture.Clues {
	return posture.Clues{Email: s.Email, Identifiers: append([]posture.Identifier(nil), s.Finds...)}
}

// nobodys are identifiers of every kind that no machine has.
func nobodys() []posture.Identifier {
	var ids []posture.Identifier
	ids = posture.AppendIdentifier(ids, posture.Serial, "ZQNOBODY7351")
	ids = posture.AppendIdentifier(ids, posture.HardwareUUID, "7D1E5C0B-93A4-4F68-8E2D-0B6C9A17F35E")
	ids = posture.AppendIdentifier(ids, posture.UDID, "7d1e5c0b93a44f688e2d0b6c9a17f35e7d1e5c0b")
	ids = posture.AppendIdentifier(ids, posture.IMEI, "350731904186275")
	ids = posture.AppendIdentifier(ids, posture.MEID, "A3F70162D94B58")
	ids = posture.AppendIdentifier(ids, posture.MAC, "00:0D:93:7A:C1:5E")
	return ids
}
