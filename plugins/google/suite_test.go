package google

import (
	"net/http"
	"os"
	"testing"

	"stethoscope/demo/fakegoogle"
	"stethoscope/plugins/plugintest"
	"stethoscope/posture"
)

func TestKeepsTheContractOfPlugins(t *testing.T) {
	serial, ok := posture.Serial("NXK0NEK00313702A4B7600")
	if !ok {
		t.Fatal("not a serial")
	}
	samples := os.DirFS("../../sample-data/google")
	plugintest.Run(t, plugintest.Suite{
		Plugin:           Plugin,
		Settings:         "act_as: reader@example.com\ncredentials: env:KEY\nchromeos_locks_on_sleep: true\n",
		Secrets:          map[string]string{"KEY": string(newKey())},
		Vendor:           fakegoogle.New(samples),
		VendorUnfiltered: unfiltered{fakegoogle.New(samples)},
		Email:            "user@example.com",
		Finds:            []posture.Identifier{serial},
		Stranger:         "nobody@example.com",
		NotInSamples:     []string{posture.OSName.Name(), posture.UnknownSources.Name()}, // only a colleague’s ChromeOS Flex and Android 7 have them; the record tests hear these
		README:           "README.md",
		Example:          "settings.example.yaml",
	})
}

// unfiltered answers every search with everything, as a server that does not
// know the field would.
type unfiltered struct{ google http.Handler }

func (u unfiltered) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	q.Del("query")
	r.URL.RawQuery = q.Encode()
	u.google.ServeHTTP(w, r)
}
