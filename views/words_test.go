package views

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"stethoscope/posture"
)

var (
	testNow  = time.Date(2026, 11, 22, 4, 22, 0, 0, time.UTC)
	testTime = clock{testNow, time.FixedZone("CET", 3600)}
	oneJamf  = posture.Source{Name: "jamf", Title: "Jamf"}
	google   = posture.Source{Name: "google", Title: "Google Workspace"}
)

func TestTimesAreToldAsPeopleTellThem(t *testing.T) {
	for _, test := range []struct {
		story string
		at    time.Time
		want  string
	}{
		{"this moment", testNow, "just now"},
		{"under a minute", testNow.Add(-59 * time.Second), "just now"},
		{"one minute", testNow.Add(-time.Minute), "1 minute ago"},
		{"12 minutes and some", testNow.Add(-12*time.Minute - 59*time.Second), "12 minutes ago"},
		{"one hour", testNow.Add(-time.Hour), "1 hour ago"},
		{"nearly a day", testNow.Add(-day + time.Second), "23 hours ago"},
		{"one day", testNow.Add(-day), "1 day ago"},
		{"nearly a week", testNow.Add(-7*day + time.Second), "7 days ago"},
		{"a week is a date", testNow.Add(-7 * day), "15 November"},
		{"another year", testNow.AddDate(-1, 0, 0), "22 November 2025"},
		{"a date is local: 23:30 UTC is the next day in Berlin", time.Date(2026, 11, 1, 23, 30, 0, 0, time.UTC), "2 November"},
		{"a clock that runs an hour fast", testNow.Add(time.Hour), "just now"},
		{"two days ahead cannot be just now", testNow.Add(2 * day), "24 November"},
		{"never said", time.Time{}, "at an unknown time"},
	} {
		if got := testTime.ago(test.at); got != test.want {
			t.Errorf("%s: %q, want %q", test.story, got, test.want)
		}
	}
	if got, want := testTime.exact(testNow), "22 November 2026, 05:22 CET"; got != want {
		t.Errorf("exact: %q, want %q", got, want)
	}
	if got, want := testTime.when(testNow.Add(-3*time.Hour)), html(`<time datetime="2026-11-22T01:22Z">3 hours ago</time>`); got != want {
		t.Errorf("when: %s", got)
	}
	if got := testTime.when(time.Time{}); strings.Contains(string(got), "<") {
		t.Errorf("an unknown time is no time element: %s", got)
	}
	if got := (Frame{Now: testNow}).clock().exact(testNow); got != "22 November 2026, 04:22 UTC" {
		t.Errorf("without a zone: %q", got)
	}
}

func TestNamesAreMadeFitToBeShown(t *testing.T) {
	for _, test := range []struct{ story, in, want string }{
		{"a plain name stays", "Sam’s MacBook Pro", "Sam’s MacBook Pro"},
		{"other scripts stay", "Компьютер 山田 حاسوب", "Компьютер 山田 حاسوب"},
		{"accents stay", "Zoe\u0308", "Zoe\u0308"},
		{"lines become blanks", "a\r\nb\u2028c\td", "a b c d"},
		{"blanks at the ends go", "  a  b ", "a b"},
		{"right-to-left override goes", "\u202egpj.exe", "gpj.exe"},
		{"isolates and marks go", "a\u2066b\u2069\u200fc\u061c", "abc"},
		{"zero width goes", "a\u200bb\ufeffc\u2060d\u00ad", "abcd"},
		{"tags go", "a\U000e0041b", "ab"},
		{"controls go", "a\x00\x1b[31mb\x7f", "a[31mb"},
		{"blank letters go", "\u3164\u2800\u115f", ""},
		{"broken UTF-8 goes", "a\xff\xc0b", "ab"},
		{"what piles up is cut down", "a" + strings.Repeat("\u0301", 50), "a" + strings.Repeat("\u0301", mostMarks)},
		{"accents on nothing go", "\u0301a", "a"},
		{"the endless is cut", strings.Repeat("W", 10000), strings.Repeat("W", longestName) + "…"},
		{"the endless of many bytes is cut by characters", strings.Repeat("山", 10000), strings.Repeat("山", longestName) + "…"},
		{"just fits", strings.Repeat("山", longestName), strings.Repeat("山", longestName)},
	} {
		if got := name(test.in); got != test.want {
			t.Errorf("%s: %q, want %q", test.story, got, test.want)
		}
	}
}

