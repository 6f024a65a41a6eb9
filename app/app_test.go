package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"stethoscope/demo"
	"stethoscope/plugins"
	"stethoscope/plugins/standard"
	"stethoscope/practices"
	"stethoscope/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ours = Parts{Plugins: standard.Plugins(), Practices: practices.Standard()}

// run runs a command to its end, which comes by itself: one that serves when it
// should not is told to stop.
func run(t *testing.T, args ...string) (code int, out, problems string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var o, p bytes.Buffer
	code = Run(ctx, ours, args, &o, &p)
	return code, o.String(), p.String()
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stethoscope.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAWrongConfigurationIsToldWholeWithItsPlaces(t *testing.T) {
	t.Setenv("JAMF_SECRET", "canary-jamf-secret")
	config := file(t, `
url: http://posture.example.com/path
listen: {pages: 8080, devises: ":1"}
login: {issuer: ftp://x, client_secret: canary-plain-secret, domains: ["@example.com"]}
lookup: {patience: 4}
site: {time_zone: Mars/Olympus}
sources:
  - {plugin: jamf, url: http://jamf.example.com, client_id: x, client_secret: env:JAMF_SECRET, colour: red}
  - {plugin: jamf, url: https://jamf.example.com, client_id: x, client_secret: env:MISSING}
  - {plugin: kandji, url: https://kandji.example.com}
  - {plugin: google, act_as: nobody, credentials: file:/nowhere/key.json}
practices: {encription: false, uptodate: {required: {beos: "5"}}}
texts: /nowhere
what: ever
`)
	for _, command := range []string{"serve", "check"} {
		code, out, problems := run(t, command, "--config", config)
		if code != 2 || out != "" {
			t.Errorf("%s exits with %d and says %q", command, code, out)
		}
		for _, want := range []string{
			"url: must be https", "listen.pages: must be an address and a port", "listen.devises: unknown key", "login.issuer: must be https", "login.client_id: is missing",
			"login.client_secret: a secret is given as env:NAME or file:/path", "login.domains[0]: must be a domain", "lookup.patience: must be a length of time", "site.time_zone: must be a name",
			"sources[0].url: must be https", "sources[0].colour: unknown key", "sources[1].client_secret: the environment variable MISSING is not set", "sources[2].plugin: must be one of",
			"sources[3].act_as: ", "sources[3].credentials: the file cannot be read", "practices.encription: ", "practices.uptodate.required.beos", "texts: must be a folder", "what: unknown key",
		} {
			if !strings.Contains(problems, want) {
				t.Errorf("%s does not say %q", command, want)
			}
		}
		if strings.Contains(problems, "canary") {
			t.Errorf("%s prints a secret:\n%s", command, problems)
		}
		if t.Failed() {
			t.Logf("it says:\n%s", problems)
		}
	}
}

func TestCheckSaysWhatIsGarbledOnOneLineWithoutRepeatingItself(t *testing.T) {
	t.Setenv("STETHOSCOPE_DEMO_BREAK", "google:garbled")
	_, out, _ := run(t, "check", "--demo")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[2], "google: answered with something else than expected (list mobile devices: ") ||
		strings.Count(lines[2], "google") != 1 || strings.Contains(lines[2], "could not be read") {
		t.Errorf("it says:\n%s", out)
	}
}

