package practices

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"stethoscope/config"
	"stethoscope/posture"
)

func TestEveryProblemOfAConfigurationIsSaidWithItsPlace(t *testing.T) {
	_, err := Open(Standard(), block(t, `
practices:
  encrypton: false
  encryption: {rating: bad, platforms: [macos, win], link: "http://example.com", titel: Disk}
  firewall: 5
  screenlock: [macos]
  jailed: "off"
  uptodate:
    required: {macos: "14.7", beos: "5", windows: "2026-01-01", ios: newest}
    recommended: {macos: "13"}
  adbstatus: {platforms: [ios]}
  sentinel: {any_of: [x], running: true, required: {macos: "1"}}
  software:
    - {key: encryption, title: X, any_of: [xx]}
    - {key: Big Key, any_of: []}
    - {key: zoom, title: Zoom, any_of: [zoom.us], requird: {macos: "6"}}
    - {key: same, title: Same, any_of: [same]}
    - {key: same, title: Same, any_of: [same]}
`), nil)
	var problems config.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("%T: %v", err, err)
	}
	for _, want := range []string{
		"practices.encrypton: unknown key; did you mean encryption?",
		"practices.encryption.rating: must be critical or suggested",
		"practices.encryption.platforms[1]: must be one of macos, windows, linux, ios, android, chromeos",
		"practices.encryption.link: must be an https address",
		"practices.encryption.titel: unknown key; did you mean title?",
		"practices.firewall: must be true, false or a block of settings",
		"practices.screenlock: must be a block of keys and values",
		"practices.jailed: must be true, false or a block of settings",
		"practices.uptodate.required.beos: must be one of macos, windows, linux, ios, android, chromeos",
		"practices.uptodate.required.ios: must be a version such as \"26.6.2\"",
		"practices.uptodate.required.windows: is a date, and only Android’s security patch has one; write a version in quotes",
		"practices.uptodate.recommended.macos: is older than what is required",
		"practices.sentinel.any_of: has a name of less than two letters",
		"practices.sentinel.running: services have no version, so required and recommended can’t be judged with it",
		"practices.software[1].key: must be a name of small letters, digits and dashes",
		"practices.software[1].title: is missing: what people call the program",
		"practices.software[1].any_of: is missing: names or identifiers of the program",
		"practices.software[2].requird: unknown key; did you mean required?",
	} {
		if !slices.ContainsFunc(problems, func(p config.Problem) bool { return p.String() == want }) {
			t.Errorf("not said: %s", want)
		}
	}
	if t.Failed() {
		t.Logf("said:\n%v", err)
	}
}

func TestProblemsThatOnlyShowWhenTheRestIsRight(t *testing.T) {
	for settings, want := range map[string]string{
		`{software: [{key: encryption, title: X, any_of: [xx]}]}`:                                "practices.software: there are two practices with the key encryption",
		`{encryption: false, software: [{key: encryption, title: X, any_of: [xx]}]}`:             "practices.software: there are two practices with the key encryption",
		`{software: [{key: same, title: X, any_of: [xx]}, {key: same, title: X, any_of: [xx]}]}`: "practices.software: there are two practices with the key same",
		`{adbstatus: {platforms: [android, ios]}}`:                                               "practices.adbstatus.platforms: there are no steps for iOS in adbstatus.md; lay a file with them over ours",
		`{software: {key: zoom}}`: "practices.software: must be a list of programs",
		`{software: true}`:        "",
		`{encryption: , firewall: true, jailed: {}, uptodate: {}, software: []}`:                                 "",
		`{firewall: {platforms: [macos]}, sentinel: {any_of: [sentineld], running: true, rating: critical}}`:     "",
		`{encryption: {title: "Disk", rating: suggested, link: "https://wiki.example.com/disk", platforms: []}}`: "",
		`5`:                                     "practices: must be a block of keys and values",
		`{encryption: true, encryption: false}`: "practices.encryption: written twice",
	} {
		_, err := Open(Standard(), block(t, "practices: "+settings), nil)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", settings, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", settings, err, want)
		}
	}
}