func FuzzNamesAreAlwaysFitToBeShown(f *testing.F) {
	for _, seed := range []string{"", "Sam’s Mac", "\u202ea", strings.Repeat("é", 300), "a\xffb", "x\u0301\u0301", " \n "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := name(s)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > longestName+1 || strings.TrimSpace(got) != got {
			t.Errorf("%q became %q", s, got)
		}
		for _, r := range got {
			if invisible(r) || r == '\n' || r == '\u2028' {
				t.Errorf("%q kept %U", s, r)
			}
		}
		if again := name(got); utf8.RuneCountInString(got) <= longestName && again != got {
			t.Errorf("%q became %q and then %q", s, got, again)
		}
	})
}

func TestAbuse55_OnlySafeAddressesBecomeLinks(t *testing.T) {
	for _, test := range []struct {
		address string
		reading bool
		pane    bool
	}{
		{"https://support.apple.com/guide?x=1#y", true, false},
		{"http://support.apple.com/", false, false},
		{"javascript:alert(1)", false, false},
		{"JaVaScRiPt:alert(1)", false, false},
		{" javascript:alert(1)", false, false},
		{"data:text/html,x", false, false},
		{"//evil.example", false, false},
		{"/devices", false, false},
		{"https:evil", false, false},
		{"https://user:pass@evil.example/", false, false},
		{"https://a.example/\"onclick=1", true, false}, // escaped where it is written
		{"x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?FileVault", false, true},
		{"ms-settings:windowsupdate", false, true},
		{"ms-settings:", false, false},
		{"ms-msdt:/id", false, false},
		{"", false, false},
		{"\x00", false, false},
	} {
		if _, ok := furtherReading(test.address); ok != test.reading {
			t.Errorf("%q as further reading: %v", test.address, ok)
		}
		if _, ok := settingsPane(test.address); ok != test.pane {
			t.Errorf("%q as a settings pane: %v", test.address, ok)
		}
	}
	for in, want := range map[string]string{"/devices?open=a": "/devices?open=a", "//evil.example": "/", `/\evil.example`: "/", "https://evil.example": "/", "": "/"} {
		if got := own(in); string(got) != want {
			t.Errorf("own(%q) is %q", in, got)
		}
	}
	if got := anchor("abc", "soft\"><script> x"); got != "abc-softscriptx" {
		t.Errorf("anchor: %q", got)
	}
	for email, want := range map[string]string{"security@example.com": "mailto:security@example.com", "": "/help#ask", "a@b@c": "/help#ask", "javascript:x": "/help#ask"} {
		if got := (Site{Contact: Contact{Email: email}}).tellUs(); string(got) != want {
			t.Errorf("tell us by %q: %q", email, got)
		}
	}
}

func TestAbuse56_AdviceIsCleanMarkup(t *testing.T) {
	for _, test := range []struct {
		story, in string
		want      html
	}{
		{"bold", "Open **Settings**.", "<p>Open <strong>Settings</strong>.</p>"},
		{"an ampersand", "Privacy & Security", "<p>Privacy &amp; Security</p>"},
		{"raw HTML goes", "a <img src=x onerror=alert(1)> b", "<p>a  b</p>"},
		{"a script goes with its words' markup", "<script>alert(1)</script>", ""},
		{"an https link stays and tells nobody where from", "[x](https://fine.example)", `<p><a href="https://fine.example" rel="noreferrer">x</a></p>`},
		{"a javascript link goes", "[x](javascript:alert(1))", "<p>x</p>"},
		{"a data link goes", "[x](data:text/html,1)", "<p>x</p>"},
		{"an http link goes", "[x](http://a.example)", "<p>x</p>"},
		{"a link to somewhere here goes", "[x](/logout)", "<p>x</p>"},
		{"a link without scheme goes", "[x](//evil.example)", "<p>x</p>"},
		{"pictures go", "![x](https://evil.example/p.png)", "<p></p>"},
	} {
		if got := advice(test.in); got != test.want {
			t.Errorf("%s: %q, want %q", test.story, got, test.want)
		}
	}
	if got := step("Open **Settings**."); got != "Open <strong>Settings</strong>." {
		t.Errorf("a step stands in its own element: %q", got)
	}
	if got := step("one\n\ntwo"); got != "<p>one</p>\n<p>two</p>" {
		t.Errorf("two paragraphs stay: %q", got)
	}
}

