package posture_test

import (
	"slices"
	"strings"
	"testing"

	"stethoscope/posture"
)

type constructor = func(string) (posture.Identifier, bool)

func TestWhatIdentifiesAMachine(t *testing.T) {
	for _, test := range []struct {
		name  string
		from  constructor
		text  string
		kind  posture.Kind
		value string
	}{
		{"an Apple serial", posture.Serial, "C02XG2JHJGH5", posture.SerialKind, "C02XG2JHJGH5"},
		{"a serial in lower case with blanks around", posture.Serial, " c02xg2jhjgh5\n", posture.SerialKind, "C02XG2JHJGH5"},
		{"a VMware serial with blanks in it", posture.Serial, "VMware-56 4d 2b 1f 00 11-22 33", posture.SerialKind, "VMWARE-56 4D 2B 1F 00 11-22 33"},
		{"a short serial", posture.Serial, "1A2B", posture.SerialKind, "1A2B"},
		{"a Dell service tag", posture.Serial, "7XJ9K53", posture.SerialKind, "7XJ9K53"},
		{"a serial that only begins like junk", posture.Serial, "UNKNOWN-7731", posture.SerialKind, "UNKNOWN-7731"},
		{"a Parallels serial", posture.Serial, "Parallels-1A 2B 3C 4D 5E 6F 40 11", posture.SerialKind, "PARALLELS-1A 2B 3C 4D 5E 6F 40 11"},
		{"a Lenovo serial", posture.Serial, "PF1B2C3D", posture.SerialKind, "PF1B2C3D"},
		{"a Lenovo serial of digits that ends like zeros", posture.Serial, "R9000001", posture.SerialKind, "R9000001"},
		{"a Dell service tag of hexadecimal digits", posture.Serial, "BCDE123", posture.SerialKind, "BCDE123"},
		{"an Apple serial of ten characters", posture.Serial, "K7QX2M9PLD", posture.SerialKind, "K7QX2M9PLD"},
		{"a serial of digits that begins with zeros", posture.Serial, "000000000042", posture.SerialKind, "000000000042"},
		{"a serial of digits that counts for a while", posture.Serial, "123456789013", posture.SerialKind, "123456789013"},
		{"a hexadecimal serial that is written as a number", posture.Serial, "0x5F3A2B11", posture.SerialKind, "0X5F3A2B11"},
		{"a serial that has a word in it", posture.Serial, "ANDROID-77A1", posture.SerialKind, "ANDROID-77A1"},
		{"a serial of Android", posture.Serial, "22caa250a70d7ece", posture.SerialKind, "22CAA250A70D7ECE"},
		{"a short serial of letters in a row", posture.Serial, "ABCD", posture.SerialKind, "ABCD"},
		{"a serial with DEADBEEF in it", posture.Serial, "DEADBEEF7731", posture.SerialKind, "DEADBEEF7731"},
		{"a serial that counts a little", posture.Serial, "1234567X", posture.SerialKind, "1234567X"},
		{"a hardware UUID", posture.HardwareUUID, "4c4c4544-0037-4a10-8039-b7c04f4b3533", posture.HardwareUUIDKind, "4C4C4544-0037-4A10-8039-B7C04F4B3533"},
		{"a hardware UUID in braces", posture.HardwareUUID, " {4C4C4544-0037-4A10-8039-B7C04F4B3533} ", posture.HardwareUUIDKind, "4C4C4544-0037-4A10-8039-B7C04F4B3533"},
		{"an old UDID", posture.UDID, "2b6f0cc904d137be2e1730235f5664094b831186", posture.UDIDKind, "2B6F0CC904D137BE2E1730235F5664094B831186"},
		{"a current UDID", posture.UDID, "00008030-001a2b3c4d5e6f78", posture.UDIDKind, "00008030-001A2B3C4D5E6F78"},
		{"a Mac's UDID is its hardware UUID", posture.UDID, "5A5D0B7E-3C1F-5A4B-9E57-1D2C3B4A5968", posture.HardwareUUIDKind, "5A5D0B7E-3C1F-5A4B-9E57-1D2C3B4A5968"},
		{"an IMEI less its check digit", posture.IMEI, "356938035643809", posture.IMEIKind, "35693803564380"},
		{"an IMEI without a check digit", posture.IMEI, "35693803564380", posture.IMEIKind, "35693803564380"},
		{"an IMEI with its software version", posture.IMEI, "3569380356438012", posture.IMEIKind, "35693803564380"},
		{"an IMEI as phones print it", posture.IMEI, "35-693803-564380-9", posture.IMEIKind, "35693803564380"},
		{"an IMEI as Jamf writes it", posture.IMEI, "35 693803 564380 9", posture.IMEIKind, "35693803564380"},
		{"a MEID", posture.MEID, "a10000009296f2", posture.MEIDKind, "A10000009296F2"},
		{"a MEID with its check digit", posture.MEID, "A10000009296F2B", posture.MEIDKind, "A10000009296F2"},
		{"a MEID in decimal", posture.MEID, "270113177609606898", posture.MEIDKind, "A10000009296F2"},
		{"a MEID in decimal with blanks", posture.MEID, "270113 1776 0960 6898", posture.MEIDKind, "A10000009296F2"},
		{"a MAC address", posture.MAC, "00:11:22:33:44:cc", posture.MACKind, "00:11:22:33:44:CC"},
		{"a MAC address of Windows", posture.MAC, "00-11-22-33-44-CC", posture.MACKind, "00:11:22:33:44:CC"},
		{"a MAC address of Cisco", posture.MAC, "0011.2233.44cc", posture.MACKind, "00:11:22:33:44:CC"},
		{"a MAC address of LANDESK", posture.MAC, "0011223344CC", posture.MACKind, "00:11:22:33:44:CC"},
	} {
		t.Run(test.name, func(t *testing.T) {
			id, ok := test.from(test.text)
			if !ok || id.Kind() != test.kind || id.Value() != test.value {
				t.Fatalf("%q is the %s %q, %v", test.text, id.Kind(), id.Value(), ok)
			}
			if again, ok := test.from(id.Value()); !ok || again != id {
				t.Errorf("its own value is the %s %q, %v", again.Kind(), again.Value(), ok)
			}
		})
	}
}

