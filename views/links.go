package views

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"stethoscope/posture"
)

// furtherReading returns the address of a link that leads out, if it is one:
// only https, with a host and without a password in it.
func furtherReading(address string) (templ.SafeURL, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", false
	}
	return templ.SafeURL(u.String()), true
}

// settingsPane returns the address of a settings pane on the person's own
// device, if it is one: Apple's and Microsoft's schemes, nothing else.
func settingsPane(address string) (templ.SafeURL, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Opaque == "" || (u.Scheme != "x-apple.systempreferences" && u.Scheme != "ms-settings") {
		return "", false
	}
	return templ.SafeURL(u.String()), true
}

// mailTo returns the address of a mail to somebody, if there is one.
func mailTo(email string) (templ.SafeURL, bool) {
	address, ok := posture.NormalEmail(email)
	if !ok {
		return "", false
	}
	return templ.SafeURL("mailto:" + url.PathEscape(address)), true
}

// tellUs returns where people go who have something to say: a mail, or the
// page that names whom to ask.
func (s Site) tellUs() templ.SafeURL {
	if to, ok := mailTo(s.Contact.Email); ok {
		return to
	}
	return "/help#ask"
}

// tellUsAbout is tellUs with the device's name as the mail's subject, so that
// whoever reads it knows which one is meant.
func (s Site) tellUsAbout(device string) templ.SafeURL {
	to, ok := mailTo(s.Contact.Email)
	if !ok {
		return s.tellUs()
	}
	return to + "?subject=" + templ.SafeURL(subject(s.siteName()+": "+name(device)))
}

// subject returns a text as the value of a mailto header field (RFC 6068): all
// but the unreserved characters is encoded, so no text ends the field or begins
// another. Mail programs show a plus as a plus, so a blank must not become one.
func subject(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// own returns an address of ours, or the first page if it is not one.
func own(path string) templ.SafeURL {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.HasPrefix(path, `/\`) {
		return "/"
	}
	return templ.SafeURL(path)
}

// anchor returns the name of a recommendation's place in a page:
// "<device>-<practice>". What is no letter, digit, dash or underscore is left out.
func anchor(device, practice string) string {
	return device + "-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, practice)
}

// placeOf returns the address of a place on the devices page, with its fold open.
func placeOf(anchor string) templ.SafeURL {
	return templ.SafeURL("/devices?open=" + anchor + "#" + anchor)
}

// askAgain returns the address that asks the sources anew and says at that
// place what came of it.
func askAgain(anchor string) templ.SafeURL {
	return templ.SafeURL("/devices?checked=" + anchor + "&open=" + anchor + "#" + anchor)
}
