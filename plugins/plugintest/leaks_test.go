package plugintest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestWhatASecretLooksLikeInAText(t *testing.T) {
	key := `{"private_key_id": "0123456789abcdef0123456789abcdef01234567", "private_key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----\n", "token_uri": "https://oauth2.example.com/a-rather-long-address-of-a-token-endpoint"}`
	for _, test := range []struct {
		name, secret, text string
		leaks              bool
	}{
		{"as itself", "horse battery", "with horse battery", true},
		{"in capitals", "horse battery", "WITH HORSE BATTERY", true},
		{"in an address", "horse&battery", "secret=horse%26battery", true},
		{"in base64", "horse battery", "aG9yc2UgYmF0dGVyeQ==", true},
		{"a line of a key", key, "cannot parse MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", true},
		{"a key's name", key, "key 0123456789abcdef0123456789abcdef01234567", true},
		{"an address in a key file is no secret", key, "post https://oauth2.example.com/a-rather-long-address-of-a-token-endpoint", false},
		{"another text", "horse battery", "horses", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := Suite{Secrets: map[string]string{"KEY": test.secret}}
			o := &session{suite: &s, requests: &recorder{}}
			if said := o.says(test.text); (len(said) > 0) != test.leaks {
				t.Errorf("says %q", said)
			}
		})
	}
}

func TestWhatAnOwnerLooksLikeInAText(t *testing.T) {
	for _, test := range []struct {
		name, owner, text string
		leaks             bool
	}{
		{"an email", "sam.rivera@example.com", "for Sam.Rivera@example.com", true},
		{"an email that is not plain", "jürgen@example.com", "for jürgen@example.com", true},
		{"one of two emails in one field", "sam.rivera@example.com, <kim.lee@example.com>", "for kim.lee@example.com", true},
		{"a username stands in other words", "eve", "level=DEBUG msg=seven", false},
		{"no owner", "", "seven", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := &session{suite: &Suite{}, requests: &recorder{}, owners: []string{test.owner}}
			if said := o.says(test.text); (len(said) > 0) != test.leaks {
				t.Errorf("says %q", said)
			}
		})
	}
}

func TestTheTableOfSharedFactsIsComplete(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../posture/facts.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if generic, ok := call.Fun.(*ast.IndexExpr); ok && generic.X.(*ast.Ident).Name == "NewFact" {
				name, _ := strconv.Unquote(call.Args[0].(*ast.BasicLit).Value)
				declared = append(declared, name)
			}
		}
		return true
	})
	var known []string
	for _, f := range sharedFacts {
		known = append(known, f.name)
	}
	slices.Sort(declared)
	slices.Sort(known)
	if !slices.Equal(declared, known) || len(declared) == 0 {
		t.Errorf("posture declares\n%s\nand sharedFacts has\n%s", strings.Join(declared, " "), strings.Join(known, " "))
	}
}

func TestTheFactsOfAREADME(t *testing.T) {
	for _, test := range []struct {
		name, readme string
		want         []string
	}{
		{"no heading", "| a |\n|---|\n| `x` |\n", nil},
		{"no table", "## What it tells\n\nNothing.\n", nil},
		{"plain and quoted names", "## What it tells\n\n| Fact |\n|---|\n| `x` |\n| y |\n", []string{"x", "y"}},
		{"several names in a cell", "## What it tells\n| Fact | |\n|---|---|\n| `x`, `y` | from `z` |\n", []string{"x", "y"}},
		{"two tables", "# what it tells\n| a |\n|---|\n| x |\n\n| b |\n|---|\n| y |\n", []string{"x", "y"}},
		{"the next heading ends it", "## What it tells\n| a |\n|---|\n| x |\n### Traps\n| b |\n|---|\n| y |\n", []string{"x"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := factsOf(test.readme); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTheStepsAtWhichAVendorFails(t *testing.T) {
	for _, test := range []struct {
		healthy int
		large   bool
		want    []int64
	}{
		{0, false, []int64{1}}, {1, false, []int64{1}}, {2, false, []int64{1, 2}}, {3, false, []int64{1, 2, 3}}, {9, false, []int64{1, 2, 3, 9}},
		{1, true, []int64{1}}, {9, true, []int64{1, 9}},
	} {
		if got := steps(test.healthy, test.large); !slices.Equal(got, test.want) {
			t.Errorf("of %d requests, large %v: fails at %v, want %v", test.healthy, test.large, got, test.want)
		}
	}
}
