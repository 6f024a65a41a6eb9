package app

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestThePerformanceDocumentNamesWhatIsThere(t *testing.T) {
	data, err := os.ReadFile("../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	names, _ := testsOfTheTree(t)
	named := map[string]bool{}
	for _, name := range regexp.MustCompile("`((?:Benchmark|Test)\\w+)").FindAllStringSubmatch(string(data), -1) {
		named[name[1]] = true
		if !names[name[1]] {
			t.Errorf("there is no %s", name[1])
		}
	}
	for name := range names {
		if strings.HasPrefix(name, "Benchmark") && !named[name] {
			t.Errorf("docs/performance.md leaves out %s", name)
		}
	}
}

// section returns what stands under a heading, up to the next one.
func section(t *testing.T, text, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, "\n"+heading+"\n")
	if !found {
		t.Fatalf("there is no %q", heading)
	}
	rest, _, _ = strings.Cut(rest, "\n#")
	return rest
}

// numbers reads the first column of a table: "1–10, 12".
func numbers(t *testing.T, table string) []int {
	t.Helper()
	var all []int
	for _, row := range regexp.MustCompile(`(?m)^\| ([0-9][0-9–, ]*) \|`).FindAllStringSubmatch(table, -1) {
		for _, part := range strings.Split(row[1], ", ") {
			from, to, isRange := strings.Cut(part, "–")
			if !isRange {
				to = from
			}
			first, err1 := strconv.Atoi(from)
			last, err2 := strconv.Atoi(to)
			if err1 != nil || err2 != nil {
				t.Fatalf("what is %q?", row[1])
			}
			for n := first; n <= last; n++ {
				all = append(all, n)
			}
		}
	}
	return all
}

// testsOfTheTree returns the names of all tests and benchmarks, and the attacks that names and
// lines of tables hold. A range in a name ("3To12") says nothing: its lines do.
func testsOfTheTree(t *testing.T) (names map[string]bool, attacks map[int]bool) {
	t.Helper()
	names, attacks = map[string]bool{}, map[int]bool{}
	function := regexp.MustCompile(`(?m)^func ((?:Test|Benchmark)\w+)\(\w+ \*testing\.[TB]\)`)
	alone := regexp.MustCompile(`^TestAbuse(\d+)(?:And(\d+))?_`)
	line := regexp.MustCompile("(?m)^\\s*\\{[\"`](\\d+): ")
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile("../" + path)
		if err != nil {
			return err
		}
		abuse := false
		for _, match := range function.FindAllStringSubmatch(string(source), -1) {
			names[match[1]] = true
			abuse = abuse || strings.HasPrefix(match[1], "TestAbuse")
			if found := alone.FindStringSubmatch(match[1]); found != nil {
				for _, number := range found[1:] {
					n, _ := strconv.Atoi(number)
					attacks[n] = true
				}
			}
		}
		for _, match := range line.FindAllStringSubmatch(string(source), -1) {
			n, _ := strconv.Atoi(match[1])
			attacks[n] = attacks[n] || abuse
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, attacks
}

func TestWhatTheDocumentsCallTestedIsTested(t *testing.T) {
	data, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	tested, partly, not := section(t, text, "### Tested"), section(t, text, "### Tested under another name, or in part"), section(t, text, "### Not applicable yet, or not done")
	names, attacks := testsOfTheTree(t)
	for _, n := range numbers(t, tested) {
		if !attacks[n] {
			t.Errorf("attack %d is called tested, and no test is named TestAbuse%d_", n, n)
		}
	}
	for _, n := range append(numbers(t, partly), numbers(t, not)...) {
		if attacks[n] {
			t.Errorf("attack %d is not called tested, and a test has its number", n)
		}
	}
	for _, name := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(text, -1) {
		if !names[name[1]] {
			t.Errorf("there is no test %s", name[1])
		}
	}
	for _, row := range strings.Split(strings.TrimSpace(partly), "\n")[2:] {
		if !regexp.MustCompile("`Test\\w+`").MatchString(row) {
			t.Errorf("no test is named in %s", row)
		}
	}
	all := slices.Concat(numbers(t, tested), numbers(t, partly), numbers(t, not))
	slices.Sort(all)
	for n := 1; n <= 97; n++ {
		if count := len(slices.DeleteFunc(slices.Clone(all), func(m int) bool { return m != n })); count != 1 {
			t.Errorf("attack %d stands in %d tables", n, count)
		}
	}
	for _, path := range regexp.MustCompile("`([a-z]+/[a-z/_]+\\.go|[a-z_]+_test\\.go)`").FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat("../" + path[1]); err != nil {
			t.Errorf("there is no %s", path[1])
		}
	}
}