func TestTheMemoryOfAdviceIsBounded(t *testing.T) {
	for i := range 3 * mostTexts {
		advice("text " + count(i, "time"))
	}
	advice(strings.Repeat("long ", longestText))
	advised.RLock()
	defer advised.RUnlock()
	if len(advised.markup) > mostTexts {
		t.Errorf("%d texts are kept", len(advised.markup))
	}
	for text := range advised.markup {
		if len(text) > longestText {
			t.Errorf("a text of %d bytes is kept", len(text))
		}
	}
}

func FuzzAdviceHoldsNothingThatRuns(f *testing.F) {
	for _, seed := range []string{"**a**", "<b onclick=x>", "[x](javascript:1)", "<javascript:alert(1)>", "![x](data:,)", "&#x3c;script>", "`<script>`", "[a]: javascript:1\n[a]", "<https://a.example\">"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, tag := range tagsOf(string(clean(s))) {
			if !adviceTag.MatchString(tag) {
				t.Errorf("%q became %q", s, tag)
			}
		}
	})
}

func TestTheSubjectOfAMailNamesTheDevice(t *testing.T) {
	site := Site{Name: "Stethoscope", Contact: Contact{Email: "security@example.com"}}
	for _, test := range []struct{ story, device, subject string }{
		{"a plain name", "Sam’s MacBook Pro", "Stethoscope: Sam’s MacBook Pro"},
		{"a blank and a plus are told apart", "a+b c", "Stethoscope: a+b c"},
		{"no other header field begins", "x&bcc=eve@example.com&body=y", "Stethoscope: x&bcc=eve@example.com&body=y"},
		{"no other header line begins", "x\r\nBcc: eve@example.com", "Stethoscope: x Bcc: eve@example.com"},
		{"nothing that was encoded before is decoded twice", "x%0d%0aBcc: eve@example.com", "Stethoscope: x%0d%0aBcc: eve@example.com"},
		{"no fragment and no markup", "x#y\"><script>?a;b", "Stethoscope: x#y\"><script>?a;b"},
	} {
		address := string(site.tellUsAbout(test.device))
		encoded, ok := strings.CutPrefix(address, "mailto:security@example.com?subject=")
		if !ok || strings.Trim(encoded, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%") != "" || strings.ContainsAny(encoded, "+&=#?;\"<>") {
			t.Errorf("%s: %s", test.story, address)
		}
		if strings.Contains(encoded, "%0D") || strings.Contains(encoded, "%0A") {
			t.Errorf("%s: a line ends in %s", test.story, address)
		}
		if got, err := url.PathUnescape(encoded); err != nil || got != test.subject {
			t.Errorf("%s: %q, %v", test.story, got, err)
		}
	}
	if got := (Site{}).tellUsAbout("x"); got != "/help#ask" {
		t.Errorf("without anybody to mail: %s", got)
	}
	for _, test := range []struct {
		story string
		c     posture.Checkup
		want  string
	}{
		{"a device that we know", named(seen(day, posture.IOS), "Sam’s iPad"), "Stethoscope: Sam’s iPad"},
		{"one that we do not know", unknownDevice(posture.IOS), "Stethoscope: A device we don’t know"},
		{"one that we do not know, with a name", named(unknownDevice(posture.IOS), "Kitchen"), "Stethoscope: A device we don’t know (Kitchen)"},
	} {
		c := newCard(newSheet(Frame{Now: testNow, Site: site}, nil, nil, posture.UnknownPlatform, "", "", false), &test.c)
		if got := string(c.tellUs()); got != "mailto:security@example.com?subject="+subject(test.want) {
			t.Errorf("%s: %s", test.story, got)
		}
	}
}

func FuzzNoNameLeavesTheSubject(f *testing.F) {
	for _, seed := range []string{"", "a&bcc=b", "a\r\nb", "a+b", "%0a", "’"} {
		f.Add(seed)
	}
	site := Site{Contact: Contact{Email: "security@example.com"}}
	f.Fuzz(func(t *testing.T, device string) {
		u, err := url.Parse(string(site.tellUsAbout(device)))
		if err != nil {
			t.Fatal(err)
		}
		fields, err := url.ParseQuery(u.RawQuery)
		if err != nil || len(fields) != 1 || u.Fragment != "" || u.Opaque != "security@example.com" {
			t.Fatalf("%q became %s, %v", device, u, err)
		}
		if got := fields.Get("subject"); got != "Stethoscope: "+name(device) || strings.ContainsAny(got, "\r\n") {
			t.Errorf("%q became %q", device, got)
		}
	})
}

