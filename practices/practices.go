// Package practices judges: each practice is a pure function from a device to
// one recommendation, with its words beside it in texts/. Start at [Standard],
// our list, and [Open], which reads the configuration; the [Set] that it
// returns judges whole devices.
//
// A practice has no clock, network or disk: the same device at the same hour
// gets the same answer. It reads facts and their provenance, and says Unknown
// whenever nobody knows, the newest reading is too old, or the sources
// contradict each other (evidence.go).
//
// Most practices are about one fact that is so or is not: declare those as a
// [YesNo]. [Software] makes the practices about programs. Whatever else there is
// to judge implements [Practice], and [Worded] if its words stand in a file.
//
// This package is an API for practices in other repositories.
package practices

import (
	"io/fs"
	"time"

	"stethoscope/config"
	"stethoscope/posture"
)

// A Practice judges one thing.
type Practice interface {
	// Key is the practice's name in the configuration and the API: "encryption".
	Key() string
	// Judge returns what this practice says of the device at this time.
	Judge(d posture.Device, now time.Time) posture.Recommendation
}

// Worded is the ability of a practice whose words stand in Markdown files. Open
// calls ReadWords once, before the first Judge.
type Worded interface {
	Practice
	// ReadWords takes the words from the practice's own files, or from files of
	// the same name in over, an organisation's folder, which may be nil. What is
	// wrong with a file is in the returned config.Problems, with file and line.
	ReadWords(over fs.FS) error
}

// A Kind is a sort of practice, named in the configuration by its key:
//
//	practices: {encryption: {rating: suggested}}
//
// Open makes the practices from that block, which is empty if the file does not
// mention the kind or only turns it on. Nearly every kind makes one; "software"
// makes as many as its list has.
type Kind struct {
	Key  string
	Open func(settings config.Block) ([]Practice, error)
}
