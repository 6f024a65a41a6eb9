package web

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressed sends pages and stylesheets gzipped to browsers that take it.
// Length tells of a page's content only to somebody who can have the page repeat
// their guesses. There are no tokens in a page, and of what a request says it
// repeats one address that safeReturn has bounded: one of our pages, and up to
// three short words of small letters.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(5), gzhttp.EnableZstd(false))
	if err != nil {
		panic(err) // the options are constants
	}
	return wrap(next)
}
