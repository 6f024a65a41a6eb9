package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

//go:embed app.css favicon.svg
var files embed.FS

// types are the files that are served, each with its media type.
var types = map[string]string{
	"app.css":     "text/css; charset=utf-8",
	"favicon.svg": "image/svg+xml",
}

// An asset is one file, ready to be sent plain or compressed.
type asset struct {
	contentType   string
	version       string // the first part of its content's hash
	plain, zipped body
}

type body struct {
	bytes []byte
	etag  string // its own for each encoding, RFC 9110 §8.8.3.3
}

var assets = load()

func load() map[string]*asset {
	loaded := make(map[string]*asset, len(types))
	for name, contentType := range types {
		content, err := files.ReadFile(name)
		if err != nil {
			panic("static: " + err.Error()) // embedded above: cannot be missing
		}
		var zipped bytes.Buffer
		w, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // fails for unknown levels only
		_, _ = w.Write(content)                                    // a bytes.Buffer takes everything
		_ = w.Close()
		sum := sha256.Sum256(content)
		hash := hex.EncodeToString(sum[:16])
		loaded[name] = &asset{
			contentType: contentType,
			version:     hash[:12],
			plain:       body{content, `"` + hash + `"`},
			zipped:      body{zipped.Bytes(), `"` + hash + `-gzip"`},
		}
	}
	return loaded
}

// URL returns the address of a file, which changes with its content. It panics
// for a name that does not exist: a page with a dead link is our mistake.
func URL(name string) string {
	a, ok := assets[name]
	if !ok {
		panic("static: there is no file " + strconv.Quote(name))
	}
	return "/static/" + name + "?v=" + a.version
}

// Handler serves the files under /static/. An answer to an address of [URL] may
// be kept for a year; without the version, or with an old one, browsers ask
// again. It compresses by itself, once: nothing in front of it need do so.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	a, ok := assets[strings.TrimPrefix(r.URL.Path, "/static/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	answer := a.plain
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		answer = a.zipped
	}
	h.Add("Vary", "Accept-Encoding")
	h.Set("ETag", answer.etag)
	h.Set("X-Content-Type-Options", "nosniff")
	if r.URL.Query().Get("v") == a.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "public, no-cache")
	}
	if matches(r.Header.Get("If-None-Match"), answer.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if answer.etag == a.zipped.etag {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", a.contentType)
	h.Set("Content-Length", strconv.Itoa(len(answer.bytes)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(answer.bytes) // an error means that the browser left
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110 §12.5.3) as far as we need it:
// gzip is named and not with a weight of zero.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		_, q, weighed := strings.Cut(weight, "=")
		n, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !weighed || err == nil && n > 0
	}
	return false
}

// matches reads If-None-Match (RFC 9110 §13.1.2). The comparison is weak:
// proxies mark tags as weak when they touch a body.
func matches(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == etag {
			return true
		}
	}
	return false
}
