package views

import (
	"slices"
	"testing"
	"time"

	"stethoscope/posture"
)

// seen is a device with a serial number and these ratings, heard from so long ago.
func seen(ago time.Duration, platform posture.Platform, ratings ...posture.Rating) posture.Checkup {
	serial, _ := posture.Serial("C02" + platform.Key() + ago.String())
	r := posture.Report{Source: oneJamf, SeenAt: testNow.Add(-ago), Identifiers: []posture.Identifier{serial}, Claims: []posture.Claim{posture.RunsOn.Is(platform)}}
	c := posture.Checkup{Device: posture.Device{Reports: []posture.Report{r}}}
	for i, rating := range ratings {
		c.Recommendations = append(c.Recommendations, posture.Recommendation{
			Key: string(rune('a' + i)), Rating: rating, Headline: "Do this", Advice: &posture.Advice{Minutes: 5},
			Readings: []posture.Reading{{Source: oneJamf, At: testNow.Add(-ago)}},
		})
	}
	return c
}

func unknownDevice(platform posture.Platform) posture.Checkup {
	r := posture.Report{Source: google, SeenAt: testNow.Add(-day), Claims: []posture.Claim{posture.RunsOn.Is(platform)}}
	return posture.Checkup{Device: posture.Device{Reports: []posture.Report{r}}}
}

func TestTheFirstLineSaysWhereAPersonStands(t *testing.T) {
	const fix, sug, unk, good, not = posture.Critical, posture.Suggested, posture.Unknown, posture.Good, posture.NotApplicable
	both := []posture.Source{oneJamf, google}
	down := []posture.Trouble{{Source: google, Kind: posture.Slow}}
	allDown := []posture.Trouble{{Source: oneJamf}, {Source: google}}
	for _, test := range []struct {
		story    string
		checkups []posture.Checkup
		troubles []posture.Trouble
		headline string
		lead     string
	}{
		{"two fixes", []posture.Checkup{seen(time.Hour, posture.MacOS, fix, good), seen(time.Hour, posture.Android, fix)}, nil,
			"2 things need you", "Two fixes. About 10 minutes, and you can stop at any point."},
		{"one fix", []posture.Checkup{seen(time.Hour, posture.MacOS, fix, unk, unk, unk)}, nil,
			"1 thing needs you", "One fix. About 5 minutes, and you can stop at any point."},
		{"a fix and a source that is down", []posture.Checkup{seen(time.Hour, posture.MacOS, fix)}, down,
			"At least 1 thing needs you", "One fix. About 5 minutes, and you can stop at any point. Some devices may be missing."},
		{"two fixes and a source that is down", []posture.Checkup{seen(time.Hour, posture.MacOS, fix, fix)}, down,
			"At least 2 things need you", "Two fixes. About 10 minutes, and you can stop at any point. Some devices may be missing."},
		{"more to fix than anybody counts in minutes", []posture.Checkup{seen(time.Hour, posture.MacOS, slices.Repeat([]posture.Rating{fix}, 25)...)}, nil,
			"25 things need you", "25 fixes. About 2 hours, and you can stop at any point."},
		{"a fix and a question", []posture.Checkup{seen(time.Hour, posture.MacOS, fix), unknownDevice(posture.IOS)}, nil,
			"2 things need you", "One fix and one question. About 5 minutes, and you can stop at any point."},
		{"all good on two devices", []posture.Checkup{seen(time.Hour, posture.MacOS, good, not), seen(time.Hour, posture.IOS, good)}, nil,
			"Nothing needs you", "Your 2 devices are in good shape."},
		{"all good on one", []posture.Checkup{seen(time.Hour, posture.MacOS, good)}, nil,
			"Nothing needs you", "Your device is in good shape."},
		{"suggestions are no needs", []posture.Checkup{seen(time.Hour, posture.MacOS, sug, sug, good)}, nil,
			"Nothing needs you", "Two suggestions for when you have time."},
		{"what we can’t tell is said and never counted as good", []posture.Checkup{seen(time.Hour, posture.MacOS, good, good, unk)}, nil,
			"Nothing needs you", "One thing we can’t tell."},
		{"one of two is silent", []posture.Checkup{seen(time.Hour, posture.MacOS, good, good), seen(8*day, posture.IOS, unk)}, nil,
			"Nothing needs you", "One thing we can’t tell. One device has not been seen for over a week."},
		{"good, but a source is down", []posture.Checkup{seen(time.Hour, posture.MacOS, good)}, down,
			"Nothing that we see needs you", "Your device is in good shape. Some devices may be missing."},
		{"mostly unknown", []posture.Checkup{seen(time.Hour, posture.MacOS, good, unk, unk)}, nil,
			"We can’t tell yet", "Our sources do not say enough about your device."},
		{"all silent", []posture.Checkup{seen(24*day, posture.MacOS, unk), seen(43*day, posture.Android, unk)}, nil,
			"We can’t tell yet", "Two devices have not been seen for over a week."},
		{"silent, with old readings called good by mistake", []posture.Checkup{seen(24*day, posture.MacOS, good)}, nil,
			"We can’t tell yet", "One device has not been seen for over a week."},
		{"only one that we do not know", []posture.Checkup{unknownDevice(posture.IOS)}, nil,
			"One question for you", "A device that we don’t know. Is it yours?"},
		{"all good, and one that we do not know", []posture.Checkup{seen(time.Hour, posture.MacOS, good), unknownDevice(posture.IOS)}, nil,
			"One question for you", "A device that we don’t know. Is it yours?"},
		{"two that we do not know, and a suggestion", []posture.Checkup{seen(time.Hour, posture.MacOS, sug), unknownDevice(posture.IOS), unknownDevice(posture.Android)}, nil,
			"Two questions for you", "Two devices that we don’t know. Are they yours? One suggestion for when you have time."},
		{"one that we do not know, and the rest is silent", []posture.Checkup{seen(24*day, posture.MacOS, unk), unknownDevice(posture.IOS)}, nil,
			"One question for you", "A device that we don’t know. Is it yours? One thing we can’t tell. One device has not been seen for over a week."},
		{"one that we do not know, and a source is down", []posture.Checkup{unknownDevice(posture.IOS)}, down,
			"At least one question for you", "A device that we don’t know. Is it yours? Some devices may be missing."},
		{"silent, and a source is down", []posture.Checkup{seen(24*day, posture.MacOS, unk)}, down,
			"We can’t tell yet", "One device has not been seen for over a week. Some devices may be missing."},
		{"nobody knows a device", nil, nil,
			"No devices yet", "We found no device of yours."},
		{"no device, and a source is down", nil, down,
			"We can’t tell yet", "We could not look everywhere."},
		{"everybody is down", nil, allDown,
			"We can’t tell yet", "None of our sources answered. That is our problem, not yours."},
	} {
		s := stand(testTime, test.checkups, test.troubles, both)
		if got := s.headline(); got != test.headline {
			t.Errorf("%s: %q, want %q", test.story, got, test.headline)
		}
		if got := s.lead(); got != test.lead {
			t.Errorf("%s: %q, want %q", test.story, got, test.lead)
		}
	}
}

