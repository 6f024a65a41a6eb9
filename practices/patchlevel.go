package practices

import (
	"strconv"
	"time"
)

// Android's security bulletins come once a month; the complete patch level of a
// month bears its fifth day (https://source.android.com/docs/security/bulletin).
const (
	patchDay   = 5
	patchGrace = 14 // days in which makers bring the month's patch to their phones
)

// A patchMonth counts months, so that the distance of two is their difference.
type patchMonth int

func monthOf(t time.Time) patchMonth { return patchMonth(t.Year()*12 + int(t.Month()) - 1) }

// expectedPatch returns the month whose patch a phone should have: the newest
// whose fifth day is at least the grace ago. On 22 November that is November, on
// 18 November still October. Either of a month's two levels counts as the
// month's, since which one a maker ships is not the owner's choice.
func expectedPatch(now time.Time) patchMonth {
	now = now.UTC()
	if now.Day() >= patchDay+patchGrace {
		return monthOf(now)
	}
	return monthOf(now) - 1
}

// name returns the month alone: "November".
func (m patchMonth) name() string { return time.Month(m%12 + 1).String() }

// inFull returns the month with its year: "November 2026".
func (m patchMonth) inFull() string { return m.name() + " " + strconv.Itoa(int(m/12)) }