func named(c posture.Checkup, name string) posture.Checkup {
	c.Device.Reports[0].Claims = append(c.Device.Reports[0].Claims, posture.Name.Is(name))
	return c
}

func TestLongTimesAreToldInHours(t *testing.T) {
	for minutes, want := range map[int]string{0: "", 1: "about 1 minute", 90: "about 90 minutes", 91: "about 2 hours", 125: "about 2 hours", 149: "about 2 hours", 150: "about 3 hours"} {
		if got := about(minutes); got != want {
			t.Errorf("%d minutes: %q, want %q", minutes, got, want)
		}
	}
}

func TestTheFoldOfFinishedThingsSaysAllThatItHolds(t *testing.T) {
	for _, test := range []struct {
		done, not int
		want      string
	}{
		{6, 3, "6 things done, 3 don’t apply"}, {1, 1, "1 thing done, 1 doesn’t apply"}, {6, 0, "6 things done"},
		{0, 1, "1 thing doesn’t apply"}, {0, 2, "2 things don’t apply"},
	} {
		if got := (&card{nDone: test.done, nNot: test.not}).doneTitle(); got != test.want {
			t.Errorf("%d done, %d not: %q, want %q", test.done, test.not, got, test.want)
		}
	}
}

func TestOneTroubleHasTheSameWordsEverywhere(t *testing.T) {
	heard := []posture.Checkup{seen(3*time.Hour, posture.MacOS)}
	for kind := posture.Broken; kind <= posture.Busy; kind++ {
		troubles := []posture.Trouble{{Source: oneJamf, Kind: kind}}
		told := newTroubleNote(troubles, []posture.Source{oneJamf, google}, nil).titles[0]
		for story, test := range map[string]struct {
			checkups []posture.Checkup
			want     string
		}{
			"it told nothing":   {nil, told},
			"it told something": {heard, told + ". Before that it told us of 1 device, last heard 3 hours ago"},
		} {
			from := provenances(testTime, []posture.Source{oneJamf}, troubles, test.checkups)[0]
			if got := from.title + from.words + textOf(string(from.newest)); got != test.want {
				t.Errorf("%s, %s: %q, want %q", kind, story, got, test.want)
			}
		}
	}
	from := provenances(testTime, []posture.Source{oneJamf}, nil, heard)[0]
	if got := from.title + ": " + from.words + textOf(string(from.newest)); got != "Jamf: 1 device, last heard 3 hours ago" {
		t.Errorf("without a trouble: %q", got)
	}
}

func TestTroubleIsToldInWords(t *testing.T) {
	checkups := []posture.Checkup{{Device: posture.Device{Reports: []posture.Report{{Source: oneJamf}}}}}
	for _, test := range []struct {
		story    string
		troubles []posture.Trouble
		sources  []posture.Source
		checkups []posture.Checkup
		want     string
	}{
		{"slow", []posture.Trouble{{Source: oneJamf, Kind: posture.Slow}}, []posture.Source{oneJamf, google}, nil,
			"Jamf is not answering. What only Jamf knows is missing from this page. Other sources are fine. This is our problem, not yours. There is nothing for you to do about it."},
		{"the only source", []posture.Trouble{{Source: oneJamf, Kind: posture.Unreachable}}, []posture.Source{oneJamf}, nil,
			"Jamf is not answering. What only Jamf knows is missing from this page. This is our problem, not yours. There is nothing for you to do about it."},
		{"two", []posture.Trouble{{Source: oneJamf, Kind: posture.Refused}, {Source: google, Kind: posture.Garbled}}, []posture.Source{oneJamf, google, {Name: "c"}}, nil,
			"Jamf did not let us in. We could not read the answer of Google Workspace. What only they know is missing from this page. Other sources are fine. This is our problem, not yours. There is nothing for you to do about it."},
		{"a part of its answer came", []posture.Trouble{{Source: oneJamf, Kind: posture.Busy}}, []posture.Source{oneJamf, google}, checkups,
			"Jamf is busy and asked us to come back later. Some of what only Jamf knows may be missing from this page. Other sources are fine. This is our problem, not yours. There is nothing for you to do about it."},
	} {
		n := newTroubleNote(test.troubles, test.sources, test.checkups)
		if got := strings.Join(n.titles, ". ") + ". " + n.rest; got != test.want {
			t.Errorf("%s: %q", test.story, got)
		}
	}
	if newTroubleNote(nil, []posture.Source{oneJamf}, nil) != nil {
		t.Error("there is a note without a trouble")
	}
}
