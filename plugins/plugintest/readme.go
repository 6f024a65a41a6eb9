package plugintest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// listsFacts holds the README's table against Plugin.Claims: what an operator
// reads there must be what the plugin may tell.
func listsFacts(_ *testing.T, s *Suite) []string {
	data, err := os.ReadFile(s.README)
	if err != nil {
		return []string{err.Error()}
	}
	listed := factsOf(string(data))
	if listed == nil {
		return []string{s.README + ` has no table under a heading "What it tells"`}
	}
	var failures []string
	for _, fact := range s.Plugin.Claims {
		if !slices.Contains(listed, fact) {
			failures = append(failures, fmt.Sprintf(`%s: the first column of the table under "What it tells" lacks %s`, s.README, fact))
		}
	}
	for i, fact := range listed {
		if !slices.Contains(s.Plugin.Claims, fact) {
			failures = append(failures, fmt.Sprintf(`%s: the first column of the table under "What it tells" has %s, which the plugin does not declare`, s.README, fact))
		}
		if slices.Contains(listed[:i], fact) {
			failures = append(failures, fmt.Sprintf(`%s: the table under "What it tells" has %s twice`, s.README, fact))
		}
	}
	return failures
}

// factsOf reads the first column of the tables in the section "What it tells";
// a cell may hold several names with commas between them.
func factsOf(readme string) []string {
	var facts []string
	inside, row := false, 0
	for line := range strings.Lines(readme) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			inside = strings.EqualFold(strings.TrimSpace(strings.TrimLeft(line, "#")), "What it tells")
		}
		if !inside || !strings.HasPrefix(line, "|") {
			row = 0
			continue
		}
		if row++; row <= 2 { // the head and the rule below it
			continue
		}
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), "|")
		for name := range strings.SplitSeq(cell, ",") {
			if name = strings.Trim(strings.TrimSpace(name), "`"); name != "" {
				facts = append(facts, name)
			}
		}
	}
	return facts
}
