// Package posture holds the words that every room shares, and nothing else: it
// imports the standard library only and can fetch, judge and show nothing.
//
// The story in one paragraph. A [Person] has machines. Each [Source] sends a
// [Report] for every machine of theirs that it knows: the [Identifier] values
// that the machine goes by there, and [Claim] values, each the answer to a
// [Fact]. Reports that proved to be about one machine become a [Device];
// nothing is merged away, so a fact read from a device is an [Observation]
// that still knows who saw it and when. Practices turn a device into one
// [Recommendation] each, with a [Rating]; a device with all of its
// recommendations is a [Checkup]. A source that could not answer is a
// [Trouble]: data for the page, never an error of it.
//
// This package is an API for plugins and practices in other repositories.
package posture
