package views

import (
	"slices"
	"strings"
	"time"

	"stethoscope/posture"
)

// knowledge is one thing that we know about a device, as each source said it.
type knowledge struct {
	what string
	said []saying
}

type saying struct {
	value  string
	source string // empty if the value is the source
	when   html   // the exact local time
}

// from returns who says so, and when they saw it.
func (s saying) from() html {
	if s.source == "" {
		return s.when
	}
	return isolated(s.source) + ", " + s.when
}

// knowledgeOf lists what a device is: nothing that the sources hold about its
// people.
func knowledgeOf(c clock, d *posture.Device) []knowledge {
	var known []knowledge
	add := func(what string, said []saying) {
		if len(said) > 0 {
			known = append(known, knowledge{what, said})
		}
	}
	asItIs := func(s string) string { return s }
	add("Name", sayings(c, d, posture.Name, asItIs))
	add("Maker", sayings(c, d, posture.Manufacturer, asItIs))
	add("Model", sayings(c, d, posture.Model, asItIs))
	add("Platform", sayings(c, d, posture.RunsOn, posture.Platform.SystemName))
	add("System", sayings(c, d, posture.OSName, asItIs))
	add("Version", sayings(c, d, posture.OSVersion, func(v posture.Version) string { return string(v) }))
	add("Build", sayings(c, d, posture.OSBuild, asItIs))
	add("Security update", sayings(c, d, posture.SecurityPatch, func(t time.Time) string { return t.UTC().Format("2 January 2006") }))
	add("Managed", sayings(c, d, posture.Managed, func(managed bool) string {
		if managed {
			return "Yes, by your organisation"
		}
		return "No"
	}))
	for _, id := range d.Identifiers() {
		var said []saying
		for i := range d.Reports {
			if r := &d.Reports[i]; slices.Contains(r.Identifiers, id) {
				said = appendSaying(c, said, id.Value(), r.Source, r.SeenAt)
			}
		}
		add(kindWords(id.Kind()), said)
	}
	add("Network addresses", sayings(c, d, posture.NetworkAddresses, func(a []string) string { return strings.Join(a, ", ") }))
	var heard []saying
	for i := range d.Reports {
		heard = appendSaying(c, heard, titleOf(d.Reports[i].Source), posture.Source{}, d.Reports[i].SeenAt)
	}
	add("Last heard from by", heard)
	return known
}

func kindWords(k posture.Kind) string {
	if k == posture.SerialKind {
		return "Serial number"
	}
	return capital(k.String())
}

func sayings[T any](c clock, d *posture.Device, fact posture.Fact[T], words func(T) string) []saying {
	var said []saying
	for _, o := range fact.All(*d) {
		said = appendSaying(c, said, words(o.Value), o.Source, o.At)
	}
	return said
}

// appendSaying adds what one source says; once, if it says so in two records.
func appendSaying(c clock, said []saying, value string, source posture.Source, at time.Time) []saying {
	s := saying{sentence(value), titleOf(source), c.whenExactly(at)}
	if s.value == "" || slices.Contains(said, s) {
		return said
	}
	return append(said, s)
}
