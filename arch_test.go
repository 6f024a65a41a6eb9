package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house rules. The left side of each arrow is a room; the right side is
// all of our rooms that its code may know. A room that is not listed fails.
var mayImport = map[string][]string{
	"posture":     {},
	"static":      {},
	"config":      {},
	"sample-data": {},

	"plugins":            {"posture", "config"},
	"plugins/jamf":       {"plugins", "posture", "config"},
	"plugins/google":     {"plugins", "posture", "config"},
	"plugins/standard":   {"plugins", "plugins/*"},
	"plugins/inmemory":   {},
	"plugins/plugintest": {"plugins", "plugins/inmemory", "posture", "config"},

	"practices": {"posture", "config"},
	"lookup":    {"plugins", "posture"},

	"views":         {"posture", "static"},
	"views/stories": {"views", "posture"},

	"web": {"lookup", "views", "static", "posture", "config"},

	"demo":            {"demo/*", "plugins/inmemory", "config"},
	"demo/fakejamf":   {},
	"demo/fakegoogle": {},

	"app": {"web", "lookup", "practices", "plugins", "posture", "config", "views", "views/stories", "demo", "sample-data"},
	".":   {"app", "practices", "plugins/standard"},
}

// What a room must not call, with the reason that the failure gives.
var mustNotImport = map[string]map[string]string{
	"practices": {"net/http": "practices are pure, let a plugin fetch it", "os": "practices are pure, texts come as an fs.FS", "database/sql": "practices are pure, let a plugin fetch it"},
	"views":     {"os": "views show what they are given", "database/sql": "views show what they are given"},
	"posture":   {"net/http": "the words fetch nothing", "os": "the words fetch nothing"},
}

var mustNotCall = map[string]map[string]string{
	"time.Now": {"posture": "time is an argument", "practices": "time is an argument: Judge(d, now)", "views": "time is in the frame", "lookup": "time is in the options", "plugins": "time is in the Env"},
	// A plugin reaches the world through the doors of its Env alone.
	"http.Get": {"plugins": "ask through Env.HTTP"}, "http.Post": {"plugins": "ask through Env.HTTP"}, "slog.Default": {"plugins": "log through Env.Log"}, "slog.Info": {"plugins": "log through Env.Log"},
	"os.Getenv": {"plugins": "settings come as a block"}, "os.ReadFile": {"plugins": "settings come as a block"},
	// Echo's own reading of who asks believes what a request claims (X-Forwarded-…).
	"RealIP": {"web": "it trusts X-Forwarded-For from anybody"},
	"Scheme": {"web": "it trusts X-Forwarded-Proto from anybody; the address is in the configuration"},
}

func TestRoomsKnowOnlyTheRoomsThatTheyMay(t *testing.T) {
	eachGoFile(t, func(room, path string, file *ast.File) {
		if strings.HasSuffix(path, "_test.go") {
			return // tests may bring a stand-in from anywhere
		}
		allowed, listed := mayImport[room]
		if !listed {
			t.Errorf("%s: the room %s has no line in arch_test.go: say what it may know", path, room)
			return
		}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if reason, forbidden := mustNotImport[room][name]; forbidden {
				t.Errorf("%s imports %s: %s", path, name, reason)
			}
			ours, isOurs := strings.CutPrefix(name, "stethoscope/")
			if isOurs && !slices.ContainsFunc(allowed, func(a string) bool {
				return a == ours || strings.HasSuffix(a, "/*") && strings.HasPrefix(ours, strings.TrimSuffix(a, "*"))
			}) {
				t.Errorf("%s imports %s: %s may know only %s", path, ours, room, orNobody(allowed))
			}
		}
	})
}

