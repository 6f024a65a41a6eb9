package views

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

// markdown turns the practices' advice into markup. Raw HTML is left out by
// the first of two guards and would be cleaned by the second.
var (
	markdown = goldmark.New() // without html.WithUnsafe: raw HTML and odd links are dropped
	cleaner  = advicePolicy()
)

// advicePolicy is all that advice may hold: words, lists, and links to https
// and mail. No pictures, which would tell others who reads.
func advicePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "code", "kbd", "ul", "ol", "li")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "mailto")
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

// The advice is the same for everybody, so each text is turned into markup
// once. It comes from files that are read at start: a few hundred texts. The
// bounds are for the day when that is no longer so.
const (
	mostTexts   = 2048
	longestText = 16 << 10
)

var advised = struct {
	sync.RWMutex
	markup map[string]html
}{markup: map[string]html{}}

// advice returns Markdown as clean markup, with its paragraphs.
func advice(text string) html {
	advised.RLock()
	known, ok := advised.markup[text]
	advised.RUnlock()
	if ok {
		return known
	}
	if len(text) > longestText {
		text = strings.ToValidUTF8(text[:longestText], "")
		return clean(text)
	}
	markup := clean(text)
	advised.Lock()
	defer advised.Unlock()
	if len(advised.markup) >= mostTexts {
		clear(advised.markup)
	}
	advised.markup[text] = markup
	return markup
}

func clean(text string) html {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(text), &b); err != nil {
		return html("<p>" + cleaner.Sanitize(text) + "</p>") // cannot happen: a bytes.Buffer takes everything
	}
	return html(strings.TrimSpace(cleaner.Sanitize(b.String())))
}

// step returns one line of Markdown as clean markup, without the paragraph.
func step(text string) html {
	markup := advice(text)
	inside, ok := strings.CutPrefix(string(markup), "<p>")
	if !ok || strings.Count(inside, "<p>") > 0 {
		return markup
	}
	if inside, ok = strings.CutSuffix(inside, "</p>"); !ok {
		return markup
	}
	return html(inside)
}

// steps is a numbered list of what to do.
type steps []string

// Render writes the list.
func (s steps) Render(_ context.Context, w io.Writer) error {
	if _, err := io.WriteString(w, "<ol>"); err != nil {
		return err
	}
	for _, text := range s {
		for _, part := range [...]string{"<li>", string(step(text)), "</li>"} {
			if _, err := io.WriteString(w, part); err != nil {
				return err
			}
		}
	}
	_, err := io.WriteString(w, "</ol>")
	return err
}