func TestWhatFactoriesWriteWhenTheyHaveNothingToSay(t *testing.T) {
	for what, junk := range map[string]struct {
		from  constructor
		texts []string
	}{
		"serial": {posture.Serial, []string{
			"", " ", "0", "-1", "None", "none", "NULL", "(null)", "nil", "NaN", "N/A", "n.a.", "Unknown", "unset", "INVALID", "empty", "Blank", "Undefined",
			"To be filled by O.E.M.", "To Be Filled By O.E.M", "to be filled by oem", "ToBeFilledByO.E.M.", "Fill By OEM", "O.E.M.", "Serial: to be filled by O.E.M.",
			"System Serial Number", "SystemSerialNumber", "System_Serial_Number", "Chassis Serial Number", "Base Board Serial Number", "Serial Number", "Product Serial Number",
			"Default string", "Default_string", "DEFAULT", "Not Specified", "NotSpecified", "Not-Specified", "Not Available", "Not Applicable", "Not Provided", "Not Present", "Not set",
			"<BAD INDEX>", "<OUT OF SPEC>", "SerNum0", "Asset Tag", "No Asset Tag", "SSN12345678901234567", "NB-1234567890", "MB-1234567890", "QEMU", "innotek GmbH",
			"00000000", "0000", "000-000-0000", "11111111", "XXXX", "xxxxxxxxxxxx", "........", "----------", "********", "FFFFFFFF", "#######",
			"1234", "12345", "123456789", "0123456789", "1234567890", "12345678901234567890", "0123-4567-89",
			"0123456789ABCDEF", "0123456789abcdef", "1234567890ABCDEF", "123456789ABCDEF0", "FEDCBA9876543210", "0987654321", "9876543210", "4321", "987654321",
			"0x00000000", "0xFFFFFFFF", "0x12345678", "000000000001", "00000009", "0001",
			"OEM DEFAULT", "OEM_Default", "TO BE FILLED", "To be filled by vendor", "N/A N/A", "NULL NULL", "RESTRICTED", "Permission denied", "android", "UNKNOWN SERIAL", "Unknown Serial Number",
			"DEADBEEF", "deadbeefdeadbeef", "DEAD-BEEF", "0xDEADBEEF", "CAFEBABE", "DEADC0DE", "BAADF00D", "FEEDFACE",
			"ab", "A1", "SN#", strings.Repeat("A1", 65), "C02\x00XG2J", "C02\u200bXG2J", "C02XG2ſH", "C02XG2ıH", "С02XG2JH", "C02\nXG2J", "C02\tXG2J",
		}},
		"hardware UUID": {posture.HardwareUUID, []string{
			"", "None", "Not Settable", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "FEFEFEFE-FEFE-FEFE-FEFE-FEFEFEFEFEFE",
			"03000200-0400-0500-0006-000700080009", "{03000200-0400-0500-0006-000700080009}", "00020003-0004-0005-0006-000700080009", "12345678-1234-5678-90ab-cddeefaabbcc",
			"4c4c4544-0000-2010-8020-80c04f202020", "4C4C454400374A108039B7C04F4B3533", "4C4C4544-0037-4A10-8039-B7C04F4B353", "4C4C4544-0037-4A10-8039-B7C04F4B353G",
			"00000000-0000-0000-0000-000000000001", "01234567-89ab-cdef-0123-456789abcdef", "4C4C4544-0037-4A10-8039B-7C04F4B3533", "4C4C4544-0037-4A10-8039--7C04F4B3533",
		}},
		"UDID": {posture.UDID, []string{
			"", "0", "None", "0000000000000000000000000000000000000000", "00000000-0000000000000000", "0123456789abcdef0123456789abcdef01234567", "2b6f0cc904d137be2e1730235f5664094b83118", "2b6f0cc904d137be2e1730235f5664094b831186a",
			"2b6f0cc9-04d137be2e1730235f5664094b831186", "-2b6f0cc904d137be2e1730235f5664094b831186", "0000803-0001a2b3c4d5e6f78", "00008030-001a2b3c4d5e6f7", "00008030-001a2b3c4d5e6fxx",
			"00008030-001a2b3c-d5e6f78", "03000200-0400-0500-0006-000700080009",
		}},
		"IMEI": {posture.IMEI, []string{
			"", "0", "Unknown", "000000000000000", "111111111111111", "012345678901234", "123456789012345", "000000000000001", "0000000000000012", "00000000000007", "987654321098765",
			"004999010640000", "00499901064000", "00 499901 064000 0", "3569380356438", "35693803564380912", "35693803564380A", "A10000009296F2", "+35693803564380",
		}},
		"MEID": {posture.MEID, []string{
			"", "0", "None", "00000000000000", "FFFFFFFFFFFFFF", "12345678901234", "0123456789ABCD", "FEDCBA98765432", "00000000000001", "A10000009296F", "A10000009296F2BB", "G10000009296F2", "999999999999999999", "429496729700000000", "270113177699999999",
		}},
		"MAC address": {posture.MAC, []string{
			"", "0", "None", "00:00:00:00:00:00", "FF:FF:FF:FF:FF:FF", "00:00:00:12:34:56", "44:44:44:44:44:44", "00:11:22:33:44:55", "00:01:02:03:04:05",
			"02:42:ac:11:00:02", "da:a1:19:00:11:22", "0A:00:27:00:00:00", "f2:11:22:33:44:55", // locally administered
			"01:00:5E:00:00:01", "33:33:00:00:00:01", "03:11:22:33:44:55", // groups
			"00:05:9A:3C:7A:00", "00-50-56-C0-00-01", "00:50:56:c0:00:08", "00:1C:42:00:00:08", "20:41:53:59:4E:FF", "50:50:54:50:30:30", "00:09:0F:FE:00:01", // virtual adapters
			"00:11:22:33:44", "00:11:22:33:44:55:66", "00:11:22:33:44:GG", "00:11:22:33:44:55:66:77", "0:11:22:33:44:55", "00/11/22/33/44/66",
		}},
	} {
		for _, text := range junk.texts {
			if id, ok := junk.from(text); ok || id != (posture.Identifier{}) {
				t.Errorf("the %s %q names the machine %q, %v", what, text, id.Value(), ok)
			}
		}
	}
}

