package posture

import (
	"strconv"
	"strings"
)

// A Kind says which name of a machine an Identifier is.
type Kind uint8

// The kinds of identifiers, in the order in which they are trusted to name one
// machine. All but MAC are strong: two machines never share one by design.
const (
	SerialKind Kind = iota + 1
	HardwareUUIDKind
	UDIDKind
	IMEIKind
	MEIDKind
	MACKind
)

// String returns the kind as people write it: "serial", "UDID", "MAC address".
func (k Kind) String() string {
	switch k {
	case SerialKind:
		return "serial"
	case HardwareUUIDKind:
		return "hardware UUID"
	case UDIDKind:
		return "UDID"
	case IMEIKind:
		return "IMEI"
	case MEIDKind:
		return "MEID"
	case MACKind:
		return "MAC address"
	}
	return "unknown"
}

// Strong reports whether an identifier of this kind names one machine by
// itself. A MAC address does not: docks and adapters are shared.
func (k Kind) Strong() bool { return k >= SerialKind && k <= MEIDKind }

// An Identifier names a machine. Its constructors normalise, and refuse what
// factories and vendors write when they have nothing to say, so two equal
// identifiers name the same machine. It is comparable: use it as a map key.
// The zero Identifier names nothing.
type Identifier struct {
	kind  Kind
	value string
}

// Kind returns which name this is; 0 for the zero Identifier.
func (i Identifier) Kind() Kind { return i.kind }

// Value returns the normalised text: upper case, MAC addresses with colons.
func (i Identifier) Value() string { return i.value }

// Compare orders identifiers by kind and then by value.
func (i Identifier) Compare(j Identifier) int {
	if i.kind != j.kind {
		return int(i.kind) - int(j.kind)
	}
	return strings.Compare(i.value, j.value)
}

// Serial returns the serial number as an identifier. It refuses factory junk
// ("To be filled by O.E.M.", "-1", all zeros, "0123456789ABCDEF" …), which
// thousands of machines share, and anything under four characters.
func Serial(s string) (Identifier, bool) {
	v := strings.TrimSpace(s)
	if len(v) < 4 || len(v) > 128 || !printable(v) { // looked at first: upper case turns some letters of other scripts into ours
		return Identifier{}, false
	}
	if v = strings.ToUpper(v); junkSerial(v) {
		return Identifier{}, false
	}
	return Identifier{SerialKind, v}, true
}

// HardwareUUID returns the SMBIOS or platform UUID ("8-4-4-4-12" hexadecimal
// digits) as an identifier. It refuses the UUIDs that boards ship with.
func HardwareUUID(s string) (Identifier, bool) {
	v := strings.ToUpper(strings.Trim(strings.TrimSpace(s), "{}"))
	if !uuidShaped(v) || madeUp(strip(v, "-")) || factoryUUIDs[v] {
		return Identifier{}, false
	}
	return Identifier{HardwareUUIDKind, v}, true
}

// UDID returns Apple's device identifier: 40 hexadecimal digits on old
// devices, 8-16 on current ones. A UDID in the form of a UUID, as Jamf gives
// for computers, is the hardware UUID and is returned as that.
func UDID(s string) (Identifier, bool) {
	v := strings.ToUpper(strings.TrimSpace(s))
	if uuidShaped(v) {
		return HardwareUUID(v)
	}
	plain := v
	if len(v) == 25 && v[8] == '-' {
		plain = v[:8] + v[9:]
	} else if len(v) != 40 {
		return Identifier{}, false
	}
	if !hexadecimal(plain) || madeUp(plain) {
		return Identifier{}, false
	}
	return Identifier{UDIDKind, v}, true
}

// IMEI returns the 14 digits that name a phone's radio: the check digit of a
// 15-digit IMEI and the software version of a 16-digit IMEISV are left out, so
// that both forms are equal (3GPP TS 23.003 §6.2).
func IMEI(s string) (Identifier, bool) {
	v := strip(s, " -/.")
	if len(v) < 14 || len(v) > 16 || !decimal(v) || madeUp(v[:14]) || factoryIMEIs[v[:14]] {
		return Identifier{}, false
	}
	return Identifier{IMEIKind, v[:14]}, true
}

// MEID returns a CDMA device identifier as its 14 hexadecimal digits; the
// 18-digit decimal form is converted (3GPP2 S.R0048-A).
func MEID(s string) (Identifier, bool) {
	v := strings.ToUpper(strip(s, " -/."))
	if len(v) == 18 && decimal(v) {
		high, _ := strconv.ParseUint(v[:10], 10, 64)
		low, _ := strconv.ParseUint(v[10:], 10, 64)
		if high > 0xFFFFFFFF || low > 0xFFFFFF {
			return Identifier{}, false
		}
		v = strings.ToUpper(padHex(high, 8) + padHex(low, 6))
	}
	if len(v) == 15 {
		v = v[:14] // the check digit
	}
	if len(v) != 14 || !hexadecimal(v) || madeUp(v) {
		return Identifier{}, false
	}
	return Identifier{MEIDKind, v}, true
}

// MAC returns a network adapter's address as an identifier: upper case with
// colons. It refuses what cannot name one machine: locally administered
// addresses (phones and laptops invent one for every network), group
// addresses, an all-zero vendor part, and the addresses that virtual adapters
// of VPN clients and hypervisors bear on every machine.
func MAC(s string) (Identifier, bool) {
	v, ok := FormatMAC(s)
	if !ok {
		return Identifier{}, false
	}
	first, _ := strconv.ParseUint(v[:2], 16, 8)
	if first&0x03 != 0 || strings.HasPrefix(v, "00:00:00") || sharedAdapters[v] || sameDigit(v) {
		return Identifier{}, false
	}
	return Identifier{MACKind, v}, true
}

// FormatMAC returns an address of six octets in the house's form,
// "00:11:22:33:44:CC". It judges nothing: see [MAC] for what may name a machine.
func FormatMAC(s string) (string, bool) {
	v := strings.ToUpper(strip(s, " :-."))
	if len(v) != 12 || !hexadecimal(v) {
		return "", false
	}
	return v[0:2] + ":" + v[2:4] + ":" + v[4:6] + ":" + v[6:8] + ":" + v[8:10] + ":" + v[10:12], true
}

// AppendIdentifier appends the identifier to list if the constructor accepted it, so that
// plugins can write one line a field:
//
//	ids = posture.AppendIdentifier(ids, posture.Serial, record.SerialNumber)
func AppendIdentifier(list []Identifier, constructor func(string) (Identifier, bool), text string) []Identifier {
	id, ok := constructor(text)
	if !ok {
		return list
	}
	for _, have := range list {
		if have == id {
			return list
		}
	}
	return append(list, id)
}
