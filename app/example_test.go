package app

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stethoscope/config"
	"stethoscope/demo"
	"stethoscope/demo/fakegoogle"
	"stethoscope/posture"
	"stethoscope/practices"
)

// example returns stethoscope.example.yaml, as it is and with what is commented
// out in force.
func example(t *testing.T) (asItIs, uncommented []byte) {
	t.Helper()
	data, err := os.ReadFile("../stethoscope.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	keys := regexp.MustCompile(`(?m)^( *)#([a-z])`).ReplaceAll(data, []byte("$1$2"))
	uncommented = []byte(strings.Replace(string(keys), "/etc/stethoscope/texts", t.TempDir(), 1))
	if string(uncommented) == string(keys) || string(keys) == string(data) {
		t.Fatal("nothing is commented out")
	}
	return data, uncommented
}

// anySecret knows every secret that the example names.
var anySecret = config.Resolver{
	Env: func(string) (string, bool) { return "x", true },
	File: func(path string) ([]byte, error) {
		if strings.HasSuffix(path, "google.json") {
			return fakegoogle.Key(), nil
		}
		return []byte("x"), nil
	},
}

func TestTheExampleConfigurationIsRightAlsoWithWhatIsCommentedOut(t *testing.T) {
	c := &command{parts: ours}
	d := realDoors()
	d.resolver = anySecret
	asItIs, uncommented := example(t)
	for name, data := range map[string][]byte{"as it is": asItIs, "uncommented": uncommented} {
		if _, err := c.build(data, d, quiet()); err != nil {
			t.Errorf("stethoscope.example.yaml is wrong, %s:\n%v", name, err)
		}
	}
}

func TestTheExampleConfigurationShowsEveryKey(t *testing.T) {
	_, uncommented := example(t)
	whole, err := config.Parse(uncommented, anySecret)
	if err != nil {
		t.Fatal(err)
	}
	shows := func(b config.Block, keys ...string) {
		for _, key := range keys {
			if !slices.Contains(b.Keys(), key) {
				t.Errorf("it does not show %s", b.At(key).Place())
			}
		}
	}
	var settings func(b config.Block, of reflect.Type)
	settings = func(b config.Block, of reflect.Type) {
		for i := range of.NumField() {
			field := of.Field(i)
			if key := field.Tag.Get("yaml"); key != "" {
				shows(b, key)
				if field.Type.Kind() == reflect.Struct && field.Type.PkgPath() == of.PkgPath() {
					settings(b.At(key), field.Type)
				}
			}
		}
	}
	settings(whole, reflect.TypeFor[Settings]())
	for _, source := range whole.At("sources").Items() {
		var common common
		if err := source.Only(commonKeys...).Decode(&common); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join("../plugins", common.Plugin, "settings.example.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := config.Parse(data, anySecret)
		if err != nil {
			t.Fatal(err)
		}
		shows(source, slices.Concat(commonKeys, theirs.Keys())...)
		shows(source.At("extension_attributes"), theirs.At("extension_attributes").Keys()...)
	}
	for _, kind := range practices.Standard() {
		shows(whole.At("practices"), kind.Key)
	}
	for _, word := range []string{"rating", "title", "platforms", "link", "any_of", "running", "required", "recommended"} {
		if !regexp.MustCompile(`(?m)^ *# +` + word + ` `).Match(uncommented) {
			t.Errorf("it does not say what %s is", word)
		}
	}
}

func TestThePracticesOfTheExampleConfigurationAreTheDefaults(t *testing.T) {
	asItIs, _ := example(t)
	file, err := config.Parse(asItIs, anySecret)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := practices.Open(practices.Standard(), file.At("practices"), nil)
	if err != nil {
		t.Fatal(err)
	}
	byDefault, err := practices.Open(practices.Standard(), config.Block{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(shown.Practices(), byDefault.Practices()) {
		t.Errorf("it has %v, our defaults are %v", shown.Practices(), byDefault.Practices())
	}
	bad := []posture.Claim{
		posture.DiskEncrypted.Is(false), posture.UpdatesInstall.Is(false), posture.FirewallOn.Is(false), posture.ScreenLocks.Is(false), posture.RemoteLogin.Is(true),
		posture.Compromised.Is(true), posture.UnknownSources.Is(true), posture.DebugBridge.Is(true), posture.OSVersion.Is("1"), posture.Installed.Is(nil),
	}
	serial, _ := posture.Serial("C02EXAMPLE")
	for _, platform := range posture.Platforms() {
		device := posture.Device{Reports: []posture.Report{{
			Source: posture.Source{Name: "jamf"}, Key: "1", Identifiers: []posture.Identifier{serial}, SeenAt: demo.Clock, Claims: append(slices.Clone(bad), posture.RunsOn.Is(platform)),
		}}}
		got, want := shown.Judge([]posture.Device{device}, demo.Clock), byDefault.Judge([]posture.Device{device}, demo.Clock)
		if len(want[0].Recommendations) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: it judges otherwise than by default", platform.Key())
		}
	}
}
