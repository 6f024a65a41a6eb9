package fakejamf

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ComputerFilters are the fields that the computer inventory can be filtered
// by, with their places in a record.
var ComputerFilters = filterable(
	"id", "udid", "general.name", "general.reportDate", "general.platform", "hardware.serialNumber", "hardware.macAddress",
	"hardware.model", "hardware.modelIdentifier", "operatingSystem.version", "operatingSystem.build",
	"userAndLocation.email", "userAndLocation.username", "userAndLocation.realname",
)

// MobileFilters are those of the list of mobile devices, which has flat names.
var MobileFilters = map[string][]string{
	"mobileDeviceId": {"mobileDeviceId"}, "udid": {"general", "udid"}, "displayName": {"general", "displayName"},
	"osVersion": {"general", "osVersion"}, "serialNumber": {"hardware", "serialNumber"},
	"wifiMacAddress": {"hardware", "wifiMacAddress"}, "bluetoothMacAddress": {"hardware", "bluetoothMacAddress"},
	"model": {"hardware", "model"}, "emailAddress": {"userAndLocation", "emailAddress"},
	"username": {"userAndLocation", "username"}, "imei": {"network", "imei"},
}

func filterable(names ...string) map[string][]string {
	fields := map[string][]string{}
	for _, name := range names {
		fields[name] = strings.Split(name, ".")
	}
	return fields
}

// A Filter is a parsed RSQL expression.
type Filter struct {
	match func(record map[string]any) bool
}

// Match reports whether a record fits the filter.
func (f Filter) Match(record map[string]any) bool { return f.match(record) }

// ParseFilter reads the part of RSQL that Jamf documents
// (https://developer.jamf.com/jamf-pro/docs/filtering-with-rsql): == != =in=
// =out=, `;` or and, `,` or or, parentheses. Values match whatever their case,
// and a star in one stands for any text, also between quotes.
func ParseFilter(text string, fields map[string][]string) (Filter, error) {
	p := parser{rest: text, fields: fields}
	match, err := p.or()
	if err != nil {
		return Filter{}, err
	}
	if p.blank(); p.rest != "" {
		return Filter{}, errors.New("there is something behind the filter")
	}
	return Filter{match}, nil
}

type parser struct {
	rest   string
	fields map[string][]string
	depth  int
}

type predicate = func(record map[string]any) bool

func (p *parser) or() (predicate, error) {
	return p.chain(p.and, ",", "or", func(a, b predicate) predicate {
		return func(r map[string]any) bool { return a(r) || b(r) }
	})
}

func (p *parser) and() (predicate, error) {
	return p.chain(p.term, ";", "and", func(a, b predicate) predicate {
		return func(r map[string]any) bool { return a(r) && b(r) }
	})
}

func (p *parser) chain(next func() (predicate, error), sign, word string, join func(a, b predicate) predicate) (predicate, error) {
	left, err := next()
	for err == nil && (p.take(sign) || p.takeWord(word)) {
		var right predicate
		if right, err = next(); err == nil {
			left = join(left, right)
		}
	}
	return left, err
}

func (p *parser) term() (predicate, error) {
	if p.take("(") {
		if p.depth++; p.depth > 32 {
			return nil, errors.New("nested too deeply")
		}
		inner, err := p.or()
		if err == nil && !p.take(")") {
			err = errors.New("a parenthesis is not closed")
		}
		p.depth--
		return inner, err
	}
	return p.comparison()
}

func (p *parser) comparison() (predicate, error) {
	p.blank()
	end := strings.IndexAny(p.rest, "=!<> ;,()\"'")
	if end <= 0 {
		return nil, errors.New("a field is missing")
	}
	name := p.rest[:end]
	place, ok := p.fields[name]
	if !ok {
		return nil, fmt.Errorf("cannot filter by %q", name)
	}
	p.rest = p.rest[end:]
	for _, operator := range []struct {
		sign       string
		list, fits bool
	}{{"==", false, true}, {"!=", false, false}, {"=in=", true, true}, {"=out=", true, false}} {
		if !p.take(operator.sign) {
			continue
		}
		values, err := p.values(operator.list)
		if err != nil {
			return nil, err
		}
		return func(record map[string]any) bool {
			text, ok := textAt(record, place)
			found := ok && slices.ContainsFunc(values, func(value string) bool { return like(text, value) })
			return found == operator.fits
		}, nil
	}
	return nil, errors.New("an operator is missing")
}

func (p *parser) values(list bool) ([]string, error) {
	if list && !p.take("(") {
		return nil, errors.New("a list is missing")
	}
	var values []string
	for {
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		values = append(values, value)
		switch {
		case !list || p.take(")"):
			return values, nil
		case !p.take(","):
			return nil, errors.New("a list is not closed")
		}
	}
}

func (p *parser) value() (string, error) {
	p.blank()
	if p.rest == "" {
		return "", errors.New("a value is missing")
	}
	quote := p.rest[0]
	if quote != '"' && quote != '\'' {
		end := strings.IndexAny(p.rest, "\"'();,=!~<> ")
		if end < 0 {
			end = len(p.rest)
		}
		value := p.rest[:end]
		if p.rest = p.rest[end:]; value == "" {
			return "", errors.New("a value is missing")
		}
		return value, nil
	}
	var value strings.Builder
	for i := 1; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == '\\' && i+1 < len(p.rest):
			i++
			value.WriteByte(p.rest[i])
		case c == quote:
			p.rest = p.rest[i+1:]
			return value.String(), nil
		default:
			value.WriteByte(c)
		}
	}
	return "", errors.New("a quote is not closed")
}

func (p *parser) blank() { p.rest = strings.TrimLeft(p.rest, " ") }

func (p *parser) take(sign string) bool {
	p.blank()
	rest, ok := strings.CutPrefix(p.rest, sign)
	p.rest = rest
	return ok
}

// takeWord takes "and" or "or", which must be followed by a blank or a
// parenthesis to be no field's name.
func (p *parser) takeWord(word string) bool {
	p.blank()
	rest, ok := strings.CutPrefix(p.rest, word)
	if !ok || rest == "" || rest[0] != ' ' && rest[0] != '(' {
		return false
	}
	p.rest = rest
	return true
}

// textAt returns the text at a place in the record; null and what is not there
// are not found.
func textAt(record map[string]any, place []string) (string, bool) {
	var value any = record
	for _, key := range place {
		fields, ok := value.(map[string]any)
		if !ok {
			return "", false
		}
		value = fields[key]
	}
	text, ok := value.(string)
	return text, ok
}

// like compares as Jamf's database does: whatever the case, a star for any text.
func like(text, pattern string) bool {
	text = strings.ToLower(text)
	parts := strings.Split(strings.ToLower(pattern), "*")
	if len(parts) == 1 {
		return text == parts[0]
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, parts[last])
}
