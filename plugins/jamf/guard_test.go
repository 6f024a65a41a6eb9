package jamf

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"stethoscope/demo/fakejamf"
	"stethoscope/plugins"
	"stethoscope/posture"
)

func TestQuestions(t *testing.T) {
	serial := must(t)(posture.Serial("K7QX2M9PLD"))
	other := must(t)(posture.Serial(`AB"C\D`))
	star := must(t)(posture.Serial("K7*PLD"))
	uuid := must(t)(posture.UDID("6E1B7C52-93D4-5A0F-8C21-4F7A9B03D6E8"))
	udid := must(t)(posture.UDID("00008110-000A1C2E3F48801E"))
	imei := must(t)(posture.IMEI("490154203237518"))
	meid := must(t)(posture.MEID("A10000009296F2"))
	mac := must(t)(posture.MAC("f4:d4:88:6b:21:0a"))
	email := func(address string) posture.Clues { return posture.Clues{Email: address} }
	for _, test := range []struct {
		sentence          string
		clues             posture.Clues
		computers, mobile string // the filters; empty: not asked
	}{
		{"an email is sought as email and as username", email(sam),
			`userAndLocation.email=="sam.rivera@example.com",userAndLocation.username=="sam.rivera@example.com"`,
			`emailAddress=="sam.rivera@example.com",username=="sam.rivera@example.com"`},
		{"a star in an email is not asked", email("*@example.com"), "", ""},
		{"nor one inside", email("s*m@example.com"), "", ""},
		{"what is no email is not asked", email(`a@example.com" or userAndLocation.email=="*`), "", ""},
		{"two emails are none", email("a@example.com,b@example.com"), "", ""},
		{"nothing is not asked", posture.Clues{}, "", ""},
		{"a serial number may be of either", byIdentifiers(t, serial), `hardware.serialNumber=="K7QX2M9PLD"`, `serialNumber=="K7QX2M9PLD"`},
		{"several are one question, with quotes and backslashes escaped", byIdentifiers(t, serial, other),
			`hardware.serialNumber=in=("K7QX2M9PLD","AB\"C\\D")`, `serialNumber=in=("K7QX2M9PLD","AB\"C\\D")`},
		{"a star in a serial number is left out", byIdentifiers(t, star, serial), `hardware.serialNumber=="K7QX2M9PLD"`, `serialNumber=="K7QX2M9PLD"`},
		{"a hardware UUID is a Mac's", byIdentifiers(t, uuid), `udid=="6E1B7C52-93D4-5A0F-8C21-4F7A9B03D6E8"`, ""},
		{"a UDID is an iPhone's or iPad's", byIdentifiers(t, udid), "", `udid=="00008110-000A1C2E3F48801E"`},
		{"an IMEI is asked for in all three ways of writing it", byIdentifiers(t, imei), "", `imei=in=("490154203237518","49 015420 323751 8","49015420323751")`},
		{"a MEID cannot be asked for", byIdentifiers(t, meid), "", ""},
		{"kinds are mixed in one question", byIdentifiers(t, mac, serial),
			`hardware.serialNumber=="K7QX2M9PLD",hardware.macAddress=="F4:D4:88:6B:21:0A"`, `serialNumber=="K7QX2M9PLD",wifiMacAddress=="F4:D4:88:6B:21:0A"`},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			o := open(t, fake(fakejamf.Options{}))
			if _, err := o.find(t, test.clues); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(o.server.filters("computers-inventory"), " | "); got != test.computers {
				t.Errorf("computers were asked\n %s, want\n %s", got, test.computers)
			}
			if got := strings.Join(o.server.filters("mobile-devices"), " | "); got != test.mobile {
				t.Errorf("mobile devices were asked\n %s, want\n %s", got, test.mobile)
			}
			if test.computers+test.mobile == "" && len(o.server.asked("")) != 0 {
				t.Error("a token was fetched for nothing")
			}
		})
	}
}

func TestManyIdentifiersAreAskedInShortQuestions(t *testing.T) {
	o := open(t, fake(fakejamf.Options{}))
	var many []posture.Identifier
	for i := range 120 {
		many = append(many, must(t)(posture.HardwareUUID(fmt.Sprintf("6E1B7C52-93D4-5A0F-8C21-%012X", i))))
	}
	many = append(many, must(t)(posture.HardwareUUID("6E1B7C52-93D4-5A0F-8C21-4F7A9B03D6E8")))
	reports, err := o.find(t, byIdentifiers(t, many...))
	if err != nil || keys(reports) != "computer/87 computer/101" {
		t.Errorf("found %q, %v", keys(reports), err)
	}
	for _, r := range o.server.asked("computers-inventory") {
		if n := strings.Count(r.URL.Query().Get("filter"), `"`) / 2; n > maxValues || len(r.URL.String()) > 4000 {
			t.Errorf("%d values in %d characters", n, len(r.URL.String()))
		}
	}
	if n := len(o.server.asked("computers-inventory")); n != 3 {
		t.Errorf("%d questions, want 3", n)
	}
}

