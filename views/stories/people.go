package stories

import (
	"strings"
	"time"

	"stethoscope/posture"
	"stethoscope/views"
)

// now is when all stories happen: a Sunday morning.
var now = time.Date(2026, time.November, 22, 4, 22, 0, 0, time.UTC)

var (
	jamf   = posture.Source{Name: "jamf", Title: "Jamf", OwnerAuthority: true}
	google = posture.Source{Name: "google", Title: "Google Workspace", OwnerAuthority: true}
	all    = []posture.Source{jamf, google}

	sam = posture.Person{Subject: "1", Email: "sam.rivera@example.com", Name: "Sam Rivera"}
	ada = posture.Person{Subject: "2", Email: "ada.okafor@example.com", Name: "Ada Okafor"}
	jun = posture.Person{Subject: "3", Email: "jun.park@example.com", Name: "Jun Park"}

	site = views.Site{Name: "Stethoscope", Organisation: "Example", Contact: views.Contact{Email: "security@example.com", Chat: "#security-help", Phone: "+1 555 0100"}}
	demo = []views.DemoPerson{
		{Email: "sam.rivera@example.com", Label: "Sam Rivera, 2 to fix"},
		{Email: "ada.okafor@example.com", Label: "Ada Okafor, all done"},
		{Email: "jun.park@example.com", Label: "Jun Park, old data"},
	}
)

func frame(who posture.Person, current string) views.Frame {
	path := map[string]string{"overview": "/", "devices": "/devices", "help": "/help"}[current]
	return views.Frame{Site: site, Person: who, SignedIn: true, Current: current, Demo: demo, Now: now, Zone: time.FixedZone("CET", 3600), Path: path}
}

func before(d time.Duration) time.Time { return now.Add(-d) }

const day = 24 * time.Hour

// machine builds a machine that one source reports.
func machine(source posture.Source, key string, seen time.Time, serial string, claims ...posture.Claim) posture.Device {
	r := posture.Report{Source: source, Key: key, SeenAt: seen, Claims: claims}
	if id, ok := posture.Serial(serial); ok {
		r.Identifiers = append(r.Identifiers, id)
	}
	return posture.Device{Reports: []posture.Report{r}}
}

func what(name, model string, platform posture.Platform, system, version string) []posture.Claim {
	return []posture.Claim{
		posture.Name.Is(name), posture.Model.Is(model), posture.RunsOn.Is(platform),
		posture.OSName.Is(system), posture.OSVersion.Is(posture.Version(version)),
	}
}

// A judged builds the recommendations of one device, all seen by one source.
type judged struct {
	source posture.Source
	at     time.Time
}

func (j judged) reading(good bool, words, detail string) posture.Reading {
	return posture.Reading{Source: j.source, Good: good, Words: words, Detail: detail, At: j.at}
}

func (j judged) done(key, title, headline string) posture.Recommendation {
	return posture.Recommendation{
		Key: key, Title: title, Rating: posture.Good, Headline: headline, Saw: headline + ".", SeenAt: j.at,
		Readings: []posture.Reading{j.reading(true, headline, "")},
	}
}

func (j judged) not(key, title, why string) posture.Recommendation {
	return posture.Recommendation{Key: key, Title: title, Rating: posture.NotApplicable, Headline: title + " does not apply", Saw: why}
}

func (j judged) encryptionOff() posture.Recommendation {
	return posture.Recommendation{
		Key: "encryption", Title: "Disk encryption", Rating: posture.Critical, Headline: "Turn on disk encryption",
		Saw: "FileVault is off. Anyone who picks up this laptop could read your files.", SeenAt: j.at, Advice: fileVault,
		Readings: []posture.Reading{j.reading(false, "FileVault is off", "Macintosh HD: UNENCRYPTED")},
	}
}

