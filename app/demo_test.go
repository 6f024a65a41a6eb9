package app

import (
	"strings"
	"testing"
	"testing/synctest"

	"stethoscope/demo"
	"stethoscope/posture"
)

// toFix counts what is at Fix now, and in how many devices.
func toFix(checkups []posture.Checkup) (recommendations, devices int) {
	for _, c := range checkups {
		before := recommendations
		for _, r := range c.Recommendations {
			if r.Rating == posture.Critical {
				recommendations++
			}
		}
		if recommendations > before {
			devices++
		}
	}
	return recommendations, devices
}

// rated reports whether there are devices and everything that applies to them
// has one rating.
func rated(checkups []posture.Checkup, rating posture.Rating) bool {
	applies := 0
	for _, c := range checkups {
		for _, r := range c.Recommendations {
			if r.Rating == posture.NotApplicable {
				continue
			}
			if applies++; r.Rating != rating {
				return false
			}
		}
	}
	return applies > 0
}

func TestWhatTheStripSaysOfEachPersonIsTrue(t *testing.T) {
	done := func(checkups []posture.Checkup) bool { return rated(checkups, posture.Good) }
	truth := map[string]func([]posture.Checkup) bool{
		"2 to fix": func(c []posture.Checkup) bool { n, _ := toFix(c); return n == 2 },
		"all done": done,
		"all fine": done,
		"old data": func(c []posture.Checkup) bool { return rated(c, posture.Unknown) },
		// What Priya may see is not judged; that her own page is calm is.
		"security team, all done": done,
		"one device to fix":       func(c []posture.Checkup) bool { _, n := toFix(c); return n == 1 },
		"an unknown device": func(c []posture.Checkup) bool {
			n := 0
			for _, checkup := range c {
				if !checkup.Device.Recognised() {
					n++
				}
			}
			return n == 1
		},
		"no device": func(c []posture.Checkup) bool { return len(c) == 0 },
		"3 to fix":  func(c []posture.Checkup) bool { n, _ := toFix(c); return n == 3 },
	}
	command := &command{parts: ours, demo: true}
	h, err := command.open(quiet())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range demo.People() {
		answer := h.desk.Ask(t.Context(), posture.Person{Email: p.Email})
		checkups := h.practices.Judge(answer.Devices, h.doors.now())
		isTrue, known := truth[p.State]
		if !known || len(answer.Troubles) > 0 || !isTrue(checkups) {
			t.Errorf("%s: %q is not what is judged: %d devices", p.Email, p.State, len(checkups))
		}
	}
}

// The bubble's clock jumps: nobody waits for the demo's slow source.
func TestASlowSourceIsSlowerThanTheDemosPatience(t *testing.T) {
	for _, way := range []string{"slow", "hang"} {
		t.Run(way, func(t *testing.T) {
			t.Setenv("STETHOSCOPE_DEMO_BREAK", "google:"+way)
			synctest.Test(t, func(t *testing.T) {
				code, out, problems := run(t, "checkup", "sam.rivera@example.com", "--demo")
				if code != 0 || problems != "google: did not answer in time\n" || !strings.Contains(out, "MacBook") || strings.Contains(out, "Pixel") {
					t.Errorf("exit %d: %s%s", code, problems, out)
				}
			})
		})
	}
}
