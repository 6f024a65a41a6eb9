package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, method, target string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestAFileIsKeptForGoodUnderItsVersion(t *testing.T) {
	for name, contentType := range types {
		a := get(t, http.MethodGet, URL(name), nil)
		body, _ := io.ReadAll(a.Body)
		want, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if a.StatusCode != http.StatusOK || !bytes.Equal(body, want) {
			t.Errorf("%s: %s, %d bytes", name, a.Status, len(body))
		}
		for header, want := range map[string]string{
			"Content-Type": contentType, "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff", "Content-Encoding": "", "Vary": "Accept-Encoding",
		} {
			if got := a.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
	}
}

func TestWithoutOrWithAnOldVersionBrowsersAskAgain(t *testing.T) {
	for _, target := range []string{"/static/app.css", "/static/app.css?v=000000000000", "/static/app.css?v="} {
		if got := get(t, http.MethodGet, target, nil).Header.Get("Cache-Control"); got != "public, no-cache" {
			t.Errorf("%s: Cache-Control is %q", target, got)
		}
	}
}

func TestAFileIsCompressedForWhoAsks(t *testing.T) {
	for _, test := range []struct {
		accept string
		zipped bool
	}{{"gzip", true}, {"br, gzip;q=0.8", true}, {"GZIP", true}, {"", false}, {"br", false}, {"gzip;q=0", false}, {"gzip; q=0.0", false}, {"gzip;q=x", false}} {
		a := get(t, http.MethodGet, URL("app.css"), map[string]string{"Accept-Encoding": test.accept})
		if zipped := a.Header.Get("Content-Encoding") == "gzip"; zipped != test.zipped {
			t.Errorf("Accept-Encoding %q: compressed is %v", test.accept, zipped)
			continue
		}
		var body io.Reader = a.Body
		if test.zipped {
			z, err := gzip.NewReader(a.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		}
		got, err := io.ReadAll(body)
		want, _ := files.ReadFile("app.css")
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("Accept-Encoding %q: %d bytes, %v", test.accept, len(got), err)
		}
	}
}

func TestWhoHasAFileIsToldSo(t *testing.T) {
	for _, accept := range []string{"", "gzip"} {
		etag := get(t, http.MethodGet, URL("app.css"), map[string]string{"Accept-Encoding": accept}).Header.Get("ETag")
		for _, header := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
			a := get(t, http.MethodGet, URL("app.css"), map[string]string{"Accept-Encoding": accept, "If-None-Match": header})
			body, _ := io.ReadAll(a.Body)
			if a.StatusCode != http.StatusNotModified || len(body) > 0 {
				t.Errorf("If-None-Match %s: %s", header, a.Status)
			}
		}
		if a := get(t, http.MethodGet, URL("app.css"), map[string]string{"Accept-Encoding": accept, "If-None-Match": `"other"`}); a.StatusCode != http.StatusOK {
			t.Errorf("If-None-Match of another: %s", a.Status)
		}
	}
}

func TestOnlyWhatIsMeantToBeServedIs(t *testing.T) {
	for _, target := range []string{"/static/", "/static/nothing.css", "/static/../static.go", "/static/vendor/lucide/LICENSE", "/app.css"} {
		if a := get(t, http.MethodGet, target, nil); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", target, a.Status)
		}
	}
	if a := get(t, http.MethodPost, URL("app.css"), nil); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %s", a.Status)
	}
	if a := get(t, http.MethodHead, URL("app.css"), nil); a.StatusCode != http.StatusOK || a.Header.Get("Content-Length") == "" {
		t.Errorf("HEAD: %s", a.Status)
	}
}

func TestANameThatDoesNotExistIsOurMistake(t *testing.T) {
	for what, call := range map[string]func(){"URL": func() { URL("nothing.css") }, "Icon": func() { Icon("nothing") }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s did not panic", what)
				}
			}()
			call()
		}()
	}
}

func TestTheStylesheetIsSmallAndFetchesNothing(t *testing.T) {
	if size := len(assets["app.css"].zipped.bytes); size > 8<<10 {
		t.Errorf("compressed it has %d bytes, more than 8 KiB", size)
	}
	css := string(assets["app.css"].plain.bytes)
	for _, unwanted := range []string{"@import", "url(", "http:", "https:", "javascript:"} {
		if strings.Contains(css, unwanted) {
			t.Errorf("it holds %q", unwanted)
		}
	}
}

func TestEveryIconIsDrawnAndIsPlain(t *testing.T) {
	source, err := os.ReadFile("../views/icons.go")
	if err != nil {
		t.Fatal(err)
	}
	plain := regexp.MustCompile(`^(<(path|circle|rect|line)( [a-z0-9]+="[^"<>]*")+/>)+$`)
	icons, err := fs.Glob(drawings, "vendor/lucide/*.svg")
	if err != nil || len(icons) == 0 {
		t.Fatal(icons, err)
	}
	for _, path := range icons {
		name := strings.TrimSuffix(strings.TrimPrefix(path, "vendor/lucide/"), ".svg")
		if !bytes.Contains(source, []byte(`static.Icon("`+name+`")`)) {
			t.Errorf("%s is drawn nowhere", path)
		}
		if paths := Icon(name); !plain.MatchString(paths) {
			t.Errorf("%s is not only paths: %s", name, paths)
		}
	}
}
