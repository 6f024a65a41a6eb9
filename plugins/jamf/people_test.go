package jamf

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"stethoscope/demo/fakejamf"
	"stethoscope/posture"
)

var update = flag.Bool("update", false, "write testdata/people.txt anew")

// TestDemoPeople holds what Jamf tells of everybody in the samples against
// testdata/people.txt, which is meant to be read.
func TestDemoPeople(t *testing.T) {
	var got strings.Builder
	for _, email := range []string{
		"sam.rivera@example.com", "ada.okafor@example.com", "jun.park@example.com", "priya.nair@example.com", "green@example.com",
		"one-red@example.com", "one-unknown@example.com", "nothing@example.com", "user@example.com", "old.owner@example.com", "kim.lee@example.com",
	} {
		o := open(t, fakejamf.New(samples()))
		reports, err := o.find(t, byEmail(email))
		if err != nil {
			t.Fatalf("%s: %v", email, err)
		}
		fmt.Fprintf(&got, "# %s\n\n", email)
		if len(reports) == 0 {
			got.WriteString("nothing\n\n")
		}
		for _, r := range reports {
			got.WriteString(describe(r) + "\n")
		}
	}
	const golden = "testdata/people.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		wanted := strings.Split(string(want), "\n")
		for i, line := range strings.Split(got.String(), "\n") {
			if i >= len(wanted) || line != wanted[i] {
				t.Fatalf("%s:%d: got %q; go test -update writes the file anew", golden, i+1, line)
			}
		}
		t.Fatalf("%s is longer than what was found", golden)
	}
}

// describe writes a report as text.
func describe(r posture.Report) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s, seen %s, owned by %s\n", r.Key, r.SeenAt.Format(time.RFC3339Nano), strings.Join(r.Owners, " and "))
	for _, id := range r.Identifiers {
		fmt.Fprintf(&text, "  %s %s\n", id.Kind(), id.Value())
	}
	for _, c := range r.Claims {
		value := fmt.Sprint(c.Value)
		switch v := c.Value.(type) {
		case []posture.Software:
			var names []string
			for _, s := range v {
				names = append(names, strings.TrimSpace(s.Name+" "+string(s.Version)))
			}
			value = strings.Join(names, ", ")
		case []string:
			value = strings.Join(v, ", ")
		}
		if c.Detail != "" {
			value += " (" + c.Detail + ")"
		}
		fmt.Fprintf(&text, "  %s: %s\n", c.Fact, value)
	}
	return text.String()
}
