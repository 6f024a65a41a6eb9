package app

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"stethoscope/config"
	"stethoscope/practices"
)

// settingsWith reads a right configuration with lines laid over it.
func settingsWith(lines string) (Settings, config.Problems) {
	text := "sources: [{plugin: jamf}]\n" + lines
	for key, line := range map[string]string{
		"url":    "url: https://p.example.com",
		"login":  "login: {issuer: https://i.example.com, client_id: x, client_secret: env:X}",
		"listen": `listen: {pages: "127.0.0.1:8080"}`,
	} {
		if !strings.Contains("\n"+text, "\n"+key+":") {
			text += "\n" + line
		}
	}
	return readSettings([]byte(text), config.Resolver{Env: func(string) (string, bool) { return "x", true }})
}

func TestTheAddressIsWrittenAsBrowsersSendIt(t *testing.T) {
	for written, want := range map[string]string{
		"https://posture.example.com":            "https://posture.example.com",
		"https://posture.example.com/":           "https://posture.example.com",
		"https://Posture.Example.com":            "https://posture.example.com",
		"HTTPS://POSTURE.EXAMPLE.COM//":          "https://posture.example.com",
		"https://posture.example.com:443":        "https://posture.example.com",
		"https://posture.example.com:0443/":      "https://posture.example.com",
		"https://posture.example.com:":           "https://posture.example.com",
		"https://posture.example.com:80":         "https://posture.example.com:80",
		"https://posture.example.com:8443":       "https://posture.example.com:8443",
		"https://[2001:DB8:0:0::1]:443":          "https://[2001:db8::1]",
		"http://localhost:80":                    "http://localhost",
		"http://LOCALHOST:8080":                  "http://localhost:8080",
		"http://127.0.0.1:443":                   "http://127.0.0.1:443",
		"http://[::1]:8080/":                     "http://[::1]:8080",
		"https://xn--psture-wxa.example.com:443": "https://xn--psture-wxa.example.com",
	} {
		s, problems := settingsWith("url: '" + written + "'")
		if len(problems) > 0 || s.URL != want {
			t.Errorf("%s is read as %s, want %s; problems: %v", written, s.URL, want, problems)
		}
	}
}

func TestAnAddressThatNobodyCanReachIsAProblem(t *testing.T) {
	const noAddress, noIssuer, notAlone, noEnd, noHTTPS = "must be an address such as https://posture.example.com", "must be an address such as https://accounts.example.com", "must be an origin alone, such as https://posture.example.com", "must end before any ? or #", "must be https"
	for written, want := range map[string]string{
		"":                                    "is missing",
		"https://:443":                        noAddress,
		"https:///":                           noAddress,
		"https://":                            noAddress,
		"posture.example.com":                 noAddress,
		"https:posture.example.com":           noAddress,
		"https://ada@posture.example.com":     noAddress,
		"https://ada:pw@posture.example.com":  noAddress,
		"https://posture.example.com:0":       noAddress,
		"https://posture.example.com:65536":   noAddress,
		"https://posture.example.com:x":       noAddress,
		"https://pösture.example.com":         noAddress,
		"https://p%C3%B6sture.example.com":    noAddress,
		"https://posture.example.com/#":       noEnd,
		"https://posture.example.com/#x":      noEnd,
		"https://posture.example.com?":        noEnd,
		"https://posture.example.com/?x=1":    noEnd,
		"https://posture.example.com/devices": notAlone,
		"http://posture.example.com":          noHTTPS,
		"http://localhost.example.com":        noHTTPS,
		"ftp://localhost":                     noHTTPS,
	} {
		if _, problems := settingsWith("url: '" + written + "'"); problems.Error() != "url: "+want {
			t.Errorf("url %s: got %q, want %q", written, problems.Error(), want)
		}
		if want == notAlone { // a provider may stand anywhere on its host
			continue
		}
		if want == noAddress {
			want = noIssuer
		}
		if _, problems := settingsWith("login: {client_id: x, client_secret: env:X, issuer: '" + written + "'}"); problems.Error() != "login.issuer: "+want {
			t.Errorf("login.issuer %s: %v", written, problems)
		}
	}
}

func TestTheProvidersAddressIsKeptAsItIs(t *testing.T) {
	const issuer = "https://Accounts.Example.com:443/tenant/v2.0/"
	if s, problems := settingsWith("login: {client_id: x, client_secret: env:X, issuer: '" + issuer + "'}"); len(problems) > 0 || s.Login.Issuer != issuer {
		t.Errorf("it is read as %s; problems: %v", s.Login.Issuer, problems)
	}
}

