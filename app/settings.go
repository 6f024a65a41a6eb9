package app

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"stethoscope/config"
	"stethoscope/posture"
	"stethoscope/views"
)

// Settings are the configuration file. What it does not mention keeps the value
// that defaults gives it.
type Settings struct {
	URL       string         `yaml:"url"`
	Listen    Listen         `yaml:"listen"`
	Login     Login          `yaml:"login"`
	Lookup    Lookup         `yaml:"lookup"`
	Site      Site           `yaml:"site"`
	Sources   []config.Block `yaml:"sources"`   // each decoded by its plugin
	Practices config.Block   `yaml:"practices"` // decoded by practices
	Texts     string         `yaml:"texts"`     // a folder of Markdown laid over the practices' own words

	file config.Block // the whole, for the order of problems
}

// Listen are the addresses that the service answers on.
type Listen struct {
	Pages string `yaml:"pages"`
}

// Login says who vouches for people.
type Login struct {
	Issuer       string        `yaml:"issuer"`
	ClientID     string        `yaml:"client_id"`
	ClientSecret config.Secret `yaml:"client_secret"`
	Domains      []string      `yaml:"domains"`
	Immediately  bool          `yaml:"immediately"`
}

// Lookup says how sources are asked.
type Lookup struct {
	Patience time.Duration `yaml:"patience"`
}

// Site is what an organisation calls the service, and whom to ask there.
type Site struct {
	Name         string  `yaml:"name"`
	Organisation string  `yaml:"organisation"`
	TimeZone     string  `yaml:"time_zone"`
	Contact      Contact `yaml:"contact"`
}

// Contact is how to reach the people who run the service.
type Contact struct {
	Email string `yaml:"email"`
	Chat  string `yaml:"chat"`
	Phone string `yaml:"phone"`
}

// common are the keys that every source has, whatever its plugin.
type common struct {
	Plugin         string `yaml:"plugin"`
	Name           string `yaml:"name"`
	Title          string `yaml:"title"`
	OwnerAuthority *bool  `yaml:"owner_authority"`
}

var commonKeys = []string{"plugin", "name", "title", "owner_authority"}

func defaults() Settings {
	return Settings{
		Listen: Listen{Pages: ":8080"},
		Lookup: Lookup{Patience: 4 * time.Second},
		Site:   Site{Name: "Stethoscope", TimeZone: "UTC"},
	}
}

// readSettings decodes and checks a file. It only looks: it opens no
// connection, and says everything that is wrong at once.
func readSettings(data []byte, resolver config.Resolver) (Settings, config.Problems) {
	s := defaults()
	block, err := config.Parse(data, resolver)
	if err != nil {
		return s, config.Gather("", err)
	}
	s.file = block
	problems := config.Gather("", block.Decode(&s))
	if u, wrong := address(s.URL, exampleURL); wrong == "" && pathless(u) {
		s.URL = origin(u).String()
	}
	return s, append(problems, s.check()...)
}

func (s Settings) check() config.Problems {
	var problems config.Problems
	wrong := func(place, text string) { problems = append(problems, config.Problem{Place: place, Text: text}) }
	if u, text := address(s.URL, exampleURL); text != "" {
		wrong("url", text)
	} else if !pathless(u) {
		wrong("url", "must be an origin alone, such as "+exampleURL)
	} else if u.Scheme == "http" && !loopback(s.Listen.Pages) {
		// Whoever is on the way could read the cookies.
		wrong("listen.pages", "must be this machine alone, such as 127.0.0.1:8080, while url is plain http")
	}
	if _, _, err := net.SplitHostPort(s.Listen.Pages); err != nil {
		wrong("listen.pages", "must be an address and a port, such as :8080")
	}
	if _, text := address(s.Login.Issuer, "https://accounts.example.com"); text != "" {
		wrong("login.issuer", text)
	}
	if s.Login.ClientID == "" {
		wrong("login.client_id", "is missing")
	}
	if s.Lookup.Patience < 100*time.Millisecond || s.Lookup.Patience > time.Minute {
		wrong("lookup.patience", "must be between 100ms and 1m")
	}
	if strings.TrimSpace(s.Site.Name) == "" {
		wrong("site.name", "must not be empty")
	}
	if _, err := time.LoadLocation(s.Site.TimeZone); err != nil || s.Site.TimeZone == "Local" {
		wrong("site.time_zone", "must be a name such as Europe/Berlin")
	}
	for i, domain := range s.Login.Domains {
		if !strings.Contains(domain, ".") || strings.ContainsAny(domain, "@*/ ") {
			wrong("login.domains["+itoa(i)+"]", "must be a domain such as example.com")
		}
	}
	if len(s.Sources) == 0 {
		wrong("sources", "name at least one system that knows devices")
	}
	return append(problems, s.Site.Contact.check()...)
}

// check says what nobody could reach anybody by. A chat may be the name of a
// channel or its address.
func (c Contact) check() config.Problems {
	var problems config.Problems
	wrong := func(key, text string) {
		problems = append(problems, config.Problem{Place: "site.contact." + key, Text: text})
	}
	if _, ok := posture.NormalEmail(c.Email); c.Email != "" && !ok {
		wrong("email", "must be an address such as security@example.com")
	}
	if u, err := url.Parse(c.Chat); strings.Contains(c.Chat, "://") && (err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil) {
		wrong("chat", "must be the name of a channel, or an https address")
	}
	if c.Phone != "" && !strings.ContainsAny(c.Phone, "0123456789") {
		wrong("phone", "must be a number such as +1 555 0100")
	}
	return problems
}

// warnings are what is allowed and may not be meant.
func (s Settings) warnings() []string {
	if len(s.Login.Domains) == 0 {
		return []string{"login.domains is empty: everybody whom the provider knows can sign in"}
	}
	return nil
}

const exampleURL = "https://posture.example.com"

// address reads an address that must be https, or plain http on this machine,
// and says what is wrong with it, with an example of a right one.
func address(text, example string) (u *url.URL, wrong string) {
	if text == "" {
		return nil, "is missing"
	}
	u, err := url.Parse(text)
	if err != nil || !plainHost(u.Hostname()) || u.User != nil || !goodPort(u.Port()) {
		return nil, "must be an address such as " + example
	}
	if u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#") {
		return nil, "must end before any ? or #"
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Host)) {
		return nil, "must be https"
	}
	return u, ""
}

// plainHost reports whether a host is one that requests can name: browsers
// write other letters than ASCII's as xn--….
func plainHost(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return r > '~' })
}

func pathless(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" }

func goodPort(port string) bool {
	n, err := strconv.Atoi(port)
	return port == "" || err == nil && n > 0 && n < 1<<16
}

// origin writes where an address leads as browsers do in what they send (RFC
// 6454, section 6): the service answers under this name alone.
func origin(u *url.URL) *url.URL {
	host := strings.ToLower(u.Hostname())
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
		host = "[" + ip.String() + "]"
	}
	if port, _ := strconv.Atoi(u.Port()); port != 0 && port != map[string]int{"https": 443, "http": 80}[u.Scheme] {
		host += ":" + strconv.Itoa(port)
	}
	return &url.URL{Scheme: u.Scheme, Host: host}
}

// loopback reports whether an address, with or without its port, is one that
// only this machine reaches.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.EqualFold(host, "localhost") || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

var sourceName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,40}$`)

func (s Site) view() views.Site {
	return views.Site{Name: s.Name, Organisation: s.Organisation, Contact: views.Contact(s.Contact)}
}