func TestRoomsDoNotCallWhatTheyMustNot(t *testing.T) {
	eachGoFile(t, func(room, path string, file *ast.File) {
		if strings.HasSuffix(path, "_test.go") || room == "plugins/plugintest" {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			name := selector.Sel.Name
			if pkg, ok := selector.X.(*ast.Ident); ok && slices.Contains([]string{"time", "http", "slog", "os"}, pkg.Name) {
				name = pkg.Name + "." + name
			}
			if reason, forbidden := mustNotCall[name][strings.SplitN(room, "/", 2)[0]]; forbidden {
				t.Errorf("%s calls %s: %s", path, name, reason)
			}
			return true
		})
	})
}

func TestPluginsUseTheClientThatTheyAreGiven(t *testing.T) {
	eachGoFile(t, func(room, path string, file *ast.File) {
		if !strings.HasPrefix(room, "plugins") || strings.HasSuffix(path, "_test.go") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok && selector.Sel.Name == "DefaultClient" {
				t.Errorf("%s uses %s: a plugin has no door but its Env", path, selector.Sel.Name)
			}
			return true
		})
	})
}

func TestViewsUseNothingOfHTTPButTheNamesOfStatuses(t *testing.T) {
	eachGoFile(t, func(room, path string, file *ast.File) {
		if room != "views" || strings.HasSuffix(path, "_test.go") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "http" && !strings.HasPrefix(selector.Sel.Name, "Status") {
					t.Errorf("%s uses http.%s: views show what they are given", path, selector.Sel.Name)
				}
			}
			return true
		})
	})
}

// Attacks 58 and 59 of docs/security.md: formulas in spreadsheets, and headers or
// mentions slipped into mail and chat. Nothing leaves in these forms in this
// version; whoever adds one finds this test and adds theirs.
func TestAbuse58And59_NothingLeavesAsASpreadsheetAMailOrAMessage(t *testing.T) {
	reasons := map[string]string{
		"encoding/csv": "cells that begin with = + - @ or a tab must be neutralised (attack 58); add the test, then change this one",
		"net/smtp":     "names must not reach headers or HTML of a mail (attack 59); add the test, then change this one",
		"slack-go":     "names must not become mentions (attack 59); add the test, then change this one",
		"go-mail":      "names must not reach headers or HTML of a mail (attack 59); add the test, then change this one",
	}
	eachGoFile(t, func(_, path string, file *ast.File) {
		for _, spec := range file.Imports {
			for part, reason := range reasons {
				if name, _ := strconv.Unquote(spec.Path.Value); strings.Contains(name, part) {
					t.Errorf("%s imports %s: %s", path, name, reason)
				}
			}
		}
	})
}

func TestEveryRoomSaysWhatItIs(t *testing.T) {
	documented, api := map[string]bool{}, map[string]bool{}
	rooms := map[string]bool{}
	eachGoFile(t, func(room, path string, file *ast.File) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		rooms[room] = true
		if file.Doc != nil {
			documented[room] = true
			text := file.Doc.Text()
			api[room] = api[room] || strings.Contains(text, "API")
		}
	})
	for room := range rooms {
		if !documented[room] {
			t.Errorf("%s has no package comment: a room says what it is and where to start", room)
		} else if !api[room] && room != "." {
			t.Errorf("the package comment of %s does not say whether it is an API", room)
		}
	}
	for room := range mayImport {
		if !rooms[room] {
			t.Errorf("arch_test.go has a line for %s, which has no code", room)
		}
	}
}

func TestGivenRoomsAreThere(t *testing.T) {
	for _, name := range []string{"web", "plugins", "practices", "views", "static", "sample-data", "go.mod", "compose.yaml"} {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("%s is missing at the top", name)
		}
	}
}

func eachGoFile(t *testing.T, visit func(room, path string, file *ast.File)) {
	t.Helper()
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return fmt.Errorf("parse %s: %w", path, err)
		}
		visit(filepath.ToSlash(filepath.Dir(path)), path, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func orNobody(rooms []string) string {
	if len(rooms) == 0 {
		return "nobody of ours"
	}
	return strings.Join(rooms, ", ")
}
