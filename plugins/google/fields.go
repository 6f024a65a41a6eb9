package google

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"stethoscope/posture"
)

var errNoID = errors.New("a record without an ID")

// word normalises one of Google's enumerations: the documentation writes
// UPDATE_STATE_NEED_REBOOT what the API's description calls updateStateNeedReboot.
func word(text string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), "_", ""))
}

// moment reads a time of Google's. What is malformed ("2017-12-08T06:02:02:020Z"
// was seen) or impossible is not known, which is no error of the record.
func moment(text string) time.Time {
	t, err := time.Parse(time.RFC3339, strings.TrimSpace(text))
	if err != nil || t.Year() < 2000 || t.Year() > 2100 {
		return time.Time{}
	}
	return t.UTC()
}

// milliseconds since 1970 are what Google writes as text ("1538377200000") and,
// as with any int64 in JSON, might one day write as a number. What is neither
// is 0: one odd field must not cost the record.
type milliseconds int64

func (m *milliseconds) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(data), `"`), 10, 64)
	if err != nil {
		n = 0
	}
	*m = milliseconds(n)
	return nil
}

// day returns the date of a security patch level. Google sends midnight in
// California, which is 07:00 or 08:00 of the same day in UTC.
func (m milliseconds) day() (time.Time, bool) {
	t := time.UnixMilli(int64(m)).UTC()
	if t.Year() < 2015 || t.Year() > 2100 { // Android has had patch levels since 2015; "0" is not known
		return time.Time{}, false
	}
	return t.Truncate(24 * time.Hour), true
}

// owners returns addresses as the house compares them. What is no address is
// kept as it stands: the machine is held for somebody, and an older record of
// it must not speak in their place.
func owners(addresses ...string) []string {
	var holders []string
	for _, text := range addresses {
		text = strings.TrimSpace(text)
		if email, ok := posture.NormalEmail(text); ok {
			text = email
		}
		if text != "" {
			holders = append(holders, text)
		}
	}
	return holders
}

// networkAddresses appends the claim of all MAC addresses among the texts.
func networkAddresses(claims []posture.Claim, texts ...string) []posture.Claim {
	var addresses []string
	for _, text := range texts {
		if mac, ok := posture.FormatMAC(text); ok {
			addresses = append(addresses, mac)
		}
	}
	if addresses == nil {
		return claims
	}
	return append(claims, posture.NetworkAddresses.Is(addresses))
}

// text appends the claim of a text that is not empty.
func text(claims []posture.Claim, fact posture.Fact[string], value string) []posture.Claim {
	if value = strings.TrimSpace(value); value == "" {
		return claims
	}
	return append(claims, fact.Is(value))
}

// decode reads one record; what is no object is an error.
func decode(record json.RawMessage, into any) error {
	if len(record) == 0 || record[0] != '{' {
		return errors.New("a record that is no object")
	}
	return json.Unmarshal(record, into)
}
