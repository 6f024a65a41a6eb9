package config

import (
	"bytes"
	"encoding"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// A Block is a part of the configuration file that its owner decodes. The zero
// Block is an empty one.
type Block struct {
	node    *yaml.Node
	place   string
	resolve Resolver
}

// Parse reads a YAML file of one document. Secrets are looked up by resolve.
func Parse(data []byte, resolve Resolver) (Block, error) {
	var document, another yaml.Node
	file := yaml.NewDecoder(bytes.NewReader(data))
	if err := file.Decode(&document); err != nil && err != io.EOF {
		return Block{}, Problems{{"", notYAML(err)}}
	}
	if err := file.Decode(&another); err == nil {
		return Block{}, Problems{{"", fmt.Sprintf("line %d: a second document begins; write everything in one", another.Line)}}
	} else if err != io.EOF {
		return Block{}, Problems{{"", notYAML(err)}}
	}
	b := Block{resolve: resolve}
	if len(document.Content) > 0 {
		b.node = document.Content[0]
	}
	return b, nil
}

// notYAML says what the parser said, less the one thing that it repeats: text
// after a *, which may be a secret that stands there as itself.
func notYAML(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if strings.HasPrefix(text, "unknown anchor") {
		text = "an alias names nothing; put quotes around text that begins with *"
	}
	return "not YAML: " + text
}

// Place returns where the block stands in the file: "sources[2]".
func (b Block) Place() string { return b.place }

// Empty reports whether nothing is written there.
func (b Block) Empty() bool {
	return b.node == nil || b.node.Kind == yaml.ScalarNode && b.node.Tag == "!!null"
}

// Problem returns a problem at a key of this block; the key may be empty.
func (b Block) Problem(key, format string, args ...any) Problem {
	return Problem{join(b.place, key), fmt.Sprintf(format, args...)}
}

// Keys returns the keys of a mapping in the order of the file.
func (b Block) Keys() []string {
	if b.node == nil || b.node.Kind != yaml.MappingNode {
		return nil
	}
	var keys []string
	for i := 0; i+1 < len(b.node.Content); i += 2 {
		keys = append(keys, b.node.Content[i].Value)
	}
	return keys
}

// At returns the block under a key, or an empty one.
func (b Block) At(key string) Block {
	child := Block{place: join(b.place, key), resolve: b.resolve}
	if b.node != nil && b.node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(b.node.Content); i += 2 {
			if b.node.Content[i].Value == key {
				child.node = resolveAlias(b.node.Content[i+1])
			}
		}
	}
	return child
}

// Items returns the blocks of a list, or nil if it is none.
func (b Block) Items() []Block {
	if b.node == nil || b.node.Kind != yaml.SequenceNode {
		return nil
	}
	items := make([]Block, len(b.node.Content))
	for i, n := range b.node.Content {
		items[i] = Block{resolveAlias(n), b.place + "[" + strconv.Itoa(i) + "]", b.resolve}
	}
	return items
}

// Bool reads the block as true or false.
func (b Block) Bool() (value, ok bool) {
	if b.node == nil || b.node.Kind != yaml.ScalarNode || b.node.Tag != "!!bool" {
		return false, false
	}
	return strings.EqualFold(b.node.Value, "true"), true
}

// Without returns the block less some keys, for an owner that shares a mapping
// with another.
func (b Block) Without(keys ...string) Block {
	if b.node == nil || b.node.Kind != yaml.MappingNode {
		return b
	}
	rest := *b.node
	rest.Content = nil
	for i := 0; i+1 < len(b.node.Content); i += 2 {
		if !slices.Contains(keys, b.node.Content[i].Value) {
			rest.Content = append(rest.Content, b.node.Content[i], b.node.Content[i+1])
		}
	}
	b.node = &rest
	return b
}

// Only returns the block with no other keys than these.
func (b Block) Only(keys ...string) Block {
	var others []string
	for _, k := range b.Keys() {
		if !slices.Contains(keys, k) {
			others = append(others, k)
		}
	}
	return b.Without(others...)
}

// Decode reads the block into the struct that into points to, by its `yaml`
// tags. What the file does not mention keeps the value it has, so set defaults
// first. It is strict and complete: an unknown key, a key written twice and a
// value of the wrong type are each a problem, and all of them are in the
// returned [Problems]. Fields may be structs, slices, maps by text, numbers,
// booleans, text, time.Duration ("4s"), [Secret], [Block] (left to another
// owner) and whatever implements encoding.TextUnmarshaler.
func (b Block) Decode(into any) error {
	if b.Empty() {
		return nil
	}
	d := decoder{resolve: b.resolve}
	d.decode(b.node, reflect.ValueOf(into).Elem(), b.place)
	return d.problems.Err()
}

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
			d.problem(placeOf(place, node.Content[i]), "unknown key%s", suggestion(key, known))
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

// suggestion names the known key that was probably meant.
func suggestion(key string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if n := edits(strings.ToLower(key), k); n < distance && n < len(k) {
			best, distance = k, n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		previous := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			above := row[j]
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above+1, row[j-1]+1, previous+cost)
			previous = above
		}
	}
	return row[len(b)]
}
