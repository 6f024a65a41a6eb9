package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"stethoscope/config"
)

const hunter2 = "hunter2hunter2"

// A client keeps its secret where fmt looks without asking any method.
type client struct {
	secret  config.Secret
	secrets []config.Secret
	byName  map[string]config.Secret
	pointer *config.Secret
}

func TestASecretIsNeverPrinted(t *testing.T) {
	s := config.NewSecret(hunter2)
	inside := struct {
		Secret  config.Secret
		Secrets []config.Secret
		ByName  map[string]config.Secret
		Pointer *config.Secret
		Any     any
	}{s, []config.Secret{s}, map[string]config.Secret{"a": s}, &s, s}
	hidden := client{s, []config.Secret{s}, map[string]config.Secret{"a": s}, &s}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%40v", "%T"} {
		for _, value := range []any{s, &s, inside, &inside, hidden, &hidden, []any{s, hidden}, fmt.Errorf("with %v", hidden)} {
			mustNotHold(t, verb, fmt.Sprintf(verb, value))
		}
		if verb != "%T" && fmt.Sprintf(verb, s) != "[redacted]" {
			t.Errorf("%s prints %s", verb, fmt.Sprintf(verb, s))
		}
	}
	mustNotHold(t, "Sprint", fmt.Sprint(s, hidden, inside))
	for name, value := range map[string]any{"secret": s, "struct": inside, "map with secret keys": map[config.Secret]int{s: 1}} {
		text, err := json.Marshal(value)
		if err != nil || !strings.Contains(string(text), "[redacted]") {
			t.Errorf("JSON of a %s is %s, error %v", name, text, err)
		}
		mustNotHold(t, "JSON", string(text))
	}
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).With("with", s).Info("opened", "secret", s, "pointer", &s, "inside", inside, "hidden", hidden, slog.Group("group", "secret", s))
	}
	mustNotHold(t, "slog", log.String())
	mustNotHold(t, "String", s.String()+s.GoString())
}

func mustNotHold(t *testing.T, how, text string) {
	t.Helper()
	for _, form := range []string{hunter2, fmt.Sprintf("%x", hunter2), fmt.Sprintf("%X", hunter2), "aHVudGVyMmh1bnRlcjI"} {
		if strings.Contains(text, form) {
			t.Errorf("%s prints the secret: %s", how, text)
		}
	}
}

func TestASecretIsRevealedOnlyWhenAsked(t *testing.T) {
	if got := config.NewSecret(hunter2); got.Reveal() != hunter2 || got.Empty() {
		t.Errorf("revealed %q", got.Reveal())
	}
	for _, none := range []config.Secret{{}, config.NewSecret("")} {
		if none.Reveal() != "" || !none.Empty() || none.String() != "[redacted]" {
			t.Errorf("no secret is %q, %s", none.Reveal(), none)
		}
	}
}

func TestHowASecretIsReferredTo(t *testing.T) {
	for _, test := range []struct{ reference, want string }{
		{"env:GOOD", hunter2},
		{"file:/run/secrets/good", hunter2},
	} {
		var s settings
		if err := parse(t, "client_secret: "+test.reference).Decode(&s); err != nil || s.Secret.Reveal() != test.want {
			t.Errorf("%s: error %v", test.reference, err)
		}
	}
}

func TestASecretGivenAsItselfIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, text := range []string{
		hunter2, `"` + hunter2 + `"`, "https:" + hunter2, "ENV:" + hunter2, "'env :" + hunter2 + "'", "|\n  " + hunter2 + "\n  " + hunter2, "[" + hunter2 + "]",
		"{" + hunter2 + ": x}", "!" + hunter2 + " x", "*" + hunter2, "{" + hunter2,
	} {
		block, err := config.Parse([]byte("client_secret: "+text), resolver())
		if err == nil {
			err = block.Decode(new(settings))
		}
		if err == nil {
			t.Errorf("%s was taken", text)
			continue
		}
		mustNotHold(t, "the problem", err.Error())
	}
}

// What stands in the wrong place is told by its line, never repeated.
func TestASecretWhereANameBelongsIsNotRepeated(t *testing.T) {
	const pasted = "Hunter2-hunter2hunter2/x"
	for _, test := range []struct{ name, text, want string }{
		{"for a variable's name", "client_secret: env:" + pasted, "client_secret: the environment variable is not set; after env: stands its name, such as JAMF_SECRET, not the secret"},
		{"for a path", "client_secret: file:" + pasted, "client_secret: the file cannot be read: no such file or directory"},
		{"for a key", pasted + ": x", "line 1: unknown key"},
		{"for a key of a block inside", "nested:\n  deep:\n    " + pasted + ": x", "nested.deep, line 3: unknown key"},
		{"for a name of a map", "waits:\n  " + pasted + ": x", "waits, line 2: must be a length of time such as 4s or 10m"},
		{"for a name of a map, twice", "waits: {" + pasted + ": 1s, " + pasted + ": 1s}", "waits, line 1: written twice"},
		{"for a key, a long one of small letters", strings.Repeat("x", 41) + ": x", "line 1: unknown key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			block, err := config.Parse([]byte(test.text), config.Resolver{Env: os.LookupEnv, File: os.ReadFile})
			if err != nil {
				t.Fatal(err)
			}
			err = block.Decode(&struct {
				ClientSecret config.Secret            `yaml:"client_secret"`
				Waits        map[string]time.Duration `yaml:"waits"`
				Nested       struct {
					Deep struct{} `yaml:"deep"`
				} `yaml:"nested"`
			}{})
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestWithoutAResolverNoSecretIsFound(t *testing.T) {
	for reference, want := range map[string]string{"env:GOOD": "is not set", "file:/x": "files cannot be read here"} {
		block, err := config.Parse([]byte("client_secret: "+reference), config.Resolver{})
		if err != nil {
			t.Fatal(err)
		}
		err = block.Decode(new(settings))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", reference, err)
		}
	}
}
