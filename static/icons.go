package static

import (
	"embed"
	"strconv"
	"strings"
)

//go:embed vendor/lucide/*.svg
var drawings embed.FS

// Icon returns what stands inside the svg element of one of the vendored
// drawings: its paths, on a grid of 24, to be stroked in the current colour.
// It panics for a name that does not exist.
func Icon(name string) string {
	file, err := drawings.ReadFile("vendor/lucide/" + name + ".svg")
	if err != nil {
		panic("static: there is no icon " + strconv.Quote(name))
	}
	_, element, _ := strings.Cut(string(file), "<svg")
	_, inside, _ := strings.Cut(element, ">")
	inside, _, _ = strings.Cut(inside, "</svg>")
	var paths strings.Builder
	for line := range strings.Lines(inside) {
		paths.WriteString(strings.TrimSpace(line))
	}
	return strings.ReplaceAll(paths.String(), " />", "/>")
}
