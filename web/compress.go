package web

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressed sends pages and stylesheets gzipped to browsers that take it. A
// page holds no secret that an attacker could guess from its length: there are
// no tokens in it, and what a request says is not repeated in it beside them.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(5), gzhttp.EnableZstd(false))
	if err != nil {
		panic(err) // the options are constants
	}
	return wrap(next)
}
