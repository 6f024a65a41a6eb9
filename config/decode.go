package config

import (
	"encoding"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

type decoder struct {
	resolve  Resolver
	problems Problems
	depth    int
	values   int
	stopped  bool // said so once, and reads no further
}

// tooDeep and tooMany end the reading of a file whose aliases contain
// themselves, or each other many times.
const (
	tooDeep = 64
	tooMany = 100_000
)

func (d *decoder) problem(place, format string, args ...any) {
	d.problems = append(d.problems, Problem{place, fmt.Sprintf(format, args...)})
}

var (
	blockType    = reflect.TypeFor[Block]()
	secretType   = reflect.TypeFor[Secret]()
	durationType = reflect.TypeFor[time.Duration]()
)

func (d *decoder) decode(node *yaml.Node, into reflect.Value, place string) {
	d.depth++
	defer func() { d.depth-- }()
	switch d.values++; {
	case d.stopped:
		return
	case d.depth > tooDeep:
		d.stopped = true
		d.problem(place, "nested too deeply")
		return
	case d.values > tooMany:
		d.stopped = true
		d.problem(place, "more than %d values", tooMany)
		return
	}
	node = resolveAlias(node)
	switch into.Type() {
	case blockType:
		into.Set(reflect.ValueOf(Block{node, place, d.resolve}))
		return
	case secretType:
		d.secret(node, into, place)
		return
	case durationType:
		if v, err := time.ParseDuration(node.Value); node.Kind != yaml.ScalarNode || err != nil {
			d.problem(place, "must be a length of time such as 4s or 10m")
		} else {
			into.SetInt(int64(v))
		}
		return
	}
	if node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
		return
	}
	if text, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if node.Kind != yaml.ScalarNode {
			d.problem(place, "must be text")
		} else if err := text.UnmarshalText([]byte(node.Value)); err != nil {
			d.problem(place, "%v", err)
		}
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		if into.IsNil() {
			into.Set(reflect.New(into.Type().Elem()))
		}
		d.decode(node, into.Elem(), place)
	case reflect.Struct:
		d.structure(node, into, place)
	case reflect.Map:
		d.mapping(node, into, place)
	case reflect.Slice:
		d.list(node, into, place)
	default:
		d.scalar(node, into, place)
	}
}

func (d *decoder) secret(node *yaml.Node, into reflect.Value, place string) {
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		d.problem(place, "a secret is given as env:NAME or file:/path")
		return
	}
	s, err := d.resolve.resolve(node.Value)
	if err != nil {
		d.problem(place, "%v", err)
		return
	}
	into.Set(reflect.ValueOf(s))
}

func (d *decoder) structure(node *yaml.Node, into reflect.Value, place string) {
	if node.Kind != yaml.MappingNode {
		d.problem(place, "must be a block of keys and values")
		return
	}
	fields := map[string]int{}
	var known []string
	for i := range into.NumField() {
		if key, _, _ := strings.Cut(into.Type().Field(i).Tag.Get("yaml"), ","); key != "" && key != "-" {
			fields[key] = i
			known = append(known, key)
		}
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i].Value, node.Content[i+1]
		field, ok := fields[key]
		switch {
		case !ok:
			d.problem(placeOf(place, node.Content[i]), "unknown key%s", Suggestion(key, known))
		case seen[key]:
			d.problem(join(place, key), "written twice")
		default:
			d.decode(value, into.Field(field), join(place, key))
		}
		seen[key] = true
	}
}

func (d *decoder) mapping(node *yaml.Node, into reflect.Value, place string) {
	if node.Kind != yaml.MappingNode {
		d.problem(place, "must be a block of keys and values")
		return
	}
	if into.IsNil() {
		into.Set(reflect.MakeMap(into.Type()))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, at := node.Content[i].Value, placeOf(place, node.Content[i])
		if seen[name] {
			d.problem(at, "written twice")
		}
		seen[name] = true
		key := reflect.New(into.Type().Key()).Elem()
		d.decode(node.Content[i], key, at)
		value := reflect.New(into.Type().Elem()).Elem()
		d.decode(node.Content[i+1], value, at)
		into.SetMapIndex(key, value)
	}
}

func (d *decoder) list(node *yaml.Node, into reflect.Value, place string) {
	if node.Kind != yaml.SequenceNode {
		d.problem(place, "must be a list")
		return
	}
	list := reflect.MakeSlice(into.Type(), len(node.Content), len(node.Content))
	for i, n := range node.Content {
		d.decode(n, list.Index(i), place+"["+strconv.Itoa(i)+"]")
	}
	into.Set(list)
}

func (d *decoder) scalar(node *yaml.Node, into reflect.Value, place string) {
	what := map[reflect.Kind]string{
		reflect.String: "text", reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.Int64: "a whole number", reflect.Float64: "a number",
	}[into.Kind()]
	if what == "" {
		d.problem(place, "cannot be set from a file")
		return
	}
	if node.Kind != yaml.ScalarNode {
		d.problem(place, "must be %s", what)
		return
	}
	if into.Kind() == reflect.String { // 14.7 without quotes is meant as it is written
		into.SetString(node.Value)
		return
	}
	if into.Kind() == reflect.Bool {
		value, ok := truth(node)
		if !ok {
			d.problem(place, "must be %s", what)
			return
		}
		into.SetBool(value)
		return
	}
	cut := into.CanInt() && node.ShortTag() != "!!int" // 1.5 would become 1
	if err := node.Decode(into.Addr().Interface()); err != nil || cut {
		d.problem(place, "must be %s", what)
	}
}

func resolveAlias(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

func join(place, key string) string {
	switch {
	case key == "":
		return place
	case place == "":
		return key
	}
	return place + "." + key
}

var looksLikeKey = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)

// placeOf is the place of a key that somebody wrote. What does not look like a
// key is told by its line and not repeated: it may be a secret in the wrong place.
func placeOf(place string, key *yaml.Node) string {
	switch {
	case looksLikeKey.MatchString(key.Value):
		return join(place, key.Value)
	case place == "":
		return fmt.Sprintf("line %d", key.Line)
	}
	return fmt.Sprintf("%s, line %d", place, key.Line)
}
