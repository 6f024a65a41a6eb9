package google

import (
	"strings"
	"testing"

	"stethoscope/posture"
)

func TestQuestions(t *testing.T) {
	imei, _ := posture.IMEI("357164099163035")
	mac, _ := posture.MAC("00:de:ca:fb:ad:01")
	for _, test := range []struct {
		says  string
		clues posture.Clues
		want  string
	}{
		{"an email is asked of both lists", posture.Clues{Email: "Fry@Example.com"}, "mobile email:fry@example.com | chromeos recent_user:fry@example.com"},
		{"a serial number, too", posture.Clues{Identifiers: []posture.Identifier{serial(t, "5cd3407qlm")}}, "mobile serial:5CD3407QLM | chromeos id:5CD3407QLM"},
		{"an IMEI without its check digit", posture.Clues{Identifiers: []posture.Identifier{imei}}, "mobile imei:35716409916303* | chromeos meid:35716409916303"},
		{"a MAC address is not asked for", posture.Clues{Identifiers: []posture.Identifier{mac}}, ""},
		{"no clue asks nothing", posture.Clues{}, ""},
	} {
		t.Run(test.says, func(t *testing.T) {
			var asked []string
			for _, q := range questionsFor(test.clues) {
				asked = append(asked, q.list.path+" "+q.query)
			}
			if got := strings.Join(asked, " | "); got != test.want {
				t.Errorf("asks %q, want %q", got, test.want)
			}
		})
	}
}

func TestNoClueAddsAnOperator(t *testing.T) {
	for _, email := range []string{
		"*@example.com", "a* status:managed@example.com", `"a"@example.com`, "a:b@example.com", "a@example.com status:managed", "a;prefix@example.com",
		"a..b@example.com", "a|b@example.com", "{a}@example.com", "~a@example.com", "a@b@example.com", "-a@example.com", "", "@", "a",
	} {
		if questions := questionsFor(posture.Clues{Email: email}); questions != nil {
			t.Errorf("%q is asked for as %q", email, questions[0].query)
		}
	}
	for _, text := range []string{"ABCD*", "ABCD EFGH", `"ABCD"`, "ABCD:EFGH", "2016..2017", "*ABCD", "-ABCD", "ABCD;prefix", "(ABCD)"} {
		if questions := questionsFor(posture.Clues{Identifiers: []posture.Identifier{serial(t, text)}}); questions != nil {
			t.Errorf("%q is asked for as %q", text, questions[0].query)
		}
	}
	if questions := questionsFor(posture.Clues{Email: "o'brien-smith_2@example.com"}); len(questions) != 2 {
		t.Error("a name that Google allows is not asked for")
	}
}

func FuzzQuestions(f *testing.F) {
	for _, seed := range []string{"fry@example.com", "* status:managed", `"a b"@example.com`, "5CD3407QLM", "a..b", "357164099163035", "a\tb", "ü@example.com"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clues := posture.Clues{Email: text}
		clues.Identifiers = posture.AppendIdentifier(clues.Identifiers, posture.Serial, text)
		clues.Identifiers = posture.AppendIdentifier(clues.Identifiers, posture.IMEI, text)
		for _, q := range questionsFor(clues) {
			field, value, _ := strings.Cut(q.query, ":")
			if field == "imei" { // the wildcard is ours
				value = strings.TrimSuffix(value, "*")
			}
			if len(value) < 3 || strings.ContainsAny(value, " \t\r\n\"*:;<>=()|~{}") || strings.Contains(value, "..") || value[0] == '-' {
				t.Errorf("%q is asked for as %q", text, q.query)
			}
		}
	})
}
