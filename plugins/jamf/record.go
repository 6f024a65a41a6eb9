package jamf

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"stethoscope/posture"
)

// errRecord says that one record could not be read. It repeats nothing of it.
var errRecord = errors.New("the record cannot be read")

// yesNo is a yes or no that Jamf may not know. Most are booleans or null; some
// have been numbers in some versions, with -1 for "not known".
type yesNo struct{ value, known bool }

// UnmarshalJSON reads true, false, 1, 0; null and any other number are not known.
func (f *yesNo) UnmarshalJSON(data []byte) error {
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return errRecord
	}
	switch v := value.(type) {
	case nil:
		*f = yesNo{}
	case bool:
		*f = yesNo{v, true}
	case float64:
		*f = yesNo{v == 1, v == 0 || v == 1}
	default:
		return errRecord
	}
	return nil
}

// claim appends what was answered, and nothing if it does not say.
func (f yesNo) claim(claims []posture.Claim, fact posture.Fact[bool], yes, no string) []posture.Claim {
	if !f.known {
		return claims
	}
	if f.value {
		return append(claims, fact.Is(true).Because(yes))
	}
	return append(claims, fact.Is(false).Because(no))
}

// claimText appends a text if there is one.
func claimText(claims []posture.Claim, fact posture.Fact[string], text string) []posture.Claim {
	if text = strings.TrimSpace(text); text == "" || text == "-1" {
		return claims
	}
	return append(claims, fact.Is(text))
}

// claimVersion appends the system's version with the letter of a rapid
// security response, "(a)", which Jamf keeps in a field of its own.
func claimVersion(claims []posture.Claim, version, rapidSecurityResponse string) []posture.Claim {
	if v, ok := posture.ParseVersion(version + " " + rapidSecurityResponse); ok && !strings.HasPrefix(version, "-") {
		return append(claims, posture.OSVersion.Is(v))
	}
	return claims
}

// claimAddresses appends the adapters' addresses, each once.
func claimAddresses(claims []posture.Claim, texts ...string) []posture.Claim {
	var addresses []string
	for _, text := range texts {
		address, ok := posture.FormatMAC(text)
		for _, have := range addresses {
			ok = ok && have != address
		}
		if ok {
			addresses = append(addresses, address)
		}
	}
	if addresses == nil {
		return claims
	}
	return append(claims, posture.NetworkAddresses.Is(addresses))
}

// owners returns for whom Jamf holds a device: the record's email. Only where
// there is none does the username count; next to an email it may be a former
// owner's. What is no address is kept as it stands: the device is held for
// somebody, and an older record of it must not speak in their place.
func owners(email, username string) []string {
	holder := strings.TrimSpace(email)
	if holder == "" {
		holder = strings.TrimSpace(username)
	}
	if holder == "" {
		return nil
	}
	if address, ok := posture.NormalEmail(holder); ok {
		holder = address
	}
	return []string{holder}
}

// timestamp reads Jamf's times, with and without milliseconds. What is no time,
// or cannot be one (before Jamf was, a day from now), is the zero time: a date
// in the future would be the freshest word for ever.
func timestamp(text string, now time.Time) time.Time {
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(text))
	if err != nil || t.Year() < 2002 || t.After(now.Add(24*time.Hour)) {
		return time.Time{}
	}
	return t.UTC()
}
