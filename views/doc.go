// Package views is what is seen: every page as a function from plain values to
// HTML. It takes posture's types and nothing that can fetch, so a page can be
// drawn from fixed data (stories) exactly as from the sources.
//
// pages.go lists the pages and what each needs; the .templ file of each page
// lies beside it (frame.templ is what surrounds them all, card.templ one
// device). words.go holds the sentences that count things, times.go those that
// tell time, trouble.go those about sources that failed. What comes from
// outside is made harmless in three places: names.go (text), links.go
// (addresses) and markdown.go (advice). icons.go draws.
//
// There is no script, no inline style and no address that data could choose,
// other than https and mailto; the pages work under a policy that forbids the
// rest.
//
// Not an API.
package views
