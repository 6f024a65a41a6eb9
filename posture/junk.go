package posture

import (
	"strconv"
	"strings"
)

// junkSerials are what firmware says when nobody wrote a serial number. Seen on
// real fleets: osquery's and Fleet's issue threads, SMBIOS defaults of board
// makers, and Jamf's and LANDESK's own words for "none".
var junkSerials = set(
	"NONE", "NULL", "(NULL)", "NIL", "NAN", "N/A", "NOT APPLICABLE", "NOT AVAILABLE", "NOT SPECIFIED", "NOTSPECIFIED",
	"NOT PROVIDED", "NOT FOUND", "NOT SET", "UNDEFINED", "UNKNOWN", "UNSPECIFIED", "UNSET", "INVALID", "EMPTY", "TEST",
	"TO BE FILLED BY O.E.M.", "TO BE FILLED BY O.E.M", "TO BE FILLED BY OEM", "TOBEFILLEDBYO.E.M.", "FILLED BY O.E.M.",
	"DEFAULT STRING", "DEFAULT", "DEFAULT_STRING", "O.E.M.", "OEM", "OEM SERIAL", "SERIAL", "SERIAL NUMBER", "SERIALNUMBER",
	"SYSTEM SERIAL NUMBER", "SYSTEM_SERIAL_NUMBER", "SYSTEMSERIALNUMBER", "CHASSIS SERIAL NUMBER", "BASE BOARD SERIAL NUMBER",
	"PRODUCT SERIAL NUMBER", "SERNUM0", "SSN12345678901234567", "EVAL", "ASSET TAG", "NO ASSET TAG", "NO SERIAL", "VIRTUAL MACHINE",
	"NO ENCLOSURE", "STANDARD", "NB-1234567890", "MB-1234567890", "QEMU", "INNOTEK GMBH",
	"FILL BY OEM", "NOT PRESENT", "<BAD INDEX>", "<OUT OF SPEC>", "SYSTEM PRODUCT NAME", "BSN12345678901234567", "NO DATA", "BLANK",
	"OEM DEFAULT", "UNKNOWN SERIAL", "UNKNOWN SERIAL NUMBER",
	"RESTRICTED", "PERMISSION DENIED", "ANDROID", // what Android says to an agent that may not read it
	"DEADBEEF", "DEADC0DE", "CAFEBABE", "BAADF00D", "FEEDFACE", // what programmers fill empty memory with
)

// junkWords are the same without punctuation: "Not-Specified", "Default_string".
var junkWords = func() map[string]bool {
	words := map[string]bool{}
	for junk := range junkSerials {
		words[strip(junk, punctuation)] = true
	}
	return words
}()

const punctuation = " -_./:#<>()[]*"

// factoryUUIDs are SMBIOS UUIDs that whole product lines share.
var factoryUUIDs = set(
	"03000200-0400-0500-0006-000700080009", // AMI's default
	"00020003-0004-0005-0006-000700080009", // the same, other byte order
	"12345678-1234-5678-90AB-CDDEEFAABBCC",
	"12345678-1234-5678-90AB-CDEF12345678",
	"4C4C4544-0000-2010-8020-80C04F202020", // Dell without a service tag
	"00000000-0000-0000-0000-AC1F6BD00000",
	"FEFEFEFE-FEFE-FEFE-FEFE-FEFEFEFEFEFE",
)

// sharedAdapters are the addresses of virtual adapters, alike on every machine
// that has the product installed.
var sharedAdapters = set(
	"00:05:9A:3C:7A:00", "00:05:9A:3C:78:00", // Cisco AnyConnect
	"00:50:56:C0:00:01", "00:50:56:C0:00:08", // VMware host adapters
	"00:09:0F:FE:00:01", "00:09:0F:AA:00:01", // FortiClient
	"00:1C:42:00:00:00", "00:1C:42:00:00:08", "00:1C:42:00:00:09", // Parallels host adapters
	"00:53:45:00:00:00", // WAN miniport (PPP)
	"00:A0:C6:00:00:00", // Qualcomm modems
	"20:41:53:59:4E:FF", // "RAS": Windows dial-up
	"50:50:54:50:30:30", // "PPTP": Windows VPN
	"33:50:6F:45:30:30", // "PPPoE": Windows
	"80:00:60:0F:E8:00", // Windows Mobile RNDIS
	"00:15:5D:00:00:00", // Hyper-V before it has one of its own
	"00:11:22:33:44:55", // firmware that nobody gave one
	"00:01:02:03:04:05",
)

