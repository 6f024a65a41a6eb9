// Package stories draws every page in every state that it can be in, from
// fixed data: what is looked at while a page is made, what a test compares
// with the kept pictures of it (testdata), and what the demo shows under
// /demo/states. people.go holds the data, stories.go the list.
//
// The people and devices are made up. Not an API.
package stories
