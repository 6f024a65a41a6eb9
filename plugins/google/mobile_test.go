package google

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"stethoscope/posture"
)

// mobileWith reads a mobile record of these fields.
func mobileWith(t *testing.T, fields string) posture.Report {
	t.Helper()
	r, _, err := mobileReport(json.RawMessage(`{"deviceId": "d1", ` + fields + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// expect checks what a report claims for a fact; nil for nothing.
func expect[T any](t *testing.T, r posture.Report, fact posture.Fact[T], want any) {
	t.Helper()
	got, ok := read(r, fact)
	switch {
	case want == nil && ok:
		t.Errorf("claims %s: %v, want no claim", fact.Name(), got)
	case want != nil && !ok:
		t.Errorf("claims nothing of %s, want %v", fact.Name(), want)
	case want != nil && !reflect.DeepEqual(any(got), want):
		t.Errorf("claims %s: %v, want %v", fact.Name(), got, want)
	}
}

func TestMobileWordsBecomeClaims(t *testing.T) {
	for _, test := range []struct {
		says   string
		fields string
		fact   posture.Fact[bool]
		want   any
	}{
		{"no compromise detected is sound", `"os": "Android 16", "deviceCompromisedStatus": "No compromise detected"`, posture.Compromised, false},
		{"compromise detected is compromised", `"os": "Android 16", "deviceCompromisedStatus": "Compromise detected"`, posture.Compromised, true},
		{"the words count whatever their case", `"os": "Android 16", "deviceCompromisedStatus": "COMPROMISE DETECTED"`, posture.Compromised, true},
		{"Undetected on iOS is not known", `"os": "iOS 26.6.1", "deviceCompromisedStatus": "Undetected"`, posture.Compromised, nil},
		{"no word on compromise is not known", `"os": "Android 16", "deviceCompromisedStatus": ""`, posture.Compromised, nil},
		{"Encrypted is encrypted", `"encryptionStatus": "Encrypted"`, posture.DiskEncrypted, true},
		{"Not encrypted is not", `"encryptionStatus": "Not encrypted"`, posture.DiskEncrypted, false},
		{"Unencrypted is not", `"encryptionStatus": "Unencrypted"`, posture.DiskEncrypted, false},
		{"an empty encryption status is not known", `"encryptionStatus": ""`, posture.DiskEncrypted, nil},
		{"a new word for encryption is not known", `"encryptionStatus": "Encrypting"`, posture.DiskEncrypted, nil},
		{"password on locks the screen", `"devicePasswordStatus": "On"`, posture.ScreenLocks, true},
		{"password off does not", `"devicePasswordStatus": "Off"`, posture.ScreenLocks, false},
		{"password unknown is not known", `"devicePasswordStatus": "Unknown"`, posture.ScreenLocks, nil},
		{"adb that is false is off", `"os": "Android 16", "adbStatus": false`, posture.DebugBridge, false},
		{"adb that is true is on", `"os": "Android 16", "adbStatus": true`, posture.DebugBridge, true},
		{"adb that is absent is not known", `"os": "Android 16"`, posture.DebugBridge, nil},
		{"adb that is null is not known", `"os": "Android 16", "adbStatus": null`, posture.DebugBridge, nil},
		{"adb of an iPhone says nothing", `"os": "iOS 26.6.1", "adbStatus": false`, posture.DebugBridge, nil},
		{"unknown sources of Android 7 count", `"os": "Android 7.1.2", "unknownSourcesStatus": true`, posture.UnknownSources, true},
		{"unknown sources that are false are off", `"os": "Android 7.1.2", "unknownSourcesStatus": false`, posture.UnknownSources, false},
		{"unknown sources that are absent are not known", `"os": "Android 7.1.2"`, posture.UnknownSources, nil},
		{"unknown sources are per app since Android 8", `"os": "Android 8.0.0", "unknownSourcesStatus": true`, posture.UnknownSources, nil},
		{"unknown sources of an Android without a version are not known", `"os": "Android", "unknownSourcesStatus": true`, posture.UnknownSources, nil},
		{"unknown sources of an iPhone say nothing", `"os": "iOS 7.1", "unknownSourcesStatus": false`, posture.UnknownSources, nil},
		{"a device owner is managed", `"privilege": "Device owner"`, posture.Managed, true},
		{"an approved account alone is no management", `"status": "APPROVED", "privilege": "Undetected"`, posture.Managed, nil},
	} {
		t.Run(test.says, func(t *testing.T) {
			expect(t, mobileWith(t, test.fields), test.fact, test.want)
		})
	}
}

func TestMobileSystem(t *testing.T) {
	for _, test := range []struct {
		says                    string
		fields                  string
		platform, name, version any
	}{
		{"Android with three numbers", `"type": "ANDROID", "os": "Android 8.0.0"`, posture.Android, nil, posture.Version("8.0.0")},
		{"Android with one number", `"type": "ANDROID", "os": "Android 16"`, posture.Android, nil, posture.Version("16")},
		{"iOS", `"type": "IOS_SYNC", "os": "iOS 11.3"`, posture.IOS, nil, posture.Version("11.3")},
		{"iPadOS keeps its name", `"type": "IOS_SYNC", "os": "iPadOS 26.6.1"`, posture.IOS, "iPadOS", posture.Version("26.6.1")},
		{"ActiveSync's cut-off version is not claimed", `"type": "GOOGLE_SYNC", "os": "iOS 9.3"`, posture.IOS, nil, nil},
		{"the type helps when the system is empty", `"type": "IOS_SYNC", "os": ""`, posture.IOS, nil, nil},
		{"a Windows Phone is no Windows", `"type": "GOOGLE_SYNC", "os": "Windows Phone 8.1"`, nil, "Windows Phone", nil},
		{"nothing is known of nothing", `"type": "GOOGLE_SYNC"`, nil, nil, nil},
	} {
		t.Run(test.says, func(t *testing.T) {
			r := mobileWith(t, test.fields)
			expect(t, r, posture.RunsOn, test.platform)
			expect(t, r, posture.OSName, test.name)
			expect(t, r, posture.OSVersion, test.version)
		})
	}
}

func TestMobileSecurityPatch(t *testing.T) {
	october := time.Date(2018, 10, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		says  string
		value string
		want  any
	}{
		{"midnight in California, summer time, is that day", `"1538377200000"`, october},
		{"midnight in California, winter time, is that day", `"1549008000000"`, time.Date(2019, 2, 1, 0, 0, 0, 0, time.UTC)},
		{"a number does as well as text", `1538377200000`, october},
		{"0 is not known", `"0"`, nil},
		{"a negative number is not known", `"-1"`, nil},
		{"an impossible year is not known", `"999999999999999"`, nil},
		{"more than 64 bits are not known", `"99999999999999999999999"`, nil},
		{"a word is not known, and does not cost the record", `"October"`, nil},
		{"an object is not known, and does not cost the record", `{}`, nil},
		{"null is not known", `null`, nil},
	} {
		t.Run(test.says, func(t *testing.T) {
			expect(t, mobileWith(t, `"os": "Android 9", "securityPatchLevel": `+test.value), posture.SecurityPatch, test.want)
		})
	}
	t.Run("iOS has none, whatever is sent", func(t *testing.T) {
		expect(t, mobileWith(t, `"os": "iOS 12", "securityPatchLevel": "1538377200000"`), posture.SecurityPatch, nil)
	})
}

func TestLastSyncIsReadLeniently(t *testing.T) {
	for _, test := range []struct {
		says, value string
		want        time.Time
	}{
		{"with milliseconds", "2016-02-23T21:49:14.719Z", time.Date(2016, 2, 23, 21, 49, 14, 719e6, time.UTC)},
		{"without", "2016-02-23T21:49:14Z", time.Date(2016, 2, 23, 21, 49, 14, 0, time.UTC)},
		{"in another zone", "2010-04-05T17:30:04+01:00", time.Date(2010, 4, 5, 16, 30, 4, 0, time.UTC)},
		{"with Google's malformed milliseconds it is not known", "2017-12-08T06:02:02:020Z", time.Time{}},
		{"of 1970 it is not known", "1970-01-01T00:00:00.000Z", time.Time{}},
		{"of the year 9999 it is not known", "9999-01-01T00:00:00.000Z", time.Time{}},
		{"empty it is not known", "", time.Time{}},
	} {
		t.Run(test.says, func(t *testing.T) {
			if got := mobileWith(t, `"lastSync": "`+test.value+`"`).SeenAt; !got.Equal(test.want) {
				t.Errorf("seen at %v, want %v", got, test.want)
			}
		})
	}
}

func TestMobileNamesAndOwners(t *testing.T) {
	r := mobileWith(t, `"resourceId": "r1", "email": ["Fry@Example.com", "fry@example.com.test-google-a.com", " not an address ", " "], "name": ["Philip Fry"],
		"serialNumber": "22caa250a70d7ece", "imei": "357164099163035", "meid": "", "wifiMacAddress": "00:de:ca:fb:ad:01", "model": "", "brand": "google"`)
	if r.Key != "mobile/r1" {
		t.Errorf("key %q", r.Key)
	}
	if want := []string{"fry@example.com", "fry@example.com.test-google-a.com", "not an address"}; !slices.Equal(r.Owners, want) {
		t.Errorf("owners %q, want %q", r.Owners, want)
	}
	var ids []string
	for _, id := range r.Identifiers {
		ids = append(ids, id.Kind().String()+" "+id.Value())
	}
	if want := []string{"serial 22CAA250A70D7ECE", "IMEI 35716409916303", "MAC address 00:DE:CA:FB:AD:01"}; !slices.Equal(ids, want) {
		t.Errorf("identifiers %q, want %q", ids, want)
	}
	expect(t, r, posture.Name, nil) // name[] is the owner's
	expect(t, r, posture.Model, nil)
	expect(t, r, posture.Manufacturer, "google")
	expect(t, r, posture.NetworkAddresses, []string{"00:DE:CA:FB:AD:01"})
	expect(t, mobileWith(t, `"os": "iOS 26.6.1", "brand": ""`), posture.Manufacturer, "Apple")
}

// What somebody has on their own phone is nobody's business here: Google lists
// it, and it is not read.
func TestMobileApplicationsAreNotRead(t *testing.T) {
	expect(t, mobileWith(t, `"applications": [{"displayName": "Slack", "packageName": "com.Slack", "versionName": "2.44.0", "versionCode": 20006731}]`),
		posture.Installed, nil)
}

func TestMobileRecordsThatAreNobodysAnyMore(t *testing.T) {
	for status, want := range map[string]bool{
		"APPROVED": true, "BLOCKED": true, "PENDING": true, "UNPROVISIONED": true, "WIPING": true, "": true, "SOMETHING_NEW": true,
		"WIPED": false, "ACCOUNT_WIPED": false,
	} {
		if _, current, err := mobileReport(json.RawMessage(`{"deviceId": "d", "status": "` + status + `"}`)); err != nil || current != want {
			t.Errorf("status %q: current %v, %v; want %v", status, current, err, want)
		}
	}
}

func TestMobileRecordsThatAreBroken(t *testing.T) {
	for _, text := range []string{
		`{"deviceId": 7}`, `{"deviceId": "d", "adbStatus": "false"}`, `{"deviceId": "d", "email": "a@example.com"}`,
		`{}`, `{"serialNumber": "ABCD1234"}`, `null`, `[]`, `"text"`, `17`,
	} {
		if r, _, err := mobileReport(json.RawMessage(text)); err == nil {
			t.Errorf("%s is taken for %+v", text, r)
		}
	}
}

func FuzzMobileRecord(f *testing.F) {
	f.Add(`{"deviceId": "d", "os": "Android 8.0.0", "securityPatchLevel": "1538377200000", "adbStatus": false, "unknownSourcesStatus": true}`)
	f.Add(`{"deviceId": "d", "os": "iOS 11.3", "securityPatchLevel": "0", "lastSync": "2017-12-08T06:02:02:020Z", "deviceCompromisedStatus": "Undetected"}`)
	f.Add(`{"resourceId": "` + strings.Repeat("r", 300) + `", "applications": [null, {}], "email": [null]}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, _, err := mobileReport(json.RawMessage(text))
		checkReport(t, r, err)
	})
}

// checkReport is what must be true of whatever was read.
func checkReport(t *testing.T, r posture.Report, err error) {
	t.Helper()
	if err != nil {
		return
	}
	if !strings.Contains(r.Key, "/") || strings.HasSuffix(r.Key, "/") {
		t.Errorf("key %q", r.Key)
	}
	if y := r.SeenAt.Year(); !r.SeenAt.IsZero() && (y < 2000 || y > 2100) {
		t.Errorf("seen in the year %d", y)
	}
	for _, owner := range r.Owners {
		if normal, ok := posture.NormalEmail(owner); ok && normal != owner || strings.TrimSpace(owner) != owner || owner == "" {
			t.Errorf("owner %q", owner)
		}
	}
	said := map[string]bool{}
	for _, c := range r.Claims {
		if said[c.Fact] || !slices.Contains(Plugin.Claims, c.Fact) {
			t.Errorf("claims %s twice, or without saying so", c.Fact)
		}
		said[c.Fact] = true
	}
}
