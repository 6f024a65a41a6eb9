package views

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// biggestKept is the largest buffer that is used again; one monstrous page must
// not hold its memory for ever.
const biggestKept = 1 << 20

// Render writes a component in one piece: w sees the whole page, or nothing if
// drawing it failed.
func Render(ctx context.Context, w io.Writer, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= biggestKept {
			buffers.Put(b)
		}
	}()
	if err := c.Render(ctx, b); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// html is markup of our own making: icons, and advice after it was cleaned.
// Nothing else may be turned into it.
type html string

// between returns the markup with a few words of ours around it: templ leaves
// out the blanks beside a component.
func (h html) between(before, after string) html {
	return html(templ.EscapeString(before)) + h + html(templ.EscapeString(after))
}

// isolated returns a text from outside as markup, so that its direction of
// writing does not reach the words around it.
func isolated(text string) html { return html("<bdi>" + templ.EscapeString(text) + "</bdi>") }

// Render writes the markup as it is.
func (h html) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(h))
	return err
}
