package google

import (
	"encoding/json"
	"slices"
	"testing"

	"stethoscope/posture"
)

// chromebookWith reads a ChromeOS record of these fields.
func chromebookWith(t *testing.T, fields string) posture.Report {
	t.Helper()
	r, _, err := chromeOSReport(json.RawMessage(`{"deviceId": "c1", `+fields+`}`), false)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestChromebookOwnerIsWhoSignedInLast(t *testing.T) {
	for _, test := range []struct {
		says   string
		fields string
		want   []string
	}{
		{"the newest of several", `"recentUsers": [{"type": "USER_TYPE_MANAGED", "email": "leela@example.com"}, {"email": "fry@example.com"}]`, []string{"leela@example.com"}},
		{"nobody if the newest has no email", `"recentUsers": [{"type": "USER_TYPE_UNMANAGED"}, {"type": "USER_TYPE_MANAGED", "email": "fry@example.com"}]`, nil},
		{"somebody we cannot name if it is no plain address, and not the one before", `"recentUsers": [{"type": "USER_TYPE_MANAGED", "email": "jürgen@example.com"}, {"email": "fry@example.com"}]`, []string{"jürgen@example.com"}},
		{"nobody if the newest is a private account", `"recentUsers": [{"type": "USER_TYPE_UNMANAGED", "email": "fry@example.com"}]`, nil},
		{"nobody if nobody signed in", `"recentUsers": []`, nil},
		{"nobody if the list is absent", `"status": "ACTIVE"`, nil},
		{"not the annotated user, who may only have enrolled it", `"annotatedUser": "fry@example.com"`, nil},
		{"not the annotated user even with somebody else signed in", `"annotatedUser": "fry@example.com", "recentUsers": [{"email": "leela@example.com"}]`, []string{"leela@example.com"}},
	} {
		t.Run(test.says, func(t *testing.T) {
			if got := chromebookWith(t, test.fields).Owners; !slices.Equal(got, test.want) {
				t.Errorf("owners %q, want %q", got, test.want)
			}
		})
	}
}

func TestChromebookClaims(t *testing.T) {
	for _, test := range []struct {
		says   string
		fields string
		fact   posture.Fact[bool]
		want   any
	}{
		{"verified boot is sound", `"bootMode": "Verified"`, posture.Compromised, false},
		{"validated boot, the older word, is sound", `"bootMode": "validated"`, posture.Compromised, false},
		{"developer mode is compromised", `"bootMode": "Dev"`, posture.Compromised, true},
		{"an absent boot mode is not known", `"model": "x"`, posture.Compromised, nil},
		{"what is on it is encrypted", `"bootMode": "Verified"`, posture.DiskEncrypted, true},
		{"in developer mode nobody can say", `"bootMode": "Dev"`, posture.DiskEncrypted, nil},
		{"an active one is managed", `"status": "ACTIVE"`, posture.Managed, true},
		{"one without a licence is not", `"status": "DELINQUENT"`, posture.Managed, false},
		{"the screen lock is a policy that the list does not show", `"status": "ACTIVE"`, posture.ScreenLocks, nil},
	} {
		t.Run(test.says, func(t *testing.T) {
			expect(t, chromebookWith(t, test.fields), test.fact, test.want)
		})
	}
}

func TestChromebookScreenLockIsTheAdministratorsWord(t *testing.T) {
	for status, want := range map[string]any{"ACTIVE": true, "DELINQUENT": nil, "": nil} {
		r, _, err := chromeOSReport(json.RawMessage(`{"deviceId": "c", "status": "`+status+`"}`), true)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, r, posture.ScreenLocks, want)
	}
}

func TestChromebookUpdates(t *testing.T) {
	none, plain := []string{}, []string{"ChromeOS"}
	for _, test := range []struct {
		says   string
		fields string
		want   any
	}{
		{"a restart is needed for a known version", `"osUpdateStatus": {"state": "updateStateNeedReboot", "targetOsVersion": "16433.41.0"}`, []string{"ChromeOS (platform 16433.41.0)"}},
		{"the documentation's spelling counts, too", `"osUpdateStatus": {"state": "UPDATE_STATE_NEED_REBOOT", "targetOsVersion": "16433.41.0"}`, []string{"ChromeOS (platform 16433.41.0)"}},
		{"0.0.0.0 is Google's word for a version it lost", `"osUpdateStatus": {"state": "updateStateNeedReboot", "targetOsVersion": "0.0.0.0"}`, plain},
		{"a download is under way", `"osUpdateStatus": {"state": "updateStateDownloadInProgress"}`, plain},
		{"a download has not begun", `"osUpdateStatus": {"state": "updateStateNotStarted"}`, plain},
		{"what the updater does outweighs compliance", `"osVersionCompliance": "compliant", "osUpdateStatus": {"state": "updateStateNeedReboot"}`, plain},
		{"pending by policy", `"osVersionCompliance": "pending"`, plain},
		{"compliant has none waiting", `"osVersionCompliance": "compliant", "osUpdateStatus": {"state": "updateStateUnspecified"}`, none},
		{"not compliant does not say that one is offered", `"osVersionCompliance": "notCompliant"`, nil},
		{"unspecified is not known", `"osVersionCompliance": "complianceUnspecified"`, nil},
		{"absent is not known", `"status": "ACTIVE"`, nil},
	} {
		t.Run(test.says, func(t *testing.T) {
			expect(t, chromebookWith(t, test.fields), posture.UpdatesWaiting, test.want)
		})
	}
}