func (j judged) updatesWait() posture.Recommendation {
	return posture.Recommendation{
		Key: "autoupdate", Title: "Automatic updates", Rating: posture.Suggested, Headline: "Let updates install by themselves",
		Saw: "Updates download, but wait for you to install them.", SeenAt: j.at, Advice: autoUpdate,
		Readings: []posture.Reading{j.reading(false, "Updates wait", "")},
	}
}

func (j judged) patchOld() posture.Recommendation {
	return posture.Recommendation{
		Key: "uptodate", Title: "Up to date", Rating: posture.Critical, Headline: "Install the November security update",
		Saw: "Your phone is one update behind. This one closes a hole that is being used in attacks.", SeenAt: j.at, Advice: androidUpdate,
		Readings: []posture.Reading{j.reading(false, "October security update", "2026-10-05")},
	}
}

func (j judged) unknown(doubt posture.Doubt, saw string) posture.Recommendation {
	r := posture.Recommendation{Key: "screenlock", Title: "Screen lock", Rating: posture.Unknown, Headline: "Lock the screen when you walk away", Saw: saw, Doubt: doubt, Advice: screenLock}
	if doubt == posture.TooOld {
		r.SeenAt = j.at
		r.Readings = []posture.Reading{j.reading(true, "Locks by itself", "")}
	}
	return r
}

// locks is where two sources contradict each other.
func (j judged) locks(other posture.Source, at time.Time) posture.Recommendation {
	r := j.unknown(posture.Disagree, "Our sources disagree: "+j.source.Title+" says it locks by itself, "+other.Title+" says it never locks.")
	r.Readings = []posture.Reading{
		{Source: other, Words: "Never locks", At: at},
		{Source: j.source, Good: true, Words: "Locks after 5 minutes", At: j.at, Detail: "idleTime 300"},
	}
	return r
}

var (
	fileVault = &posture.Advice{
		Why:   "Your password alone does not protect files on the disk. With encryption on, a lost or stolen laptop is only a lost laptop. You can keep working while it runs.",
		Place: "On your Mac", Minutes: 5,
		Settings: posture.Link{Text: "Open FileVault settings on this Mac", URL: "x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?FileVault"},
		More:     posture.Link{Text: "What FileVault does, by Apple", URL: "https://support.apple.com/guide/mac-help/mh11785/mac"},
		Steps: []string{
			"Open **System Settings**, then **Privacy & Security**.",
			"Scroll down to **FileVault** and choose **Turn On**.",
			"Keep the recovery key with your company account when it asks.",
			"Leave the laptop plugged in until it finishes.",
		},
	}
	autoUpdate = &posture.Advice{
		Why: "Most attacks use holes that already have a fix.", Place: "On your Mac", Minutes: 2,
		Steps: []string{
			"Open **System Settings**, then **General**, then **Software Update**.",
			"Select the **i** next to **Automatic Updates** and turn on every option.",
		},
	}
	screenLock = &posture.Advice{
		Why: "An open screen is an open door for whoever walks by.", Place: "On your Mac", Minutes: 1,
		Steps: []string{
			"Open **System Settings**, then **Lock Screen**.",
			"Set **Require password** to **Immediately**.",
		},
	}
	androidUpdate = &posture.Advice{
		Why: "The update fixes a flaw that can be used by only sending you a message.", Place: "On your Pixel", Minutes: 15,
		Steps: []string{
			"Connect to Wi-Fi and a charger.",
			"Open **Settings**, then **System**, then **Software updates**.",
			"Choose **System update**, then **Install**. The phone restarts once.",
		},
	}
)