func TestAbuse93_PlainHTTPIsForThisMachineAlone(t *testing.T) {
	const want = "listen.pages: must be this machine alone, such as 127.0.0.1:8080, while url is plain http"
	for pages, refused := range map[string]bool{
		":8080": true, "0.0.0.0:8080": true, "[::]:8080": true, "192.0.2.1:8080": true, "posture.example.com:8080": true, "localhost.example.com:8080": true,
		"127.0.0.1:8080": false, "localhost:8080": false, "[::1]:8080": false, "127.9.9.9:0": false,
	} {
		_, problems := settingsWith("url: http://localhost:8080\nlisten: {pages: '" + pages + "'}")
		if refused != (problems.Error() == want) || !refused && len(problems) > 0 {
			t.Errorf("%s: %v", pages, problems)
		}
		if _, problems := settingsWith("listen: {pages: '" + pages + "'}"); len(problems) > 0 {
			t.Errorf("%s behind https: %v", pages, problems)
		}
	}
	if code, _, problems := run(t, "serve", "--config", file(t, "url: http://localhost:8080")); code != 2 || !strings.Contains(problems, want) {
		t.Errorf("without listen.pages, serve exits with %d and says %s", code, problems)
	}
}

func TestAContactThatNobodyCouldUseIsAProblem(t *testing.T) {
	for contact, want := range map[string]string{
		`email: security@example.com, chat: "#ask-security", phone: +1 555 0100`: "",
		`chat: https://chat.example.com/security`:                                "",
		`chat: Security on the third floor`:                                      "",
		`phone: 0800 SECURE`:                                                     "",
		`email: security`:                                                        "site.contact.email: must be an address such as security@example.com",
		`email: "the team"`:                                                      "site.contact.email: must be an address such as security@example.com",
		`chat: "http://chat.example.com/security"`:                               "site.contact.chat: must be the name of a channel, or an https address",
		`chat: "javascript://chat.example.com/%0a"`:                              "site.contact.chat: must be the name of a channel, or an https address",
		`chat: "https://"`:                                                       "site.contact.chat: must be the name of a channel, or an https address",
		`phone: ask at the desk`:                                                 "site.contact.phone: must be a number such as +1 555 0100",
	} {
		if _, problems := settingsWith("site: {contact: {" + contact + "}}"); problems.Error() != want {
			t.Errorf("%s: got %q, want %q", contact, problems.Error(), want)
		}
	}
}

func TestALoginWithoutDomainsIsWarnedOfAndRuns(t *testing.T) {
	t.Setenv("X", "x")
	const text = `
url: http://127.0.0.1:8080
login: {issuer: https://i.example.com, client_id: x, client_secret: env:X, domains: %}
listen: {pages: "127.0.0.1:0"}
sources: [{plugin: jamf, url: https://a.example.com, client_id: x, client_secret: env:X}]
`
	const warning = "login.domains is empty: everybody whom the provider knows can sign in"
	for domains, want := range map[string]bool{"[]": true, "[example.com]": false} {
		path := file(t, strings.Replace(text, "%", domains, 1))
		code, out, problems := run(t, "check", "--offline", "--config", path)
		if code != 0 || out != "configuration: ok\n" || want != (problems == "warning: "+warning+"\n") || !want && problems != "" {
			t.Errorf("%s: check exits with %d, says %q, %q", domains, code, out, problems)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		var log bytes.Buffer
		code = Run(ctx, ours, []string{"serve", "--config", path}, io.Discard, &log)
		cancel()
		if code != 0 || want != strings.Contains(log.String(), `"level":"WARN","msg":"`+warning+`"`) {
			t.Errorf("%s: serve exits with %d, logs %s", domains, code, &log)
		}
	}
}

func TestYesAndNoMeanTheSameEverywhere(t *testing.T) {
	s, problems := settingsWith("login: {issuer: https://i.example.com, client_id: x, client_secret: env:X, immediately: yes}\npractices: {firewall: no, encryption: on}")
	if len(problems) > 0 || !s.Login.Immediately {
		t.Errorf("immediately is %v; problems: %v", s.Login.Immediately, problems)
	}
	set, err := practices.Open(practices.Standard(), s.Practices, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, about := range set.Practices() {
		if about.Key == "firewall" {
			t.Error("no leaves the firewall on")
		}
	}
}

func TestPatienceHasBounds(t *testing.T) {
	for patience, fine := range map[string]bool{"0s": false, "-4s": false, "99ms": false, "100ms": true, "4s": true, "1m": true, "61s": false} {
		_, problems := settingsWith("lookup: {patience: " + patience + "}")
		if got := problems.Error() == "lookup.patience: must be between 100ms and 1m"; got == fine || fine && len(problems) > 0 {
			t.Errorf("%s: %v", patience, problems)
		}
	}
}