func TestNeverReturnsSomebodyElsesDevice(t *testing.T) {
	samsSerial := must(t)(posture.Serial("K7QX2M9PLD"))
	for _, test := range []struct {
		sentence string
		clues    posture.Clues
		want     string
	}{
		{"by email", byEmail(sam), "computer/101 mobile/31"},
		{"by an email with a star", byEmail("*@example.com"), ""},
		{"by an email that begins like another", byEmail("am.rivera@example.com"), ""},
		{"by a serial number, with the record from before it was enrolled anew", byIdentifiers(t, samsSerial), "computer/87 computer/101"},
		{"by both at once, each device once", posture.Clues{Email: sam, Identifiers: []posture.Identifier{samsSerial}}, "computer/87 computer/101 mobile/31"},
		{"with a whole inventory that belongs to nobody", byEmail("nothing@example.com"), ""},
	} {
		for name, server := range map[string]fakejamf.Options{"a server in order": {}, "a server that ignores filters": {IgnoreFilter: true}} {
			t.Run(test.sentence+", from "+name, func(t *testing.T) {
				o := open(t, fake(server), "page_size: 3")
				reports, err := o.find(t, test.clues)
				if err != nil || keys(reports) != test.want {
					t.Errorf("found %q, %v, want %q", keys(reports), err, test.want)
				}
				if server.IgnoreFilter && len(o.server.asked("inventory")) > 0 && !strings.Contains(o.log.String(), "level=WARN") {
					t.Error("nobody is told that the server answers what was not asked")
				}
			})
		}
	}
}

func TestOwnersAreWhomAnAdministratorEntered(t *testing.T) {
	for _, test := range []struct {
		sentence, email, username, want string
	}{
		{"the email", "Sam.Rivera@Example.com ", "srivera", sam},
		{"the username, if it is an email and there is none", "", sam, sam},
		{"a username that is no email, if there is none: somebody holds it", "", " eve ", "eve"},
		{"not a username next to another's email", "kim.lee@example.com", sam, "kim.lee@example.com"},
		{"not a username next to an email that is none: somebody else holds it", "kim.lee", sam, "kim.lee"},
		{"an email that is not plain, as it stands", " jürgen@example.com", "", "jürgen@example.com"},
		{"two emails in one field are neither of both", "sam.rivera@example.com, kim.lee@example.com", "", "sam.rivera@example.com, kim.lee@example.com"},
		{"nobody", " ", "\t", ""},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			if got := strings.Join(owners(test.email, test.username), " "); got != test.want {
				t.Errorf("owners %q, want %q", got, test.want)
			}
		})
	}
	t.Run("a device of somebody who has no email is found by its serial number, and is nobody's who asks", func(t *testing.T) {
		jamf := fakejamf.New(records([]string{`{"id":"1","hardware":{"serialNumber":"K7QX2M9PLD"},"userAndLocation":{"email":"","username":"eve"}}`},
			[]string{`{"mobileDeviceId":"2","hardware":{"serialNumber":"K7QX2M9PLD"},"userAndLocation":{"emailAddress":"jürgen@example.com"}}`}))
		reports, err := open(t, jamf).find(t, byIdentifiers(t, must(t)(posture.Serial("K7QX2M9PLD"))))
		if err != nil || keys(reports) != "computer/1 mobile/2" {
			t.Fatalf("found %q, %v", keys(reports), err)
		}
		for i, holder := range []string{"eve", "jürgen@example.com"} {
			if r := reports[i]; len(r.Owners) != 1 || r.Owners[0] != holder || r.OwnedBy(sam) || r.OwnedBy(holder) {
				t.Errorf("%s is held for %q", r.Key, r.Owners)
			}
		}
	})
	t.Run("a device is found by a username that is an email", func(t *testing.T) {
		jamf := fakejamf.New(records([]string{`{"id":"1","userAndLocation":{"email":null,"username":"sam.rivera@example.com"}}`},
			[]string{`{"mobileDeviceId":"2","userAndLocation":{"emailAddress":"","username":"sam.rivera@example.com"}}`}))
		if reports, err := open(t, jamf).find(t, byEmail(sam)); err != nil || keys(reports) != "computer/1 mobile/2" {
			t.Errorf("found %q, %v", keys(reports), err)
		}
	})
}

func TestOneBrokenRecordDoesNotCostTheOthers(t *testing.T) {
	good := `{"id":"1","userAndLocation":{"email":"sam.rivera@example.com"}}`
	for _, test := range []struct{ sentence, record string }{
		{"a number for a name", `{"id":"2","general":{"name":7}}`},
		{"a list for a section", `{"id":"2","general":[]}`},
		{"text for a yes or no", `{"id":"2","security":{"firewallEnabled":"sam.rivera@example.com"}}`},
		{"an application that is text", `{"id":"2","applications":["Slack"]}`},
		{"no id", `{"general":{}}`},
		{"no record", `null`},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			body := `{"totalCount":2,"results":[` + test.record + `,` + good + `]}`
			o := open(t, except(fake(fakejamf.Options{}), "computers-inventory", says(200, body)))
			reports, err := o.find(t, byEmail(sam))
			if !errors.Is(err, plugins.ErrGarbled) || !strings.Contains(err.Error(), "1 of 2 records") || keys(reports) != "computer/1 mobile/31" {
				t.Errorf("found %q, %v", keys(reports), err)
			}
		})
	}
	t.Run("a broken mobile device", func(t *testing.T) {
		body := `{"totalCount":2,"results":[{"mobileDeviceId":"9","general":{"managed":[]}},{"mobileDeviceId":"8","userAndLocation":{"emailAddress":"sam.rivera@example.com"}}]}`
		reports, err := open(t, except(fake(fakejamf.Options{}), "mobile-devices", says(200, body))).find(t, byEmail(sam))
		if !errors.Is(err, plugins.ErrGarbled) || keys(reports) != "computer/101 mobile/8" {
			t.Errorf("found %q, %v", keys(reports), err)
		}
	})
}