// samsMac has one of everything: Fix now, Suggested, Can't tell, Done, Doesn't apply.
func samsMac() posture.Checkup {
	j := judged{jamf, before(3 * time.Hour)}
	d := machine(jamf, "12", j.at, "C02SAMRIVERA", what("Sam’s MacBook Pro", "MacBook Pro (14-inch, 2023)", posture.MacOS, "macOS", "26.6.2")...)
	d.Reports[0].Claims = append(d.Reports[0].Claims,
		posture.Manufacturer.Is("Apple"), posture.OSBuild.Is("25G84"), posture.Managed.Is(true),
		posture.NetworkAddresses.Is([]string{"3C:06:30:1A:2B:3C", "3C:06:30:1A:2B:3D"}))
	return posture.Checkup{Device: d, Recommendations: []posture.Recommendation{
		j.encryptionOff(), j.updatesWait(), j.locks(google, before(12*time.Minute)),
		j.done("firewall", "Firewall", "Firewall is on"), j.done("uptodate", "Up to date", "macOS is up to date"),
		j.done("remotelogin", "Remote login", "Remote login is off"), j.done("sentinel", "SentinelOne", "SentinelOne is running"),
		j.done("carbonblack", "Carbon Black", "Carbon Black is running"),
		j.not("jailed", "Jailbreak", "This is for phones and tablets."),
	}}
}

// samsMacFixed is the same after encryption was turned on and Jamf saw it.
func samsMacFixed() posture.Checkup {
	c := samsMac()
	j := judged{jamf, before(30 * time.Second)}
	c.Device.Reports[0].SeenAt = j.at
	c.Recommendations = append(c.Recommendations[1:3:3], append([]posture.Recommendation{j.done("encryption", "Disk encryption", "Disk encryption is on")}, c.Recommendations[3:]...)...)
	return c
}

func samsPixel() posture.Checkup {
	j := judged{google, before(8*time.Hour + 17*time.Minute)}
	d := machine(google, "p8", j.at, "35PIXEL8SAM", what("Pixel 8", "Google Pixel 8", posture.Android, "Android", "16")...)
	d.Reports[0].Claims = append(d.Reports[0].Claims, posture.SecurityPatch.Is(time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)))
	return posture.Checkup{Device: d, Recommendations: []posture.Recommendation{
		j.patchOld(), j.done("screenlock", "Screen lock", "Screen lock is set"), j.done("encryption", "Disk encryption", "Storage is encrypted"),
		j.done("jailed", "Jailbreak", "Not rooted"), j.done("adbstatus", "Debugging", "Debugging is off"),
	}}
}

func samsPad() posture.Checkup {
	j := judged{jamf, before(35*time.Hour + 42*time.Minute)}
	return posture.Checkup{
		Device: machine(jamf, "m7", j.at, "DMPIPADMINI6", what("iPad mini", "iPad mini (6th generation)", posture.IOS, "iPadOS", "26.6.1")...),
		Recommendations: []posture.Recommendation{
			j.done("uptodate", "Up to date", "iPadOS is up to date"), j.done("screenlock", "Screen lock", "Passcode is set"),
			j.done("encryption", "Disk encryption", "Storage is encrypted"), j.done("jailed", "Jailbreak", "Not jailbroken"),
		},
	}
}

func adasBook() posture.Checkup {
	j := judged{google, before(12 * time.Minute)}
	return posture.Checkup{
		Device: machine(google, "cb1", j.at, "5CD2ADA0KF", what("HP Chromebook x360", "HP Chromebook x360 14", posture.ChromeOS, "ChromeOS", "142.0.7444.181")...),
		Recommendations: []posture.Recommendation{
			j.done("encryption", "Disk encryption", "Disk encryption is on"), j.done("uptodate", "Up to date", "ChromeOS is up to date"),
			j.done("jailed", "Jailbreak", "Verified boot is on"),
			j.not("screenlock", "Screen lock", "Your organisation sets this for Chromebooks."),
		},
	}
}

func junsAir() posture.Checkup {
	j := judged{jamf, before(24*day + 2*time.Hour)}
	d := machine(jamf, "31", j.at, "C02JUNPARK1", what("Jun’s MacBook Air", "MacBook Air (15-inch, M3)", posture.MacOS, "macOS", "26.5")...)
	lock := j.unknown(posture.TooOld, "Not seen for 24 days.")
	disk := lock
	disk.Key, disk.Title, disk.Headline, disk.Advice = "encryption", "Disk encryption", "Turn on disk encryption", fileVault
	return posture.Checkup{Device: d, Recommendations: []posture.Recommendation{disk, lock}}
}

