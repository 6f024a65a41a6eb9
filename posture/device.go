package posture

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"
)

// A Device is one machine: all reports that proved to be about it, freshest
// first. Nothing is merged away; the methods read across the reports.
type Device struct {
	Reports []Report
	// Contested names sources that said something of a machine with this one's
	// names and yet contradicted it in another of them. Their readings are left out.
	Contested []Source
}

// ID returns the device's name in addresses. It tells nothing of the machine.
// It comes from the serial number that a source with authority gives, which no
// other device can have, or else from the record of such a source: all else can
// be cloned or claimed.
func (d Device) ID() string {
	trusted := slices.ContainsFunc(d.Reports, func(r Report) bool { return r.Source.OwnerAuthority })
	var serial, record string
	for i := range d.Reports {
		r := &d.Reports[i]
		if trusted && !r.Source.OwnerAuthority {
			continue
		}
		for _, id := range r.Identifiers {
			if id.kind == SerialKind && (serial == "" || id.value < serial) {
				serial = id.value
			}
		}
		if key := r.recordKey(); record == "" || key < record {
			record = key
		}
	}
	switch {
	case serial != "":
		return addressOf("serial", serial)
	case record != "":
		return addressOf("record", record)
	}
	return ""
}

// HasID reports whether id is this device's ID, or was before a source brought
// a serial number: an address that somebody kept still works then.
func (d Device) HasID(id string) bool {
	for i := range d.Reports {
		for _, identifier := range d.Reports[i].Identifiers {
			if identifier.kind == SerialKind && addressOf("serial", identifier.value) == id {
				return true
			}
		}
		if addressOf("record", d.Reports[i].recordKey()) == id {
			return true
		}
	}
	return false
}

// recordKey tells the record from every other of every source.
func (r *Report) recordKey() string { return r.Source.Name + "\x00" + r.Key }

func addressOf(kind, value string) string {
	sum := sha256.Sum256([]byte("device\x00" + kind + "\x00" + value))
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10]))
}

// Identifiers returns every name that the machine goes by, most trusted kind
// first, each once.
func (d Device) Identifiers() []Identifier {
	var ids []Identifier
	for _, r := range d.Reports {
		ids = append(ids, r.Identifiers...)
	}
	slices.SortFunc(ids, Identifier.Compare)
	return slices.Compact(ids)
}

// Recognised reports whether we can say which machine this is: a strong
// identifier or a model names it. What has neither may be any machine: the page
// asks about it and judges nothing.
func (d Device) Recognised() bool {
	for _, r := range d.Reports {
		for _, id := range r.Identifiers {
			if id.kind.Strong() {
				return true
			}
		}
	}
	o, ok := Model.In(d)
	return ok && strings.TrimSpace(o.Value) != ""
}

// LastSeen returns when any source last heard from the machine, and which one;
// the zero time if none says.
func (d Device) LastSeen() (time.Time, Source) {
	var at time.Time
	var by Source
	for _, r := range d.Reports {
		if r.SeenAt.After(at) {
			at, by = r.SeenAt, r.Source
		}
	}
	return at, by
}

// Sources returns who reported the machine, freshest first, each once.
func (d Device) Sources() []Source {
	var sources []Source
	for _, r := range d.Reports {
		if !slices.Contains(sources, r.Source) {
			sources = append(sources, r.Source)
		}
	}
	return sources
}

// Name returns what the machine is called: by its owner, else by its maker,
// else by its platform.
func (d Device) Name() string {
	for _, fact := range []Fact[string]{Name, Model} {
		if o, ok := fact.In(d); ok && strings.TrimSpace(o.Value) != "" {
			return o.Value
		}
	}
	if p := d.Platform(); p != UnknownPlatform {
		return p.String() + " device"
	}
	return "Device without a name"
}

// Platform returns what the machine runs.
func (d Device) Platform() Platform {
	o, _ := RunsOn.In(d)
	return o.Value
}

// System returns the system's name and version as people say them: "macOS 26.6.2".
func (d Device) System() string {
	name := d.Platform().SystemName()
	if o, ok := OSName.In(d); ok && o.Value != "" {
		name = o.Value
	}
	if v, ok := OSVersion.In(d); ok && v.Value != "" {
		name = strings.TrimSpace(name + " " + string(v.Value))
	}
	return name
}