func TestACauseIsOneLineThatSaysEachThingOnce(t *testing.T) {
	garbled := func(before, after string) error { return fmt.Errorf("%s%w%s", before, plugins.ErrGarbled, after) }
	for want, err := range map[string]error{
		"":                     garbled("", ""),
		" (it is a web page)":  garbled("", ": it is a web page"),
		" (list: get a token)": errors.Join(garbled("google: list: get a token: ", ""), garbled("google: list others: get a token: ", "")),
		" (list: it is a web page; list others: 1 of 2)": errors.Join(garbled("google: list: ", ": it is a web page"), garbled("google: list others: ", ": 1 of 2")),
		" (503 Service Unavailable)":                     errors.New("google: 503 Service Unavailable"),
	} {
		if got := cause("google", err); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := cause("google", nil); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}

func TestProblemsAreToldInTheOrderOfTheFile(t *testing.T) {
	_, _, problems := run(t, "check", "--offline", "--config", file(t, `
practices: {encription: false}
sources: [{plugin: kandji}]
what: ever
login: {issuer: http://x.example.com, client_secret: canary}
url: http://p.example.com
`))
	var places []string
	for line := range strings.Lines(problems) {
		place, _, _ := strings.Cut(line, ": ")
		places = append(places, place)
	}
	if want := []string{"practices.encription", "sources[0].plugin", "what", "login.client_id", "login.issuer", "login.client_secret", "url"}; !slices.Equal(places, want) {
		t.Errorf("got\n%q, want\n%q", places, want)
	}
}

func TestTwoSourcesOfOneNameAreTold(t *testing.T) {
	t.Setenv("X", "x")
	_, _, problems := run(t, "check", "--offline", "--config", file(t, `
url: https://p.example.com
login: {issuer: https://i.example.com, client_id: x, client_secret: env:X}
sources:
  - {plugin: jamf, url: https://a.example.com, client_id: x, client_secret: env:X}
  - {plugin: jamf, url: https://b.example.com, client_id: x, client_secret: env:X}
`))
	if want := "sources[1].name: sources[0] has this name already; give one of them another\n"; problems != want {
		t.Errorf("got %q, want %q", problems, want)
	}
}

func TestWrongUseIsOneSentenceThatSaysWhatToDo(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"serve", "--config", "/nowhere.yaml"}, "there is no configuration file /nowhere.yaml; copy stethoscope.example.yaml, or try `stethoscope demo`\n"},
		{[]string{"checkup", "--demo"}, "name one person: stethoscope checkup EMAIL. Run `stethoscope --help` to see what there is.\n"},
		{[]string{"checkup", "sam", "--demo"}, "\"sam\" is no e-mail address; write it as in ada@example.com\n"},
		{[]string{"demo", "--as", "eve@example.com"}, "the demo has no eve@example.com; it has sam.rivera@example.com, ada.okafor@example.com, jun.park@example.com, priya.nair@example.com, green@example.com, one-red@example.com, one-unknown@example.com, nothing@example.com, user@example.com\n"},
		{[]string{"demo", "--config", "x.yaml"}, "the demo has a configuration of its own; leave out --config, or the demo\n"},
		{[]string{"check", "--demo", "--config", "x.yaml"}, "the demo has a configuration of its own; leave out --config, or the demo\n"},
		{[]string{"--config", "x.yaml", "checkup", "sam.rivera@example.com", "--demo"}, "the demo has a configuration of its own; leave out --config, or the demo\n"},
		{[]string{"demo", "--listen", "0.0.0.0:0"}, "--listen 0.0.0.0:0 would answer other machines, and anybody can be anybody in the demo; use 127.0.0.1, or add --everyone if that is meant, as in a container\n"},
		{[]string{"demo", "--listen", ":0"}, "--listen :0 would answer other machines, and anybody can be anybody in the demo; use 127.0.0.1, or add --everyone if that is meant, as in a container\n"},
		{[]string{"demo", "--listen", "8080"}, "--listen 8080 lacks a port or an address; write it as in 127.0.0.1:8080\n"},
		{[]string{"demo", "--everyone"}, "--everyone goes with an address to answer on: add --listen :8080\n"},
		{[]string{"dance"}, "unknown command \"dance\" for \"stethoscope\". Run `stethoscope --help` to see what there is.\n"},
		{[]string{"check", "--dance"}, "unknown flag: --dance. Run `stethoscope --help` to see what there is.\n"},
	} {
		code, out, problems := run(t, c.args...)
		if code != 2 || out != "" || problems != c.want {
			t.Errorf("%v: exit %d, out %q, says %q, want %q", c.args, code, out, problems, c.want)
		}
	}
}

func TestVersionNamesTheBuild(t *testing.T) {
	code, out, _ := run(t, "version")
	if code != 0 || !strings.HasPrefix(out, "stethoscope ") || !strings.Contains(out, "\ncommit ") || !strings.Contains(out, "\ngo1.") {
		t.Errorf("exit %d: %s", code, out)
	}
	for _, flag := range []string{"--version", "-v"} {
		if code, same, problems := run(t, flag); code != 0 || same != out || problems != "" {
			t.Errorf("%s: exit %d: %s%s", flag, code, same, problems)
		}
	}
}

func TestTheDemosHelpNamesItsPeople(t *testing.T) {
	_, out, _ := run(t, "demo", "--help")
	for _, p := range demo.People() {
		if !strings.Contains(out, p.Email) {
			t.Errorf("it does not name %s", p.Email)
		}
	}
}

