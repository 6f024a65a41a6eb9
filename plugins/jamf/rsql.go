package jamf

import (
	"slices"
	"strings"

	"stethoscope/posture"
)

// maxValues is how many values one question holds: an address with more could
// be longer than a proxy lets through.
const maxValues = 50

// understood says under which filter fields an inventory knows a clue, and in
// which forms the value may be written there. A clue of any other kind is not
// asked about.
type understood struct {
	emails      []string
	identifiers []identifierField
}

type identifierField struct {
	kind  posture.Kind
	field string
	forms func(value string) []string // nil: as it is
}

var computersUnderstand = understood{
	emails: []string{"userAndLocation.email", "userAndLocation.username"},
	identifiers: []identifierField{
		{posture.SerialKind, "hardware.serialNumber", nil},
		{posture.HardwareUUIDKind, "udid", nil},
		{posture.MACKind, "hardware.macAddress", nil}, // the first adapter alone: altMacAddress and extension attributes cannot be asked for
	},
}

var mobileUnderstands = understood{
	emails: []string{"emailAddress", "username"},
	identifiers: []identifierField{
		{posture.SerialKind, "serialNumber", nil},
		{posture.UDIDKind, "udid", nil},
		{posture.IMEIKind, "imei", imeiForms},
		{posture.MACKind, "wifiMacAddress", nil},
	},
}

// comparison is one field with one value that it may have.
type comparison struct{ field, value string }

// filters writes clues as RSQL filters, each with at most maxValues values. It
// returns none if the inventory understands no clue.
func (u understood) filters(clues posture.Clues) []string {
	var wanted []comparison
	if email, ok := posture.NormalEmail(clues.Email); ok {
		for _, field := range u.emails {
			wanted = append(wanted, comparison{field, email})
		}
	}
	for _, f := range u.identifiers {
		for _, value := range clues.Of(f.kind) {
			forms := []string{value}
			if f.forms != nil {
				forms = f.forms(value)
			}
			for _, form := range forms {
				wanted = append(wanted, comparison{f.field, form})
			}
		}
	}
	wanted = slices.DeleteFunc(wanted, func(c comparison) bool { _, ok := quote(c.value); return !ok })
	var filters []string
	for chunk := range slices.Chunk(wanted, maxValues) {
		filters = append(filters, filter(chunk))
	}
	return filters
}

// filter joins comparisons with "or": a==" " for one value of a field,
// a=in=(" "," ") for several. Comparisons of one field stand together.
func filter(wanted []comparison) string {
	var clauses []string
	for len(wanted) > 0 {
		field := wanted[0].field
		var values []string
		for len(wanted) > 0 && wanted[0].field == field {
			value, _ := quote(wanted[0].value)
			values = append(values, value)
			wanted = wanted[1:]
		}
		if len(values) == 1 {
			clauses = append(clauses, field+"=="+values[0])
		} else {
			clauses = append(clauses, field+"=in=("+strings.Join(values, ",")+")")
		}
	}
	return strings.Join(clauses, ",")
}

// quote writes a value for RSQL. It says false for what must not be asked: a
// star is a wildcard even between quotes and cannot be escaped, so `a*@…` would
// find other people; anything but visible ASCII has no business in a name that
// is searched.
func quote(value string) (string, bool) {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for i := range len(value) {
		switch c := value[i]; {
		case c == '*' || c < ' ' || c > '~':
			return "", false
		case c == '"' || c == '\\':
			quoted.WriteByte('\\')
			quoted.WriteByte(c)
		default:
			quoted.WriteByte(c)
		}
	}
	quoted.WriteByte('"')
	return quoted.String(), value != ""
}

// imeiForms returns the ways in which Jamf may have an IMEI written: with its
// check digit, in Apple's groups ("35 674409 123456 7"), and as its 14 digits
// alone. The house keeps no check digit; it follows from the others (Luhn).
func imeiForms(digits string) []string {
	if len(digits) != 14 {
		return []string{digits}
	}
	sum := 0
	for i := range len(digits) {
		n := int(digits[i] - '0')
		if i%2 == 1 {
			n = n*2/10 + n*2%10
		}
		sum += n
	}
	full := digits + string(rune('0'+(10-sum%10)%10))
	return []string{full, full[:2] + " " + full[2:8] + " " + full[8:14] + " " + full[14:], digits}
}
