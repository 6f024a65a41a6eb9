package jamf

import (
	"io/fs"
	"strings"
	"testing"

	"stethoscope/demo/fakejamf"
)

// FuzzRecords reads anything as a record of either inventory: it must not
// panic, and what it returns must keep the contract.
func FuzzRecords(f *testing.F) {
	for _, folder := range []string{"computers", "mobile-devices"} {
		files, err := fs.Glob(samples(), folder+"/*.json")
		if err != nil || len(files) == 0 {
			f.Fatal("no samples", err)
		}
		for _, file := range files[:2] {
			data, err := fs.ReadFile(samples(), file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	for _, seed := range []string{
		`{"id":"1","mobileDeviceId":"1","general":null,"storage":{"disks":[null,{"partitions":null}]}}`,
		`{"id":"1","extensionAttributes":[null,{"values":[null]}],"softwareUpdates":[null],"applications":[null],"services":[null]}`,
		`{"id":"\u0000","mobileDeviceId":"\u202e","general":{"reportDate":"9999-12-31T23:59:60Z","managed":1e400}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := readComputer(data, defaultAttributeNames, recordingDay); err == nil {
			mustKeepContract(t, r)
		}
		if r, err := readMobileDevice(data, recordingDay); err == nil {
			mustKeepContract(t, r)
		}
	})
}

// FuzzQuote asks Jamf's side of the filter language for one value: only a
// record with that very value may answer.
func FuzzQuote(f *testing.F) {
	for _, seed := range [][2]string{
		{"K7QX2M9PLD", "K7QX2M9PLE"}, {`a"b\c`, `a"b\d`}, {"*", "anything"}, {"a*", "ab"}, {`x\`, `x`}, {`"`, `""`}, {`") or udid=="*`, "other"},
		{"a,b", "a"}, {"a;b", "b"}, {"(", ")"}, {"’", "'"}, {"a b", "ab"}, {"\x00", "\x00"}, {"", ""},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, value, other string) {
		quoted, ok := quote(value)
		if !ok {
			return
		}
		for _, text := range []string{"udid==" + quoted, "udid=in=(" + quoted + ")", filter([]comparison{{"udid", value}, {"udid", value}, {"id", value}})} {
			filter, err := fakejamf.ParseFilter(text, fakejamf.ComputerFilters)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if !filter.Match(map[string]any{"udid": value}) {
				t.Errorf("%s does not find %q", text, value)
			}
			if !strings.EqualFold(value, other) && filter.Match(map[string]any{"udid": other}) {
				t.Errorf("%s finds %q", text, other)
			}
		}
	})
}