func TestTheDemosConfigurationIsRightAndItsSourcesAnswer(t *testing.T) {
	code, out, problems := run(t, "check", "--demo")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 0 || problems != "" || len(lines) != 2+len(demoSources) || lines[0] != "configuration: ok" {
		t.Fatalf("exit %d: %s%s", code, out, problems)
	}
	for i, name := range append(slices.Clone(demoSources), "login") {
		if !strings.HasPrefix(lines[i+1], name+": ok (") {
			t.Errorf("%s", lines[i+1])
		}
	}
}

// summary writes a checkup of the API as "name: status key, status key", leaving
// out what is fine and what does not apply.
func summary(devices []web.DeviceJSON) []string {
	var lines []string
	for _, d := range devices {
		name := d.Name
		if name == "" {
			name = d.Model
		}
		if name == "" {
			name = "?"
		}
		var open []string
		for key, p := range d.Practices {
			if p.Status != "ok" && p.Status != "na" {
				open = append(open, p.Status+" "+key)
			}
		}
		slices.Sort(open)
		lines = append(lines, name+": "+strings.Join(open, ", "))
	}
	return lines
}

func TestEveryPersonOfTheDemoIsAsTheContractSays(t *testing.T) {
	const macUnknown = "unknown autoupdate, unknown carbonblack, unknown encryption, unknown firewall, unknown remotelogin, unknown screenlock, unknown sentinel, unknown uptodate"
	for email, want := range map[string][]string{
		"sam.rivera@example.com":  {"Sam’s MacBook Pro: nudge autoupdate, warn encryption", "Pixel 8: warn uptodate", "iPad mini: "},
		"ada.okafor@example.com":  {"HP Chromebook x360 14c: "},
		"jun.park@example.com":    {"Jun’s MacBook Air: " + macUnknown, "Galaxy S24: unknown adbstatus, unknown encryption, unknown jailed, unknown screenlock, unknown uptodate"},
		"priya.nair@example.com":  {"Priya’s MacBook Pro: "},
		"green@example.com":       {"Gale’s iMac: ", "Gale’s iPhone: "},
		"one-red@example.com":     {"Reed’s MacBook Air: warn firewall", "Reed’s iPhone: "},
		"one-unknown@example.com": {"?: ", "Uma’s MacBook Pro: ", "Uma’s iPad: "},
		"nothing@example.com":     nil,
		"user@example.com": {"Pixel 7: warn jailed", "Uri’s old MacBook Pro: warn uptodate", "Uri’s old iPhone: warn uptodate", "Acer Chromebook Spin 714: nudge uptodate",
			"Galaxy A55: nudge adbstatus", "Uri’s Mac mini: nudge remotelogin", "Uri’s MacBook Air: ", "Uri’s iPad: "},
	} {
		t.Run(email, func(t *testing.T) {
			code, out, problems := run(t, "checkup", email, "--demo", "--json")
			if code != 0 || problems != "" {
				t.Fatalf("exit %d: %s", code, problems)
			}
			var devices []web.DeviceJSON
			if err := json.Unmarshal([]byte(out), &devices); err != nil {
				t.Fatal(err)
			}
			got := summary(devices)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if strings.Contains(out, "null") || strings.Contains(out, `: ""`) {
				t.Error("a value that is not known is null or empty in place of absent")
			}
		})
	}
}

