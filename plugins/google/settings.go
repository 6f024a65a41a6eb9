package google

import (
	"net"
	"net/url"
	"strings"

	"stethoscope/config"
	"stethoscope/posture"
)

// settings are the keys of the block in the configuration file.
type settings struct {
	Customer    string        `yaml:"customer"`
	ActAs       string        `yaml:"act_as"`
	Credentials config.Secret `yaml:"credentials"`
	URL         string        `yaml:"url"`
	// ChromeOSLocks: the API does not tell whether a Chromebook locks when it
	// sleeps; an administrator who enforces it can say so here.
	ChromeOSLocks bool `yaml:"chromeos_locks_on_sleep"`
}

// readSettings decodes the block and says everything that is wrong with it. No
// problem repeats anything of the key.
func readSettings(block config.Block) (settings, *serviceKey, error) {
	s := settings{Customer: "my_customer", URL: "https://admin.googleapis.com"}
	problems := config.Gather(block.Place(), block.Decode(&s))
	said := map[string]bool{}
	for _, p := range problems {
		said[p.Place] = true
	}
	problem := func(name, text string) {
		if p := block.Problem(name, "%s", text); !said[p.Place] {
			problems = append(problems, p)
		}
	}

	if !customerID(s.Customer) {
		problem("customer", "must be my_customer or the customer ID, such as C01ab2cd3")
	}
	if email, ok := posture.NormalEmail(s.ActAs); ok {
		s.ActAs = email
	} else {
		problem("act_as", "must be the email address of an administrator whose rights are used for reading")
	}
	if !safeAddress(s.URL) {
		problem("url", "must be an https address without a query (http is allowed on this machine only)")
	}
	s.URL = strings.TrimRight(s.URL, "/")
	var key *serviceKey
	if s.Credentials.Empty() {
		problem("credentials", "must be the JSON key of a service account, given as file:/path or env:NAME")
	} else {
		var wrong []string
		key, wrong = parseKey(s.Credentials)
		for _, text := range wrong {
			problem("credentials", text)
		}
	}
	return s, key, problems.Err()
}

// customerID reports whether the text can stand in an address as it is.
func customerID(text string) bool {
	return text != "" && len(text) <= 64 && strings.Trim(text, letters+digits+"_") == ""
}

// safeAddress reports whether credentials may be sent to the address.
func safeAddress(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return false
	}
	if u.Scheme == "http" {
		ip := net.ParseIP(u.Hostname())
		return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	}
	return u.Scheme == "https"
}
