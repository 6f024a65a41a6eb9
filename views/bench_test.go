package views

import (
	"context"
	"io"
	"testing"
	"time"

	"stethoscope/posture"
)

// usual is the page that performance is spoken of: 4 devices, 10 practices
// each, of which two are to fix now, two suggested, one unknown.
func usual(devices int) []posture.Checkup {
	now := time.Date(2026, 11, 22, 4, 22, 0, 0, time.UTC)
	source := posture.Source{Name: "jamf", Title: "Jamf"}
	steps := &posture.Advice{
		Why: "Your password alone does not protect files on the disk. With encryption on, a lost laptop is only a lost laptop.", Place: "On your Mac", Minutes: 5,
		Steps: []string{"Open **System Settings**, then **Privacy & Security**.", "Scroll down to **FileVault** and choose **Turn On**.", "Keep the recovery key with your company account when it asks.", "Leave the laptop plugged in until it finishes."},
	}
	ratings := []posture.Rating{posture.Critical, posture.Suggested, posture.Suggested, posture.Unknown, posture.Good, posture.Good, posture.Good, posture.Good, posture.Good, posture.NotApplicable}
	var checkups []posture.Checkup
	for i := range devices {
		serial, _ := posture.Serial("C02USUAL" + string(rune('A'+i)))
		mac, _ := posture.MAC("3C:06:30:1A:2B:" + string(rune('A'+i%6)) + "0")
		r := posture.Report{Source: source, Key: "1", SeenAt: now.Add(-3 * time.Hour), Identifiers: []posture.Identifier{serial, mac}, Claims: []posture.Claim{
			posture.Name.Is("Sam’s MacBook Pro " + string(rune('A'+i))), posture.Model.Is("MacBook Pro (14-inch, 2023)"), posture.RunsOn.Is(posture.MacOS),
			posture.OSName.Is("macOS"), posture.OSVersion.Is(posture.Version("26.6.2")),
		}}
		c := posture.Checkup{Device: posture.Device{Reports: []posture.Report{r}}}
		for j, rating := range ratings {
			rec := posture.Recommendation{
				Key: "practice" + string(rune('a'+j)), Title: "Disk encryption", Rating: rating, Headline: "Turn on disk encryption",
				Saw: "FileVault is off. Anyone who picks up this laptop could read your files.", Advice: steps, SeenAt: r.SeenAt,
			}
			if rating != posture.NotApplicable {
				rec.Readings = []posture.Reading{{Source: source, Words: "FileVault is off", Detail: "Macintosh HD: UNENCRYPTED", At: r.SeenAt}}
			}
			c.Recommendations = append(c.Recommendations, rec)
		}
		checkups = append(checkups, c)
	}
	return checkups
}

func usualFrame(current string) Frame {
	return Frame{
		Site: Site{Name: "Stethoscope"}, Person: posture.Person{Email: "sam.rivera@example.com", Name: "Sam Rivera"}, SignedIn: true,
		Current: current, Now: time.Date(2026, 11, 22, 4, 22, 0, 0, time.UTC), Path: "/",
	}
}

func BenchmarkOverview(b *testing.B) {
	p := OverviewPage{Frame: usualFrame("overview"), Checkups: usual(4), Sources: []posture.Source{{Name: "jamf", Title: "Jamf"}}}
	b.ReportAllocs()
	for b.Loop() {
		if err := Render(context.Background(), io.Discard, Overview(p)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDevices(b *testing.B) {
	p := DevicesPage{Frame: usualFrame("devices"), Checkups: usual(4), Sources: []posture.Source{{Name: "jamf", Title: "Jamf"}}}
	b.ReportAllocs()
	for b.Loop() {
		if err := Render(context.Background(), io.Discard, Devices(p)); err != nil {
			b.Fatal(err)
		}
	}
}