func TestFormatMACJudgesNothing(t *testing.T) {
	for text, want := range map[string]string{
		"02-42-ac-11-00-02": "02:42:AC:11:00:02", "000000000000": "00:00:00:00:00:00", " ffff.ffff.ffff ": "FF:FF:FF:FF:FF:FF", "00 11 22 33 44 cc": "00:11:22:33:44:CC",
		"": "", "00:11:22": "", "00:11:22:33:44:zz": "", "0:1:2:3:4:5": "",
	} {
		if got, ok := posture.FormatMAC(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v", text, got, ok)
		}
	}
}

func TestHowKindsAreTrusted(t *testing.T) {
	kinds := []posture.Kind{posture.SerialKind, posture.HardwareUUIDKind, posture.UDIDKind, posture.IMEIKind, posture.MEIDKind, posture.MACKind}
	words := []string{"serial", "hardware UUID", "UDID", "IMEI", "MEID", "MAC address"}
	for i, k := range kinds {
		if k.String() != words[i] || k.Strong() != (k != posture.MACKind) {
			t.Errorf("kind %d is %s, strong %v", k, k, k.Strong())
		}
	}
	if none := posture.Kind(0); none.Strong() || none.String() != "unknown" || posture.Kind(7).Strong() {
		t.Error("a kind that is none is strong")
	}
	if !slices.IsSorted(kinds) {
		t.Error("the kinds are not in the order in which they are trusted")
	}
}

