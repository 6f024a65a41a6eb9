package practices

import (
	"fmt"
	"io/fs"
	"os"
	"testing"
	"time"

	"stethoscope/config"
	"stethoscope/posture"
)

// TestMain reads our texts before any test does, so that a mistake in one is
// said once and not by every test that needs the words.
func TestMain(m *testing.M) {
	if err := openOurs(); err != nil {
		fmt.Fprintf(os.Stderr, "The words of our practices cannot be used, so no test was run:\n\n%v\n\n", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// openOurs reads every text that we ship, software.md too.
func openOurs() error {
	settings, err := config.Parse([]byte(`practices: {software: [{key: any, title: Any, any_of: [any]}]}`), config.Resolver{})
	if err != nil {
		return err
	}
	_, err = Open(Standard(), settings.At("practices"), nil)
	return err
}

// now is when the tests judge: the same day as the demo's.
var now = time.Date(2026, 11, 22, 4, 22, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

const aDay = 24 * time.Hour

// report is what a source said at a time about a machine of a platform.
func report(source string, at time.Time, claims ...posture.Claim) posture.Report {
	serial, _ := posture.Serial("C02EXAMPLE1")
	return posture.Report{
		Source: posture.Source{Name: source, Title: source}, Key: source + "/1", SeenAt: at,
		Identifiers: []posture.Identifier{serial}, Claims: claims,
	}
}

func deviceOf(reports ...posture.Report) posture.Device { return posture.Device{Reports: reports} }

// device is a Mac that one source saw an hour ago.
func device(claims ...posture.Claim) posture.Device { return on(posture.MacOS, claims...) }

func on(p posture.Platform, claims ...posture.Claim) posture.Device {
	return deviceOf(report("Jamf", ago(time.Hour), append([]posture.Claim{posture.RunsOn.Is(p)}, claims...)...))
}

func block(t testing.TB, yaml string) config.Block {
	t.Helper()
	b, err := config.Parse([]byte(yaml), config.Resolver{})
	if err != nil {
		t.Fatal(err)
	}
	return b.At("practices")
}

func openSet(t testing.TB, yaml string, texts fs.FS) *Set {
	t.Helper()
	set, err := Open(Standard(), block(t, yaml), texts)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// judge returns what the practice with this key says of the device.
func judge(t testing.TB, set *Set, key string, d posture.Device) posture.Recommendation {
	t.Helper()
	for _, r := range set.Judge([]posture.Device{d}, now)[0].Recommendations {
		if r.Key == key {
			return r
		}
	}
	t.Fatalf("no practice %q spoke", key)
	return posture.Recommendation{}
}