func TestAPracticeCanBeTurnedOff(t *testing.T) {
	for _, off := range []string{"false", "False", "FALSE"} {
		set := openSet(t, "practices: {encryption: "+off+", firewall: True}", nil)
		keys := ""
		for _, about := range set.Practices() {
			keys += about.Key + " "
		}
		if strings.Contains(keys, "encryption") || !strings.Contains(keys, "firewall") {
			t.Errorf("%s: %s", off, keys)
		}
	}
}

func TestAPracticeCanBeRetitledReratedRelinkedAndMoved(t *testing.T) {
	set := openSet(t, `practices: {encryption: {title: Lock the disk, rating: suggested, link: "https://wiki.example.com/disk", platforms: [macos, ios]}}`, nil)
	off := posture.DiskEncrypted.Is(false)
	r := judge(t, set, "encryption", device(off))
	if r.Title != "Lock the disk" || r.Rating != posture.Suggested || r.Advice.More != (posture.Link{Text: "More about this", URL: "https://wiki.example.com/disk"}) {
		t.Errorf("%+v, more %+v", r, r.Advice.More)
	}
	if r = judge(t, set, "encryption", on(posture.Windows, off)); r.Rating != posture.NotApplicable || r.Saw != notAsked || r.Headline != "Lock the disk" {
		t.Errorf("on Windows: %+v", r)
	}
}

func TestAnOrganisationsWordsLieOverOursFileByFile(t *testing.T) {
	texts := fstest.MapFS{
		"adbstatus.md": {Data: []byte(adbText)},
		"zoom.md":      {Data: []byte(strings.ReplaceAll(softwareText(t), "Install {title}", "Get {title} from the kiosk"))},
		"README.md":    {Data: []byte("Our own words.")},
	}
	set := openSet(t, `practices: {software: [{key: zoom, title: Zoom, any_of: [zoom.us]}, {key: slack, title: Slack, any_of: [slack]}]}`, texts)
	r := judge(t, set, "adbstatus", on(posture.Android, posture.DebugBridge.Is(true)))
	if r.Headline != "Stop debugging" || r.Advice.Why != "Because we say so." || r.Advice.Steps[0] != "Ask Pat." {
		t.Errorf("%+v %+v", r, r.Advice)
	}
	for key, want := range map[string]string{"zoom": "Get Zoom from the kiosk", "slack": "Install Slack", "sentinel": "Install SentinelOne"} {
		if r := judge(t, set, key, device(installed())); r.Headline != want {
			t.Errorf("%s: %q, want %q", key, r.Headline, want)
		}
	}
	if r := judge(t, set, "encryption", device(posture.DiskEncrypted.Is(false))); r.Headline != "Turn on disk encryption" {
		t.Errorf("a file that is not laid over changed: %q", r.Headline)
	}
}

func TestAPlatformCanBeAddedWithWordsForIt(t *testing.T) {
	texts := fstest.MapFS{"adbstatus.md": {Data: []byte(adbText + "\n## iOS\n\nminutes: 2\n\n1. Ask Pat.\n")}}
	set := openSet(t, `practices: {adbstatus: {platforms: [android, ios]}}`, texts)
	if r := judge(t, set, "adbstatus", on(posture.IOS, posture.DebugBridge.Is(true))); r.Rating != posture.Suggested || len(r.Advice.Steps) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestPracticesOfOthersNeedNothingOfOurs(t *testing.T) {
	findMy := YesNo{
		Key: "findmy", Title: "Find My", Fact: posture.NewFact[bool]("find_my"), Wants: true, Fails: posture.Suggested,
		Platforms: []posture.Platform{posture.Android}, Texts: fstest.MapFS{"findmy.md": {Data: []byte(adbText)}},
	}.Kind()
	set, err := Open(append(Standard(), findMy), block(t, "practices: {findmy: {rating: critical}}"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r := judge(t, set, "findmy", on(posture.Android, posture.NewFact[bool]("find_my").Is(false))); r.Rating != posture.Critical {
		t.Errorf("%+v", r)
	}
}

const adbText = `open: Stop debugging
done: No debugging
saw open: It debugs.
saw done: It does not debug.
says open: it debugs
says done: it does not debug
unknown: Nobody says.

## Why it matters

Because we say so.

## Android

minutes: 1

1. Ask Pat.
`
