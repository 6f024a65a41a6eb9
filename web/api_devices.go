package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"stethoscope/posture"
)

// apiDevices answers in the shape of Netflix's Stethoscope, so that clients
// written for it keep working: GET /api/v1/devices/merged/{email}.
func (s *server) apiDevices(c echo.Context) error {
	who := s.personOf(c)
	if !posture.SameEmail(plainParam(c, "email"), who.Email) {
		return &problem{Status: http.StatusForbidden, Detail: "You can ask for your own devices only."}
	}
	found := s.Lookup.Ask(c.Request().Context(), who)
	if troubles := TroublesHeader(found.Troubles); troubles != "" {
		c.Response().Header().Set("X-Stethoscope-Troubles", troubles)
	}
	c.Response().Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(c.Response()).Encode(DevicesJSON(s.Practices.Judge(found.Devices, s.Now())))
}

// plainParam returns a part of the path as its writer meant it. The router takes
// parts from the path as sent if that differs from the usual spelling: clients
// may send "%40" for the at sign of an address.
func plainParam(c echo.Context, name string) string {
	if c.Request().URL.RawPath == "" {
		return c.Param(name)
	}
	value, err := url.PathUnescape(c.Param(name))
	if err != nil {
		return ""
	}
	return value
}

// TroublesHeader names the sources that did not answer: "landesk=slow,jamf=refused".
func TroublesHeader(troubles []posture.Trouble) string {
	words := make([]string, len(troubles))
	for i, t := range troubles {
		words[i] = t.Source.Name + "=" + t.Kind.String()
	}
	return strings.Join(words, ",")
}

// DeviceJSON is a device as the API and `checkup --json` write it. What is not
// known is absent.
type DeviceJSON struct {
	ID           string                  `json:"id"`
	Name         string                  `json:"name,omitempty"`
	Model        string                  `json:"model,omitempty"`
	Manufacturer string                  `json:"manufacturer,omitempty"`
	Type         string                  `json:"type,omitempty"`
	Platform     string                  `json:"platform,omitempty"`
	OS           string                  `json:"os,omitempty"`
	OSVersion    string                  `json:"os_version,omitempty"`
	Serial       string                  `json:"serial,omitempty"`
	LastSync     *time.Time              `json:"last_sync,omitempty"`
	Sources      []string                `json:"sources"`
	Identifiers  IdentifiersJSON         `json:"identifiers"`
	Practices    map[string]PracticeJSON `json:"practices"`
}

// IdentifiersJSON are the names that a machine goes by.
type IdentifiersJSON struct {
	Serial       string   `json:"serial,omitempty"`
	UDID         string   `json:"udid,omitempty"`
	HardwareUUID string   `json:"hardware_uuid,omitempty"`
	IMEI         string   `json:"imei,omitempty"`
	MEID         string   `json:"meid,omitempty"`
	MACAddresses []string `json:"mac_addresses,omitempty"`
}

// PracticeJSON is one recommendation. Value is whether it is as it should be;
// absent if we can't tell.
type PracticeJSON struct {
	Status       string            `json:"status"`
	Title        string            `json:"title"`
	Description  string            `json:"description,omitempty"`
	Details      string            `json:"details,omitempty"`
	Directions   string            `json:"directions,omitempty"`
	Link         string            `json:"link,omitempty"`
	Value        *bool             `json:"value,omitempty"`
	Display      bool              `json:"display"`
	LastUpdated  *time.Time        `json:"last_updated,omitempty"`
	Observations []ObservationJSON `json:"observations,omitempty"`
}

// ObservationJSON is what one source saw. Value is whether it is as it should be.
type ObservationJSON struct {
	Source string     `json:"source"`
	Value  bool       `json:"value"`
	At     *time.Time `json:"at,omitempty"`
	Detail string     `json:"detail,omitempty"`
}

// DevicesJSON writes checkups in the API's shape; an empty list, not null, if
// there are none.
func DevicesJSON(checkups []posture.Checkup) []DeviceJSON {
	devices := make([]DeviceJSON, 0, len(checkups))
	for _, checkup := range checkups {
		devices = append(devices, deviceJSON(checkup))
	}
	return devices
}

func deviceJSON(checkup posture.Checkup) DeviceJSON {
	d := checkup.Device
	seen, _ := d.LastSeen()
	out := DeviceJSON{
		ID: d.ID(), Name: textOf(posture.Name, d), Model: textOf(posture.Model, d), Manufacturer: textOf(posture.Manufacturer, d),
		Type: textOf(posture.Model, d), Platform: d.Platform().String(), OS: originalOSName(d), LastSync: known(seen),
		Practices: make(map[string]PracticeJSON, len(checkup.Recommendations)),
	}
	if v, ok := posture.OSVersion.In(d); ok {
		out.OSVersion = string(v.Value)
	}
	for _, source := range d.Sources() {
		out.Sources = append(out.Sources, source.Name)
	}
	for _, id := range d.Identifiers() {
		first := map[posture.Kind]*string{
			posture.SerialKind: &out.Identifiers.Serial, posture.UDIDKind: &out.Identifiers.UDID, posture.HardwareUUIDKind: &out.Identifiers.HardwareUUID,
			posture.IMEIKind: &out.Identifiers.IMEI, posture.MEIDKind: &out.Identifiers.MEID,
		}[id.Kind()]
		switch {
		case id.Kind() == posture.MACKind:
			out.Identifiers.MACAddresses = append(out.Identifiers.MACAddresses, id.Value())
		case first != nil && *first == "":
			*first = id.Value()
		}
	}
	if out.Identifiers.UDID == "" { // a Mac's UDID is its hardware UUID
		out.Identifiers.UDID = out.Identifiers.HardwareUUID
	}
	out.Serial = out.Identifiers.Serial
	for _, r := range checkup.Recommendations {
		out.Practices[r.Key] = practiceJSON(r)
	}
	return out
}

func practiceJSON(r posture.Recommendation) PracticeJSON {
	out := PracticeJSON{Status: r.Rating.Status(), Title: r.Title, Details: r.Saw, Display: r.Rating != posture.NotApplicable, LastUpdated: known(r.SeenAt)}
	if a := r.Advice; a != nil {
		out.Description, out.Link = a.Why, a.More.URL
		var steps strings.Builder
		for _, step := range a.Steps {
			steps.WriteString("1. " + step + "\n")
		}
		out.Directions = steps.String()
	}
	switch r.Rating {
	case posture.Good:
		out.Value = new(true)
	case posture.Critical, posture.Suggested:
		out.Value = new(false)
	}
	for _, reading := range r.Readings {
		detail := reading.Words
		if reading.Detail != "" {
			detail = reading.Detail
		}
		out.Observations = append(out.Observations, ObservationJSON{reading.Source.Name, reading.Good, known(reading.At), detail})
	}
	return out
}

// originalOSName keeps the original's name for macOS, which its clients compare.
func originalOSName(d posture.Device) string {
	if d.Platform() == posture.MacOS {
		return "Mac OS X"
	}
	if name := textOf(posture.OSName, d); name != "" {
		return name
	}
	return d.Platform().SystemName()
}

func textOf(f posture.Fact[string], d posture.Device) string {
	o, _ := f.In(d)
	return o.Value
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
