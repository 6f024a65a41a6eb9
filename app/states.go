package app

import (
	"fmt"
	"html"
	"net/http"
	"strings"

	"stethoscope/views"
	"stethoscope/views/stories"
)

// states serves the storybook: every page in every state, from fixed data, for
// whoever works on the pages.
func states() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /demo/states/{$}", func(w http.ResponseWriter, _ *http.Request) {
		var b strings.Builder
		b.WriteString("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Every state</title><h1>Every state of every page</h1><ul>")
		for _, s := range stories.Stories() {
			fmt.Fprintf(&b, `<li><a href="/demo/states/%s">%s</a>: %s</li>`, html.EscapeString(s.Name), html.EscapeString(s.Name), html.EscapeString(s.About))
		}
		b.WriteString("</ul></html>")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(b.String())) // the browser went away
	})
	mux.HandleFunc("GET /demo/states/{name}", func(w http.ResponseWriter, r *http.Request) {
		story, ok := stories.Find(r.PathValue("name"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = views.Render(r.Context(), w, story.Component) // the browser went away
	})
	return mux
}
