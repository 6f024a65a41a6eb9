package config

import (
	"errors"
	"strings"
)

// A Problem is one thing that is wrong, with its place in the file:
// "sources[2].url: must be https".
type Problem struct{ Place, Text string }

func (p Problem) String() string {
	if p.Place == "" {
		return p.Text
	}
	return p.Place + ": " + p.Text
}

// Problems are all things that are wrong, in the order of the file. As an error
// it prints one a line.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err returns the problems as an error, nil if there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Gather collects what is wrong from several errors: the problems in them one
// by one, and any other error as a problem at place.
func Gather(place string, errs ...error) Problems {
	var all Problems
	for _, err := range errs {
		var ps Problems
		switch {
		case err == nil:
		case errors.As(err, &ps):
			all = append(all, ps...)
		default:
			all = append(all, Problem{place, err.Error()})
		}
	}
	return all
}