func TestTheBannerHoldsFiveRowsAndCountsTheRest(t *testing.T) {
	var checkups []posture.Checkup
	for range 4 {
		checkups = append(checkups, seen(time.Hour, posture.MacOS, posture.Critical, posture.Critical, posture.Suggested))
	}
	u := newUrgent(checkups)
	if len(u.rows) != 5 || u.more != 3 || u.title() != "Fix these 8 things first" || u.lead() != "They protect you if a device is lost or attacked. About 40 minutes." {
		t.Errorf("%d rows, %d more, %q, %q", len(u.rows), u.more, u.title(), u.lead())
	}
	if u := newUrgent(checkups[:0]); u.all != 0 {
		t.Error("there is a banner without anything to fix")
	}
}

func TestWhichFoldIsOpen(t *testing.T) {
	a, b := seen(time.Hour, posture.MacOS, posture.Suggested, posture.Critical, posture.Critical), seen(time.Hour, posture.Android, posture.Critical, posture.Good)
	checkups := []posture.Checkup{a, b}
	idA, idB := a.Device.ID(), b.Device.ID()
	for _, test := range []struct{ story, wanted, open string }{
		{"nobody asked: the first Fix now", "", idA + "-b"},
		{"another", idB + "-a", idB + "-a"},
		{"one that is done", idB + "-b", idB + "-b"},
		{"a whole device", idB, idB},
		{"one that does not exist", idA + "-z", idA + "-b"},
		{"nonsense", "\"><script>", idA + "-b"},
	} {
		if got := newSheet(Frame{Now: testNow}, checkups, nil, posture.UnknownPlatform, test.wanted, "", false).open; got != test.open {
			t.Errorf("%s: %q, want %q", test.story, got, test.open)
		}
	}
}

func TestYoureUsingThisNowIsSaidOnlyWhenSure(t *testing.T) {
	mac, otherMac, oldMac := seen(time.Hour, posture.MacOS), seen(2*time.Hour, posture.MacOS), seen(25*time.Hour, posture.MacOS)
	phone, pad := seen(time.Hour, posture.IOS), seen(2*time.Hour, posture.IOS)
	pad.Device.Reports[0].Claims = append(pad.Device.Reports[0].Claims, posture.Model.Is("iPad mini (6th generation)"))
	for _, test := range []struct {
		story    string
		visitor  posture.Platform
		checkups []posture.Checkup
		want     string
	}{
		{"one Mac", posture.MacOS, []posture.Checkup{mac, phone}, mac.Device.ID()},
		{"the browser does not tell", posture.UnknownPlatform, []posture.Checkup{mac}, ""},
		{"another platform", posture.Windows, []posture.Checkup{mac}, ""},
		{"two Macs", posture.MacOS, []posture.Checkup{mac, otherMac}, ""},
		{"two Macs, one not heard from for a day", posture.MacOS, []posture.Checkup{mac, oldMac}, mac.Device.ID()},
		{"only one not heard from for a day", posture.MacOS, []posture.Checkup{oldMac}, ""},
		{"a Mac or an iPad that says it is one", posture.MacOS, []posture.Checkup{mac, pad}, ""},
		{"only the iPad that says it is a Mac", posture.MacOS, []posture.Checkup{pad}, ""},
		{"a phone", posture.IOS, []posture.Checkup{mac, phone}, phone.Device.ID()},
		{"a device that we do not know", posture.Android, []posture.Checkup{unknownDevice(posture.Android)}, ""},
	} {
		if got := inUse(testTime, test.checkups, test.visitor); got != test.want {
			t.Errorf("%s: %q, want %q", test.story, got, test.want)
		}
	}
}

