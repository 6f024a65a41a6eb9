package fakegoogle

import (
	"errors"
	"strings"
)

// A field says whether a record matches a value of a condition. Google's text
// match is fuzzy; here it is a prefix, or a part, whatever the case.
type field func(r record, value string) (bool, error)

// startsWith matches the beginning of any value under a name, with the wildcard
// at its end or without. "recentUsers.email" is the email of any of the list.
func startsWith(name string) field {
	return func(r record, value string) (bool, error) {
		value = strings.ToLower(strings.TrimSuffix(value, "*"))
		for _, have := range valuesOf(r.fields, name) {
			if have != "" && strings.HasPrefix(strings.ToLower(have), value) {
				return true, nil
			}
		}
		return false, nil
	}
}

// contains matches any part of three characters and more.
func contains(name string) field {
	return func(r record, value string) (bool, error) {
		if len(value) < 3 {
			return false, errors.New("at least three characters")
		}
		for _, have := range valuesOf(r.fields, name) {
			if strings.Contains(strings.ToLower(have), strings.ToLower(value)) {
				return true, nil
			}
		}
		return false, nil
	}
}

func valuesOf(fields map[string]any, name string) []string {
	outer, inner, nested := strings.Cut(name, ".")
	var values []string
	switch v := fields[outer].(type) {
	case string:
		values = append(values, v)
	case []any:
		for _, item := range v {
			if object, ok := item.(map[string]any); ok && nested {
				item = object[inner]
			}
			if s, ok := item.(string); ok {
				values = append(values, s)
			}
		}
	}
	return values
}

// A condition is one field:value of a query; without a field it is a word that
// may stand anywhere in a record.
type condition struct{ field, value string }

// search returns the records that meet all conditions of a query; no query
// means all records.
func search(records []record, fields map[string]field, query string) ([]record, error) {
	conditions, err := parse(query)
	if err != nil {
		return nil, err
	}
	var found []record
	for _, r := range records {
		all := true
		for _, c := range conditions {
			matches, err := c.matches(r, fields)
			if err != nil {
				return nil, err
			}
			all = all && matches
		}
		if all {
			found = append(found, r)
		}
	}
	return found, nil
}

func (c condition) matches(r record, fields map[string]field) (bool, error) {
	if c.field == "" {
		word := strings.ToLower(strings.TrimSuffix(c.value, "*"))
		return strings.Contains(strings.ToLower(string(r.text)), word), nil
	}
	match, ok := fields[c.field]
	if !ok {
		return false, errors.New("no such field")
	}
	return match(r, c.value)
}

// parse reads conditions, which blanks separate; quotes hold a value together.
func parse(query string) ([]condition, error) {
	var conditions []condition
	for query = strings.TrimSpace(query); query != ""; query = strings.TrimSpace(query) {
		end, quoted := 0, false
		for end < len(query) && (quoted || query[end] != ' ') {
			if query[end] == '"' {
				quoted = !quoted
			}
			end++
		}
		if quoted {
			return nil, errors.New("a quote that does not end")
		}
		text := strings.ReplaceAll(query[:end], `"`, "")
		query = query[end:]
		name, value, found := strings.Cut(text, ":")
		if !found {
			name, value = "", text
		} else if value == "" {
			return nil, errors.New("a field without a value")
		}
		conditions = append(conditions, condition{name, value})
	}
	return conditions, nil
}