// factoryIMEIs are the first 14 digits of what phones without one of their own
// and emulators give out.
var factoryIMEIs = set("00499901064000")

func junkSerial(v string) bool {
	letters := strip(v, punctuation)
	if number, found := strings.CutPrefix(letters, "0X"); found && hexadecimal(number) {
		letters = number
	}
	if saysWord(letters) || strings.Contains(v, "O.E.M") || strings.HasPrefix(letters, "TOBEFILLED") {
		return true
	}
	// "-1", "0", "XXXX", "........" and also "123456789", which board makers leave in.
	return len(letters) < 4 || madeUp(letters)
}

// saysWord reports a word of junk, said once or over and over: "N/A N/A".
func saysWord(letters string) bool {
	for end := 1; end <= len(letters); end++ {
		if word := letters[:end]; junkWords[word] && strings.ReplaceAll(letters, word, "") == "" {
			return true
		}
	}
	return false
}

// madeUp reports a number that somebody typed so that there is one: the same
// digit over and over, a run up or down, or zeros with a digit at their end.
func madeUp(number string) bool {
	return sameDigit(number) || run(number) || decimal(number) && len(strings.TrimLeft(number, "0")) == 1
}

// run reports digits that count up or down: 1234, 9876543210, and from eight
// characters on 0123456789ABCDEF and 1234567890ABCDEF, as keyboards have it.
// Shorter ones of the latter, such as ABCD, may be somebody's.
func run(v string) bool {
	const keyboard, digits = "1234567890ABCDEF", "0123456789ABCDEF"
	if len(v) < 4 || !hexadecimal(v) {
		return false
	}
	if decimal(v) {
		return counts(v, digits[:10])
	}
	return len(v) >= 8 && (counts(v, digits) || strings.Contains(keyboard, v))
}

// counts reports whether each character is the one after, or each the one
// before, in an endless row of these digits.
func counts(v, digits string) bool {
	up, down := true, true
	for i := 1; i < len(v); i++ {
		step := strings.IndexByte(digits, v[i]) - strings.IndexByte(digits, v[i-1])
		up = up && (step == 1 || step == 1-len(digits))
		down = down && (step == -1 || step == len(digits)-1)
	}
	return up || down
}

// sameDigit reports whether v says one character over and over.
func sameDigit(v string) bool {
	v = strip(v, "-:")
	return v == "" || strings.Count(v, v[:1]) == len(v)
}

func uuidShaped(v string) bool {
	if len(v) != 36 || v[8] != '-' || v[13] != '-' || v[18] != '-' || v[23] != '-' {
		return false
	}
	plain := strings.ReplaceAll(v, "-", "")
	return len(plain) == 32 && hexadecimal(plain)
}

func hexadecimal(v string) bool {
	for i := range len(v) {
		if c := v[i]; (c < '0' || c > '9') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return v != ""
}

func decimal(v string) bool {
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
	}
	return v != ""
}

// printable keeps an identifier to visible ASCII: a serial number with an
// invisible character in it is somebody's trick or somebody's bug.
func printable(v string) bool {
	for i := range len(v) {
		if v[i] < ' ' || v[i] > '~' {
			return false
		}
	}
	return true
}

func strip(s, unwanted string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(unwanted, r) {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
}

func padHex(n uint64, width int) string {
	s := strconv.FormatUint(n, 16)
	return strings.Repeat("0", max(0, width-len(s))) + s
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
