package jamf

import (
	"testing"

	"stethoscope/demo/fakejamf"
	"stethoscope/plugins/plugintest"
	"stethoscope/posture"
)

func TestKeepsTheContractOfPlugins(t *testing.T) {
	plugintest.Run(t, plugintest.Suite{
		Plugin:           Plugin,
		Settings:         "url: https://example.jamfcloud.com\nclient_id: test\nclient_secret: env:JAMF_CLIENT_SECRET\n",
		Secrets:          map[string]string{"JAMF_CLIENT_SECRET": secret},
		Vendor:           fakejamf.New(samples()),
		VendorUnfiltered: fake(fakejamf.Options{IgnoreFilter: true}),
		Email:            sam,
		Finds: []posture.Identifier{
			must(t)(posture.Serial("K7QX2M9PLD")),
			must(t)(posture.HardwareUUID("6E1B7C52-93D4-5A0F-8C21-4F7A9B03D6E8")),
			must(t)(posture.MAC("F4:D4:88:6B:21:0A")),
			must(t)(posture.UDID("4f0a8d3c1be7926508a9d4c7e3b1f5602d8c97ae")),
			must(t)(posture.IMEI("35674409182736")),
		},
		Stranger: "nobody@example.com",
		README:   "README.md",
		Example:  "settings.example.yaml",
	})
}
