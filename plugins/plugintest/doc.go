// Package plugintest proves that a plugin keeps the contract of package
// plugins. Start at [Run]: a plugin's test describes itself as a [Suite] and
// gets every check, and so does a plugin in another repository.
//
// The checks are listed in checks.go. Each opens the plugin against the
// suite's vendor in memory (transport.go), with everything that the plugin
// asks, says and logs written down (session.go), and many let the vendor fail
// in one of the ways in faults.go. Every visit of every check is searched for
// secrets and people in what the plugin said.
//
// The checks of failures run in a bubble of testing/synctest, where waiting
// costs no time and "it still hangs" is a fact instead of a timeout. It follows
// that a source must leave no goroutine behind when Find has returned.
//
// This package is an API for plugins in other repositories.
package plugintest
