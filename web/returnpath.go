package web

import (
	"net/url"
	"regexp"
	"strings"
)

// loginURL is where signing in starts that ends at back.
func loginURL(back string) string {
	if back == "/" {
		return "/login"
	}
	return "/login?return=" + url.QueryEscape(back)
}

// shape is that of a device's ID and of the values in the addresses of our pages.
var shape = regexp.MustCompile(`^[a-z0-9_-]{1,80}$`)

// safeReturn lets through only addresses of our own pages; anything else is "/".
// It is read as a browser reads it: backslashes are slashes, and tabs and line
// breaks vanish. Of the query only what our pages know is left, in the shape
// that it has there, so that nobody can have a page repeat what they like.
func safeReturn(path string) string {
	if len(path) > 512 || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return "/"
	}
	for i := range len(path) {
		if c := path[i]; c <= ' ' || c > '~' || c == '\\' {
			return "/"
		}
	}
	u, err := url.Parse(path)
	if err != nil || u.Host != "" || u.Scheme != "" || u.User != nil {
		return "/"
	}
	id, device := strings.CutPrefix(u.Path, "/devices/")
	if u.Path != "/" && u.Path != "/devices" && u.Path != "/help" && !(device && shape.MatchString(id)) {
		return "/"
	}
	known := url.Values{}
	for _, name := range []string{"open", "view", "checked"} {
		if value := u.Query().Get(name); shape.MatchString(value) {
			known.Set(name, value)
		}
	}
	return (&url.URL{Path: u.Path, RawQuery: known.Encode()}).String()
}
