package config

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

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

// Bool reads the block as true or false. YAML 1.1's words (yes, no, on, off) are
// meant as such too, everywhere; text in quotes is text.
func (b Block) Bool() (value, ok bool) {
	if b.node == nil {
		return false, false
	}
	return truth(b.node)
}

func truth(node *yaml.Node) (value, ok bool) {
	if node.Kind != yaml.ScalarNode || node.Tag != "!!bool" && (node.Tag != "!!str" || node.Style != 0) {
		return false, false
	}
	switch strings.ToLower(node.Value) {
	case "true", "yes", "on", "y":
		return true, true
	case "false", "no", "off", "n":
		return false, true
	}
	return false, false
}

// InOrder returns the problems in the order in which their places stand in the
// block. What has no place in it comes last.
func (b Block) InOrder(problems Problems) Problems {
	order := map[string]int{}
	if b.node != nil {
		number(b.node, b.place, order)
	}
	at := func(p Problem) int {
		for place := p.Place; place != ""; {
			if n, known := order[place]; known {
				return n
			}
			place = place[:max(0, strings.LastIndexAny(place, ".[,"))] // a key that is missing: the block that lacks it
		}
		return len(order)
	}
	sorted := slices.Clone(problems)
	slices.SortStableFunc(sorted, func(p, q Problem) int { return at(p) - at(q) })
	return sorted
}

// number counts the places of a block as they come. Aliases are not followed.
func number(node *yaml.Node, place string, order map[string]int) {
	if _, twice := order[place]; !twice {
		order[place] = len(order)
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			number(node.Content[i+1], placeOf(place, node.Content[i]), order)
		}
	case yaml.SequenceNode:
		for i, n := range node.Content {
			number(n, place+"["+strconv.Itoa(i)+"]", order)
		}
	}
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
