package config

import "strings"

// Suggestion returns "; did you mean X?" with the known word that was probably
// meant, two slips of the keyboard away at most; empty if there is none.
func Suggestion(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if n := slips(strings.ToLower(word), strings.ToLower(k)); n < distance && n < len(k) {
			best, distance = k, n
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// slips is the Levenshtein distance.
func slips(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			above, change := row[j+1], before
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(above+1, row[j]+1, change)
			before = above
		}
	}
	return row[len(b)]
}
