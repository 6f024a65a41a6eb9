package plugins_test

import (
	"testing"

	"stethoscope/plugins"
	"stethoscope/posture"
)

func TestWhichReportsMatchTheClues(t *testing.T) {
	id := func(constructor func(string) (posture.Identifier, bool), text string) posture.Identifier {
		t.Helper()
		identifier, ok := constructor(text)
		if !ok {
			t.Fatalf("%q is no identifier", text)
		}
		return identifier
	}
	serial, other, mac := id(posture.Serial, "C02XG2JHJGH5"), id(posture.Serial, "C02XG2JHJGH6"), id(posture.MAC, "00:0d:93:00:00:01")
	of := func(owner string, ids ...posture.Identifier) posture.Report {
		r := posture.Report{Identifiers: ids}
		if owner != "" {
			r.Owners = []string{"ada.okafor@example.com", owner}
		}
		return r
	}
	for _, test := range []struct {
		name  string
		clues posture.Clues
		r     posture.Report
		want  bool
	}{
		{"the owner asked for", posture.Clues{Email: "sam.rivera@example.com"}, of("Sam.Rivera@Example.com"), true},
		{"another owner", posture.Clues{Email: "sam.rivera@example.com"}, of("samuel.rivera@example.com"), false},
		{"an address that contains the one asked for", posture.Clues{Email: "sam.rivera@example.com"}, of("not.sam.rivera@example.com"), false},
		{"no owner", posture.Clues{Email: "sam.rivera@example.com"}, of(""), false},
		{"an empty owner and no email asked for", posture.Clues{}, of(""), false},
		{"what is no address equals nothing", posture.Clues{Email: "sam"}, of("sam"), false},
		{"the serial asked for", posture.Clues{Identifiers: []posture.Identifier{other, serial}}, of("", mac, serial), true},
		{"another serial", posture.Clues{Identifiers: []posture.Identifier{other}}, of("", mac, serial), false},
		{"another's machine with the serial asked for", posture.Clues{Email: "sam.rivera@example.com", Identifiers: []posture.Identifier{serial}}, of("ada.okafor@example.com", serial), true},
		{"no clue", posture.Clues{}, of("sam.rivera@example.com", serial), false},
		{"the same text of another kind", posture.Clues{Identifiers: []posture.Identifier{id(posture.Serial, "35693803564380")}}, of("", id(posture.IMEI, "35693803564380")), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := plugins.Matches(test.clues, test.r); got != test.want {
				t.Errorf("matches is %v", got)
			}
		})
	}
}
