package jamf

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"stethoscope/config"
)

// maxPageSize is the most records that Jamf puts on one page.
const maxPageSize = 2000

type settings struct {
	URL                 string         `yaml:"url"`
	ClientID            string         `yaml:"client_id"`
	ClientSecret        config.Secret  `yaml:"client_secret"`
	PageSize            int            `yaml:"page_size"`
	ExtensionAttributes attributeNames `yaml:"extension_attributes"`
}

// readSettings returns the settings, or all that is wrong with them as
// config.Problems.
func readSettings(block config.Block) (settings, error) {
	s := settings{PageSize: 100, ExtensionAttributes: defaultAttributeNames}
	problems := config.Gather(block.Place(), block.Decode(&s))
	problem := func(key, text string, args ...any) {
		p := block.Problem(key, text, args...)
		// Decode has said it already where it could not read the value.
		if !slices.ContainsFunc(problems, func(known config.Problem) bool { return known.Place == p.Place }) {
			problems = append(problems, p)
		}
	}
	s.URL = strings.TrimRight(strings.TrimSpace(s.URL), "/")
	if text := urlProblem(s.URL); text != "" {
		problem("url", "%s", text)
	}
	if strings.TrimSpace(s.ClientID) == "" {
		problem("client_id", "is missing: the client ID of an API client in Jamf Pro")
	}
	if s.ClientSecret.Empty() {
		problem("client_secret", "is missing: give it as env:NAME or file:/path")
	}
	if s.PageSize < 1 || s.PageSize > maxPageSize {
		problem("page_size", "must be between 1 and %d", maxPageSize)
	}
	for _, pair := range s.ExtensionAttributes.usedTwice() {
		problem("extension_attributes", "%s and %s name the same extension attribute", pair[0], pair[1])
	}
	return s, problems.Err()
}

// urlProblem says what is wrong with the server's address; empty if nothing
// is. It does not repeat the address, in which somebody may have put a
// password.
func urlProblem(text string) string {
	if text == "" {
		return "is missing: the address of your Jamf Pro server, such as https://acme.jamfcloud.com"
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return "must be an address such as https://acme.jamfcloud.com"
	}
	switch {
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		return "must be https: the client secret travels to it"
	case u.User != nil:
		return "must hold no user name or password: see client_id and client_secret"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "must end with the host or its path, without ? or #"
	case strings.HasSuffix(u.Path, "/api") || strings.Contains(u.Path, "/api/") || strings.Contains(u.Path, "/JSSResource"):
		return "must be the address of the server alone, without /api or /JSSResource"
	}
	return ""
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