func TestACheckupSaysWhichSourceDidNotAnswer(t *testing.T) {
	for _, c := range []struct {
		broken   string
		code     int
		says     string
		macShown bool
	}{
		{"google:down", 0, "google: can’t be reached", true},
		{"google:refused", 0, "google: refused our credentials", true},
		{"google:garbled", 0, "google: answered with something else than expected", true},
		{"jamf:down", 0, "jamf: can’t be reached", false},
		{"jamf:down,google:refused", 1, "jamf: can’t be reached", false},
	} {
		t.Setenv("STETHOSCOPE_DEMO_BREAK", c.broken)
		code, out, problems := run(t, "checkup", "sam.rivera@example.com", "--demo")
		if code != c.code || !strings.Contains(problems, c.says) || strings.Contains(out, "MacBook") != c.macShown {
			t.Errorf("%s: exit %d, says %q, shows the Mac: %v", c.broken, code, problems, strings.Contains(out, "MacBook"))
		}
	}
	t.Setenv("STETHOSCOPE_DEMO_BREAK", "google:down")
	if code, out, _ := run(t, "checkup", "nothing@example.com", "--demo"); code != 0 || out != "We can’t tell whether nothing@example.com has devices: google did not answer.\n" {
		t.Errorf("with a source down and no device, exit %d: %s", code, out)
	}
	t.Setenv("STETHOSCOPE_DEMO_BREAK", "google:down,jamf:refused")
	if code, out, _ := run(t, "checkup", "nothing@example.com", "--demo"); code != 1 || out != "We can’t tell whether nothing@example.com has devices: jamf and google did not answer.\n" {
		t.Errorf("with all sources down, exit %d: %s", code, out)
	}
	t.Setenv("STETHOSCOPE_DEMO_BREAK", "")
	if code, out, _ := run(t, "checkup", "nothing@example.com", "--demo"); code != 0 || out != "No device is known for nothing@example.com.\n" {
		t.Errorf("with no device, exit %d: %s", code, out)
	}
	t.Setenv("STETHOSCOPE_DEMO_BREAK", "landesk:melt")
	if code, _, problems := run(t, "checkup", "sam.rivera@example.com", "--demo"); code != 2 || !strings.Contains(problems, "the demo has no source \"landesk\"; it has jamf, google") {
		t.Errorf("exit %d: %s", code, problems)
	}
	t.Setenv("STETHOSCOPE_DEMO_BREAK", "jamf:melt")
	if code, _, problems := run(t, "checkup", "sam.rivera@example.com", "--demo"); code != 2 || !strings.Contains(problems, "use down, slow, refused, garbled or hang") {
		t.Errorf("exit %d: %s", code, problems)
	}
}

// running starts the demo and returns its address; it stops with the test.
func running(t *testing.T, args ...string) string {
	t.Helper()
	return runningOn(t, append([]string{"--listen", "127.0.0.1:0"}, args...)...)
}

func runningOn(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	var problems bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- Run(ctx, ours, append([]string{"demo"}, args...), in, &problems)
		in.Close()
	}()
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("the demo exits with %d: %s", code, problems.String())
		}
	})
	line := make([]byte, 256)
	n, _ := out.Read(line)
	_, rest, _ := strings.Cut(string(line[:n]), "ready: ")
	address, _, _ := strings.Cut(rest, "\n")
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return address
}

func read(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		t.Errorf("%s answers %d", address, answer.StatusCode)
	}
	return string(body)
}

func TestTheDemoSignsInTheDefaultPersonAndEveryOtherForReal(t *testing.T) {
	address := running(t)
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	defer client.CloseIdleConnections()
	if page := read(t, client, address); !strings.Contains(page, "Sam’s MacBook Pro") {
		t.Errorf("the first page is not Sam's: %.200s", page)
	}
	for _, p := range demo.People() {
		form := strings.NewReader("email=" + strings.ReplaceAll(p.Email, "@", "%40"))
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/demo/as", form)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", address)
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if page := read(t, client, address+"/"); !strings.Contains(page, p.Name) {
			t.Errorf("after the switch the page is not %s's", p.Name)
		}
		var devices []web.DeviceJSON
		if err := json.Unmarshal([]byte(read(t, client, address+"/api/v1/devices/merged/"+p.Email)), &devices); err != nil {
			t.Errorf("%s: %v", p.Email, err)
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/help", "/demo/states/", "/demo/states/overview-calm"} {
		read(t, client, address+path)
	}
}

func TestAbuse52_TheInnerLifeIsNotServed(t *testing.T) {
	address := running(t)
	client := &http.Client{}
	defer client.CloseIdleConnections()
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/heap", "/debug/vars", "/debug/requests", "/demo/debug/pprof/", "/readyz/verbose"} {
		answer, err := client.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, answer.StatusCode)
		}
	}
}

func TestTheDemoAnswersOtherMachinesOnlyWhenTold(t *testing.T) {
	address := runningOn(t, "--listen", ":0", "--everyone")
	client := &http.Client{}
	defer client.CloseIdleConnections()
	if !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Errorf("the demo says it is at %s", address)
	}
	read(t, client, address+"/healthz")
}

func TestASourceThatHangsIsANoticeAndTheMacIsShown(t *testing.T) {
	t.Setenv("STETHOSCOPE_DEMO_BREAK", "google:hang")
	address := running(t)
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	defer client.CloseIdleConnections()
	page := read(t, client, address)
	if !strings.Contains(page, "Sam’s MacBook Pro") || !strings.Contains(page, "Google Workspace") || strings.Contains(page, "Pixel") {
		t.Errorf("Mac shown: %v, Google named: %v", strings.Contains(page, "Sam’s MacBook Pro"), strings.Contains(page, "Google Workspace"))
	}
}
