package google

import (
	"strings"

	"stethoscope/posture"
)

// A list is one of the two device lists of the Directory API.
type list struct {
	what string // as errors name it
	path string // the last part of its address
	most int    // the most records of one page that Google allows
}

var (
	mobile   = &list{what: "mobile devices", path: "mobile", most: 100}
	chromeOS = &list{what: "ChromeOS devices", path: "chromeos", most: 300}
)

// A question is one search of one list.
type question struct {
	list  *list
	query string
}

// questionsFor returns the searches that the clues allow. A clue that Google
// cannot hold, or that would mean something else in its query language, is not
// asked for: an answer for somebody else is worse than none.
//
// ChromeOS devices can also be searched by MAC address. It is not done: Google
// itself warns that several devices may report the same one, so what is found
// that way would never be shown.
func questionsFor(clues posture.Clues) []question {
	var questions []question
	ask := func(l *list, field, value, suffix string) {
		if q, ok := clause(field, value); ok {
			questions = append(questions, question{l, q + suffix})
		}
	}
	if email, ok := posture.NormalEmail(clues.Email); ok {
		ask(mobile, "email", email, "")
		ask(chromeOS, "recent_user", email, "")
	}
	for _, serial := range clues.Of(posture.SerialKind) {
		ask(mobile, "serial", serial, "")
		ask(chromeOS, "id", serial, "")
	}
	for _, imei := range clues.Of(posture.IMEIKind) {
		// The house keeps 14 digits and Google has the 15th, the check digit:
		// the wildcard stands for that. ChromeOS searches parts by itself.
		ask(mobile, "imei", imei, "*")
		ask(chromeOS, "meid", imei, "")
	}
	return questions
}

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// clause writes one condition of Google's query language, field:value. Blanks
// would start another condition, quotes a phrase, * is a wildcard, a colon an
// operator, a semicolon a modifier and two dots a range: only characters that
// Google's account names and serial numbers are made of may stand in a value
// (developers.google.com/workspace/admin/directory/v1/list-query-operators,
// support.google.com/a/answer/9193374).
func clause(field, value string) (string, bool) {
	const allowed = letters + digits + "@._-+'/"
	if len(value) < 3 || len(value) > 254 || !strings.Contains(letters+digits, value[:1]) || strings.Contains(value, "..") {
		return "", false
	}
	for i := range len(value) {
		if strings.IndexByte(allowed, value[i]) < 0 {
			return "", false
		}
	}
	return field + ":" + value, true
}