func junsGalaxy() posture.Checkup {
	j := judged{google, before(43*day + time.Hour)}
	d := machine(google, "s24", j.at, "R5CJUNGALAXY", what("Galaxy S24", "Samsung Galaxy S24", posture.Android, "Android", "16")...)
	lock := j.unknown(posture.TooOld, "Not seen for 43 days.")
	return posture.Checkup{Device: d, Recommendations: []posture.Recommendation{lock}}
}

// strange has neither a strong identifier nor a model.
func strange() posture.Checkup {
	r := posture.Report{Source: google, Key: "x", SeenAt: time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC), Claims: []posture.Claim{
		posture.RunsOn.Is(posture.IOS), posture.OSName.Is("iOS"), posture.OSVersion.Is(posture.Version("26.6.1")),
		posture.NetworkAddresses.Is([]string{"DA:17:5E:00:4C:1F"}),
	}}
	return posture.Checkup{Device: posture.Device{Reports: []posture.Report{r}}}
}

// contested is Sam's Mac when another machine claims to be it.
func contested() posture.Checkup {
	c := samsMac()
	c.Device.Contested = []posture.Source{google}
	return c
}

// hostile is a device whose owner, or whoever speaks for it, means harm.
func hostile() posture.Checkup {
	const trick = "\u202e<script>alert(1)</script>\n\u200b\"'><img src=x onerror=alert(1)>"
	j := judged{posture.Source{Name: "jamf", Title: "Jamf" + trick}, before(time.Hour)}
	d := machine(j.source, "66", j.at, "EVIL\"><b>", what(trick+strings.Repeat("Ẑ̷a", 5000), "javascript:alert(1)"+trick, posture.MacOS, trick, "26.6.2'\"><svg onload=alert(1)>")...)
	d.Reports[0].Claims = append(d.Reports[0].Claims, posture.NetworkAddresses.Is([]string{"<i>:</i>", trick}))
	if id, ok := posture.Serial("</bdi><script>1"); ok {
		d.Reports[0].Identifiers = append(d.Reports[0].Identifiers, id)
	}
	bad := posture.Recommendation{
		Key: "soft\"><script>", Title: trick, Rating: posture.Critical, Headline: "Install “" + trick + "”", Saw: strings.Repeat("W", 10000), SeenAt: j.at,
		Readings: []posture.Reading{j.reading(false, trick, trick)},
		Advice: &posture.Advice{
			Why:   "<script>alert(1)</script> ![x](https://evil.example/p.png) [go](javascript:alert(1)) [also](data:text/html,1) <https://fine.example> **bold**",
			Place: trick, Minutes: 5,
			Steps:    []string{"<img src=x onerror=alert(1)> one", "[two](//evil.example) [three](https://fine.example \"a title\")"},
			Settings: posture.Link{Text: trick, URL: "javascript:alert(1)"},
			More:     posture.Link{Text: trick, URL: "data:text/html,<script>alert(1)</script>"},
		},
	}
	return posture.Checkup{Device: d, Recommendations: []posture.Recommendation{bad, j.not("n", trick, trick)}}
}

// many is a person with a drawer full of devices.
func many(n int) []posture.Checkup {
	var checkups []posture.Checkup
	for i := range n {
		c := samsMac()
		suffix := string(rune('A'+i%26)) + string(rune('A'+i/26))
		id, _ := posture.Serial("C02MANY" + suffix)
		c.Device.Reports = []posture.Report{c.Device.Reports[0]}
		c.Device.Reports[0].Identifiers = []posture.Identifier{id}
		c.Device.Reports[0].Claims = append(what("MacBook "+suffix, "MacBook Pro (14-inch, 2023)", posture.MacOS, "macOS", "26.6.2"), posture.DiskEncrypted.Is(false))
		checkups = append(checkups, c)
	}
	return checkups
}
