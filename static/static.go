// Package static holds the files that every page shares: the stylesheet and
// the icon of the browser's tab (assets.go serves them, named by their content
// so that browsers keep them for good), and the drawings that views put into
// the pages themselves (icons.go, vendor/lucide).
//
// Not an API.
package static
