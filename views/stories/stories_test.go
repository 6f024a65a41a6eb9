package stories

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stethoscope/views"
)

var update = flag.Bool("update", false, "write what the pages look like now into testdata")

func draw(t testing.TB, s Story) string {
	t.Helper()
	var b bytes.Buffer
	if err := views.Render(context.Background(), &b, s.Component); err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	return b.String()
}

func TestPagesLookAsTheyDid(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Stories() {
		t.Run(s.Name, func(t *testing.T) {
			path := filepath.Join("testdata", s.Name+".html")
			seen[path] = true
			got := readable(draw(t, s))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is not as it was kept in %s; if that is as meant, run: go test ./views/stories -update", s.Name, path)
			}
		})
	}
	kept, err := filepath.Glob("testdata/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range kept {
		if !seen[path] && !*update {
			t.Errorf("%s belongs to no story", path)
		}
	}
}

// readable puts every element on a line of its own, so that a change of one
// word is a change of one line, and leaves out what a change of the stylesheet
// changes.
func readable(page string) string {
	return version.ReplaceAllString(strings.ReplaceAll(page, "><", ">\n<"), "?v=0") + "\n"
}

var version = regexp.MustCompile(`\?v=[0-9a-f]{12}`)