func TestAppendIdentifier(t *testing.T) {
	var ids []posture.Identifier
	for _, text := range []string{"C02XG2JHJGH5", "None", "c02xg2jhjgh5 ", "C02XG2JHJGH6"} {
		ids = posture.AppendIdentifier(ids, posture.Serial, text)
	}
	ids = posture.AppendIdentifier(ids, posture.MAC, "00:11:22:33:44:cc")
	var got []string
	for _, id := range ids {
		got = append(got, id.Value())
	}
	if want := []string{"C02XG2JHJGH5", "C02XG2JHJGH6", "00:11:22:33:44:CC"}; !slices.Equal(got, want) {
		t.Errorf("appended %q", got)
	}
	clues := posture.Clues{Identifiers: ids}
	if got := clues.Of(posture.SerialKind); !slices.Equal(got, []string{"C02XG2JHJGH5", "C02XG2JHJGH6"}) || clues.Of(posture.IMEIKind) != nil {
		t.Errorf("the serials among the clues are %q", got)
	}
}

func FuzzIdentifiers(f *testing.F) {
	for _, seed := range []string{"C02XG2JHJGH5", "4c4c4544-0037-4a10-8039-b7c04f4b3533", "00008030-001a2b3c4d5e6f78", "356938035643809", "270113177609606898", "00:11:22:33:44:cc", "ſſſſ", "-", "\xff\xfe\xfd\xfc"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, from := range []constructor{posture.Serial, posture.HardwareUUID, posture.UDID, posture.IMEI, posture.MEID, posture.MAC} {
			id, ok := from(text)
			if !ok {
				if id != (posture.Identifier{}) {
					t.Errorf("%q was refused and yet is %q", text, id.Value())
				}
				continue
			}
			if again, ok := from(id.Value()); !ok || again != id {
				t.Errorf("%q is %q, which is %q, %v", text, id.Value(), again.Value(), ok)
			}
			if strings.ToUpper(id.Value()) != id.Value() || strings.TrimSpace(id.Value()) != id.Value() || id.Kind() == 0 {
				t.Errorf("%q is %q, not in the house's form", text, id.Value())
			}
		}
	})
}
