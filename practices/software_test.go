package practices

import (
	"testing"
	"time"

	"stethoscope/posture"
)

func installed(programs ...string) posture.Claim {
	list := []posture.Software{}
	for _, p := range programs {
		list = append(list, posture.Software{Name: p, Version: "7.2.1"})
	}
	return posture.Installed.Is(list)
}

func TestSoftware(t *testing.T) {
	const zoom = `practices: {software: [{key: zoom, title: Zoom, any_of: [zoom.us, us.zoom.xos], required: {macos: "6.0"}, recommended: {macos: "7.0.5"}, rating: critical}]}`
	const agent = `practices: {software: [{key: agent, title: Agent, any_of: [agentd], running: true}]}`
	zoomIs := func(versions ...posture.Version) posture.Claim {
		var list []posture.Software
		for _, v := range versions {
			list = append(list, posture.Software{Name: "zoom.us.app", ID: "us.zoom.xos", Version: v})
		}
		return posture.Installed.Is(list)
	}
	for _, c := range []struct {
		name, key, settings string
		device              posture.Device
		rating              posture.Rating
		saw                 string
	}{
		{"SentinelOne is installed", "sentinel", "", device(installed("Slack.app", "SentinelOne Extensions.app")), posture.Good, "Your organisation asks for it, and this Mac has it."},
		{"it is not", "sentinel", "", device(installed("Slack.app")), posture.Suggested, "SentinelOne is not on this Mac."},
		{"a list without programs", "sentinel", "", device(installed()), posture.Suggested, ""},
		{"nobody lists software", "sentinel", "", device(), posture.Unknown, "None of our sources tells which software this Mac has."},
		{"its service runs", "sentinel", "", device(posture.Running.Is([]string{"com.sentinelone.sentineld"})), posture.Good, ""},
		{"that its service does not run proves nothing", "sentinel", "", device(posture.Running.Is([]string{"sshd"})), posture.Unknown, ""},
		{"its service runs, though the list misses it", "sentinel", "", device(installed("Slack.app"), posture.Running.Is([]string{"sentineld"})), posture.Good, ""},
		{"Carbon Black by its app", "carbonblack", "", device(installed("VMware Carbon Black Cloud.app")), posture.Good, ""},
		{"Carbon Black by its identifier", "carbonblack", "", device(posture.Installed.Is([]posture.Software{{Name: "CBCloud", ID: "com.vmware.carbonblack.cloud.daemon"}})), posture.Good, ""},
		{"Carbon Black on a phone", "carbonblack", "", on(posture.Android, installed("x")), posture.NotApplicable, "Carbon Black is for computers."},
		{"a service that must run, runs", "agent", agent, device(posture.Running.Is([]string{"agentd"})), posture.Good, ""},
		{"a service that must run, does not", "agent", agent, device(installed("agentd"), posture.Running.Is([]string{"sshd"})), posture.Suggested, "Agent does not run on this Mac."},
		{"a service that must run, and nobody lists services", "agent", agent, device(installed("agentd")), posture.Unknown, ""},
		{"a new version", "zoom", zoom, device(zoomIs("7.0.5 (81138)")), posture.Good, ""},
		{"a version that is not recommended", "zoom", zoom, device(zoomIs("6.9")), posture.Suggested, "Zoom is version 6.9. Version 7.0.5 or newer is needed."},
		{"a version that is too old", "zoom", zoom, device(zoomIs("5.17.1")), posture.Critical, "Zoom is version 5.17.1. Version 6.0 or newer is needed."},
		{"a version that nobody tells", "zoom", zoom, device(zoomIs("")), posture.Unknown, "Zoom is there, but no source tells a version that we can compare."},
		{"of several copies the newest counts", "zoom", zoom, device(zoomIs("", "5.1", "7.1", "6.9")), posture.Good, ""},
		{"not there at all", "zoom", zoom, device(installed("ZoomInfo.app")), posture.Critical, "Zoom is not on this Mac."},
		{"no version is asked for on Windows", "zoom", zoom, on(posture.Windows, zoomIs("1.0")), posture.Good, ""},
		{"two sources disagree", "zoom", zoom, deviceOf(report("a", ago(time.Hour), posture.RunsOn.Is(posture.MacOS), zoomIs("7.1")), report("b", ago(2*time.Hour), installed())), posture.Unknown, "Our sources disagree: a says Zoom is there, b says Zoom is not there."},
		{"a source that tells no version contradicts nobody", "zoom", zoom, deviceOf(report("a", ago(time.Hour), posture.RunsOn.Is(posture.MacOS), zoomIs("7.1")), report("b", ago(2*time.Hour), zoomIs(""))), posture.Good, ""},
		{"that it runs does not tell its version", "zoom", zoom, device(zoomIs("5.17.1"), posture.Running.Is([]string{"zoom.us"})), posture.Critical, ""},
		{"a list of 24 days ago", "sentinel", "", deviceOf(report("Jamf", ago(24*aDay), posture.RunsOn.Is(posture.MacOS), installed("SentinelOne"))), posture.Unknown, "Not seen for 24 days."},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judge(t, openSet(t, c.settings, nil), c.key, c.device)
			if r.Rating != c.rating || c.saw != "" && r.Saw != c.saw {
				t.Errorf("%s: %q, want %s: %q", r.Rating.Word(), r.Saw, c.rating.Word(), c.saw)
			}
		})
	}
}

func TestAProgramsName(t *testing.T) {
	for _, c := range []struct {
		asked, found string
		want         bool
	}{
		{"Carbon Black Sensor", "Carbon Black Sensor", true},
		{"Carbon Black Sensor", "carbon black sensor.app", true},
		{"Carbon Black Sensor", "Carbon Black Sensor (64-bit)", true},
		{"Carbon Black Sensor", "Carbon Black Sensors", false},
		{"Carbon Black Sensor", "VMware Carbon Black Sensor", false},
		{"Zoom", "ZoomInfo.app", false},
		{"Zoom", "Zoom2.app", false},
		{"Zoom", "Zoomé", false},
		{"com.sentinelone", "com.sentinelone.sentineld", true},
		{"com.sentinelone", "com.sentinelonefake", false},
		{"Ärger", "ärger.app", true},
		{"Zoom", "", false},
		{"Zoom", "Zo", false},
	} {
		n := namesOf([]string{"Nothing", c.asked})
		if got := n.match(c.found); got != c.want {
			t.Errorf("%q asked, %q found: %v", c.asked, c.found, got)
		}
	}
}
