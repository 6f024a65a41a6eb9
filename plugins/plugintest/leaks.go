package plugintest

import (
	"bytes"
	"encoding/base64"
	"log/slog"
	"math"
	"net/url"
	"strings"
	"sync"
	"unicode"
)

// secretForms are the ways in which a secret gets into a text: as it is, as in
// an address, as in a header, and in pieces. A key file is a JSON text around
// the key itself, so its long words count; its addresses are no secret.
func secretForms(secret string) []string {
	if secret == "" {
		return nil
	}
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))}
	words := strings.FieldsFunc(strings.ReplaceAll(secret, `\n`, "\n"), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"',;`, r) })
	for _, word := range words {
		if len(word) >= 40 && !strings.Contains(word, "://") && !strings.Contains(word, "@") {
			forms = append(forms, word)
		}
	}
	return forms
}

// emailForms are the ways in which the emails among owners get into a text. A
// source may name an owner by a text that is no email: only the words with an at
// sign count, since a username such as "eve" stands in half of all log lines.
func emailForms(owners []string) []string {
	var forms []string
	for _, owner := range owners {
		for _, word := range strings.FieldsFunc(owner, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'<>(),;`, r) }) {
			if strings.Contains(word, "@") {
				forms = append(forms, word, url.QueryEscape(word))
			}
		}
	}
	return forms
}

// A logbook keeps every line at every level, as text and as JSON: what one
// form hides the other may show.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func newLogbook() *logbook { return &logbook{} }

func (l *logbook) logger() *slog.Logger {
	all := &slog.HandlerOptions{Level: slog.Level(math.MinInt)}
	return slog.New(slog.NewMultiHandler(slog.NewTextHandler(l, all), slog.NewJSONHandler(l, all)))
}

func (l *logbook) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logbook) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSpace(l.text.String()), "\n")
}