func TestWhatCameOfAskingAgain(t *testing.T) {
	outcomeOf := func(c posture.Checkup, troubles ...posture.Trouble) *note {
		anchor := c.Device.ID() + "-a"
		s := newSheet(Frame{Now: testNow}, []posture.Checkup{c}, troubles, posture.UnknownPlatform, "", anchor, false)
		return newCard(s, &c).rows[0].note
	}
	fresh, old := 30*time.Second, 3*time.Hour
	silent := seen(old, posture.MacOS, posture.Unknown)
	silent.Recommendations[0].Readings = nil
	for _, test := range []struct {
		story string
		note  *note
		good  bool
		title string
		says  string
	}{
		{"it is done", outcomeOf(seen(fresh, posture.MacOS, posture.Good)), true,
			"Done. Do this", "Jamf saw it just now. Thank you, that was the important one."},
		{"it is done, and there is more", outcomeOf(seen(fresh, posture.MacOS, posture.Good, posture.Critical)), true,
			"Done. Do this", "Jamf saw it just now. Thank you."},
		{"the source has not heard from it since", outcomeOf(seen(old, posture.MacOS, posture.Critical)), false,
			"We asked again just now", "Jamf last heard from your Mac 3 hours ago, so a fix since then does not show yet."},
		{"the source has just heard from it", outcomeOf(seen(fresh, posture.Android, posture.Critical)), false,
			"Still the same when we looked", "Jamf heard from your phone just now. A change that you made a moment ago shows when it hears from it again."},
		{"the source does not answer", outcomeOf(seen(old, posture.MacOS, posture.Critical), posture.Trouble{Source: oneJamf, Kind: posture.Slow}), false,
			"We asked again just now, without an answer", "Jamf is not answering. What you see is older, so a fix does not show yet. This is our problem, not yours. There is nothing for you to do about it."},
		{"nobody tells", outcomeOf(silent), false,
			"We asked again just now", "No source tells us about this on your Mac."},
	} {
		says := textOf(test.note.text + string(test.note.when) + test.note.rest)
		if test.note.good != test.good || test.note.title != test.title || says != test.says {
			t.Errorf("%s: %v, %q, %q", test.story, test.note.good, test.note.title, says)
		}
	}
}

func TestADeviceThatWeDoNotKnowMayBeOneThatWeDo(t *testing.T) {
	pad, other := seen(time.Hour, posture.IOS), seen(2*time.Hour, posture.IOS)
	pad.Device.Reports[0].Claims = append(pad.Device.Reports[0].Claims, posture.Name.Is("iPad mini"))
	for _, test := range []struct {
		story    string
		checkups []posture.Checkup
		want     string
	}{
		{"one fits", []posture.Checkup{unknownDevice(posture.IOS), pad}, "iPad mini"},
		{"two fit, so we do not guess", []posture.Checkup{unknownDevice(posture.IOS), pad, other}, ""},
		{"none fits", []posture.Checkup{unknownDevice(posture.Android), pad}, ""},
		{"its platform is not known", []posture.Checkup{unknownDevice(posture.UnknownPlatform), pad}, ""},
	} {
		s := newSheet(Frame{Now: testNow}, test.checkups, nil, posture.UnknownPlatform, "", "", false)
		if got := cards(s, test.checkups)[0].maybe; got != test.want {
			t.Errorf("%s: %q, want %q", test.story, got, test.want)
		}
	}
}

func TestASilentDeviceIsNotJudged(t *testing.T) {
	for _, test := range []struct {
		story string
		c     posture.Checkup
		kind  cardKind
	}{
		{"six days", seen(6*day, posture.MacOS, posture.Unknown), familiar},
		{"eight days", seen(8*day, posture.MacOS, posture.Unknown), silent},
		{"eight days, and yet somebody saw something", seen(8*day, posture.MacOS, posture.Unknown, posture.Critical), familiar},
		{"nobody knows what it is", unknownDevice(posture.MacOS), unfamiliar},
	} {
		s := newSheet(Frame{Now: testNow}, nil, nil, posture.UnknownPlatform, "", "", false)
		if got := newCard(s, &test.c).kind; got != test.kind {
			t.Errorf("%s: %v, want %v", test.story, got, test.kind)
		}
	}
}