func TestChromebookSystem(t *testing.T) {
	r := chromebookWith(t, `"osVersion": "151.0.7922.75", "platformVersion": "16433.41.0 (Official Build) stable-channel brya", "model": ""`)
	expect(t, r, posture.RunsOn, posture.ChromeOS)
	expect(t, r, posture.OSVersion, posture.Version("151.0.7922.75"))
	expect(t, r, posture.OSBuild, "16433.41.0 (Official Build) stable-channel brya")
	expect(t, r, posture.OSName, nil)
	expect(t, r, posture.Model, nil)
	expect(t, chromebookWith(t, `"platformVersion": "16433.41.0"`), posture.OSVersion, nil)
	expect(t, chromebookWith(t, `"chromeOsType": "chromeOsFlex"`), posture.OSName, "ChromeOS Flex")
	expect(t, chromebookWith(t, `"chromeOsType": "CHROME_OS_FLEX"`), posture.OSName, "ChromeOS Flex")
}

func TestChromebookIdentifiers(t *testing.T) {
	for _, test := range []struct {
		says   string
		fields string
		want   []string
	}{
		{"12 digits without colons, in either case", `"macAddress": "00decafbad01", "ethernetMacAddress": "00DECAFBAD02"`, []string{"00:DE:CA:FB:AD:01", "00:DE:CA:FB:AD:02"}},
		{"the built-in port counts", `"ethernetMacAddress0": "00DECAFBAD03"`, []string{"00:DE:CA:FB:AD:03"}},
		{"a dock's address never counts", `"dockMacAddress": "00DECAFBAD04"`, nil},
		{"nor where it is passed through to the adapter", `"ethernetMacAddress": "00decafbad04", "dockMacAddress": "00DECAFBAD04"`, nil},
		{"the radio's name may be an IMEI", `"meid": "357164099163035"`, []string{"35716409916303"}},
		{"or a MEID", `"meid": "A0000012345678"`, []string{"A0000012345678"}},
		{"the serial number", `"serialNumber": "5cd3407qlm"`, []string{"5CD3407QLM"}},
		{"factory junk names nothing", `"serialNumber": "To be filled by O.E.M."`, nil},
	} {
		t.Run(test.says, func(t *testing.T) {
			var got []string
			for _, id := range chromebookWith(t, test.fields).Identifiers {
				got = append(got, id.Value())
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("identifiers %q, want %q", got, test.want)
			}
		})
	}
}

func TestChromebooksThatAreNotInUse(t *testing.T) {
	for status, want := range map[string]bool{
		"ACTIVE": true, "DELINQUENT": true, "RETURN_REQUESTED": true, "UNKNOWN": true, "": true,
		"DEPROVISIONED": false, "DISABLED": false, "INACTIVE": false, "PRE_PROVISIONED": false, "SHIPPED": false, "RETURN_ARRIVED": false,
	} {
		if _, current, err := chromeOSReport(json.RawMessage(`{"deviceId": "c", "status": "`+status+`"}`), false); err != nil || current != want {
			t.Errorf("status %q: current %v, %v; want %v", status, current, err, want)
		}
	}
}

func FuzzChromeOSRecord(f *testing.F) {
	f.Add(`{"deviceId": "c", "recentUsers": [{"type": "USER_TYPE_UNMANAGED"}], "osUpdateStatus": {"state": "updateStateNeedReboot", "targetOsVersion": "0.0.0.0"}}`)
	f.Add(`{"deviceId": "c", "recentUsers": [{"email": "a@example.com"}], "macAddress": "00decafbad01", "dockMacAddress": "00decafbad01", "meid": "A0000012345678"}`)
	f.Add(`{"deviceId": "c", "recentUsers": [null], "osUpdateStatus": null}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, _, err := chromeOSReport(json.RawMessage(text), true)
		checkReport(t, r, err)
		if len(r.Owners) > 1 {
			t.Errorf("%d owners", len(r.Owners))
		}
	})
}
