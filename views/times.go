package views

import (
	"strconv"
	"time"
)

const day = 24 * time.Hour

// Until freshFor a reading is as good as now; after staleAfter it says nothing
// of today; after lostAfter its device is folded away under "Not seen lately".
const (
	freshFor   = day
	staleAfter = 7 * day
	lostAfter  = 30 * day
)

// A clock tells times as people say them, seen from one moment in one place.
type clock struct {
	now  time.Time
	zone *time.Location
}

func (f Frame) clock() clock {
	zone := f.Zone
	if zone == nil {
		zone = time.UTC
	}
	return clock{f.Now, zone}
}

// ago returns how long something is past: "just now", "12 minutes ago", "3
// hours ago", "2 days ago", then the day, with its year if it is not this one.
// A time up to a day ahead is somebody's clock that runs fast: "just now".
func (c clock) ago(at time.Time) string {
	if at.IsZero() {
		return "at an unknown time"
	}
	d := c.now.Sub(at)
	switch {
	case d < -day || d >= staleAfter:
		return c.date(at)
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return count(int(d/time.Minute), "minute") + " ago"
	case d < day:
		return count(int(d/time.Hour), "hour") + " ago"
	}
	return count(calendarDays(at, c.now), "day") + " ago"
}

// date returns the day: "12 November", "12 November 2025".
func (c clock) date(at time.Time) string {
	at = at.In(c.zone)
	text := strconv.Itoa(at.Day()) + " " + at.Month().String()
	if at.Year() != c.now.In(c.zone).Year() {
		text += " " + strconv.Itoa(at.Year())
	}
	return text
}

// exact returns the local time to the minute: "22 November 2026, 05:22 CET".
func (c clock) exact(at time.Time) string {
	if at.IsZero() {
		return "at an unknown time"
	}
	return at.In(c.zone).Format("2 January 2006, 15:04 MST")
}

// quiet returns how long nobody has heard from a device: "Not seen for 24 days".
func (c clock) quiet(at time.Time) string {
	if at.IsZero() {
		return "Not seen yet"
	}
	return "Not seen for " + count(calendarDays(at, c.now), "day")
}

// calendarDays counts midnights (UTC) between two times, as people count days
// and as the practices do.
func calendarDays(from, to time.Time) int {
	return int(to.UTC().Truncate(day).Sub(from.UTC().Truncate(day)) / day)
}

// isStale reports whether what was seen then says nothing of today.
func (c clock) isStale(at time.Time) bool { return at.IsZero() || c.now.Sub(at) > staleAfter }

// isLost reports whether nobody has heard from the device for so long that it
// is folded away.
func (c clock) isLost(at time.Time) bool { return !at.IsZero() && c.now.Sub(at) > lostAfter }

// isFresh reports whether what was seen then is as good as now.
func (c clock) isFresh(at time.Time) bool { return !at.IsZero() && c.now.Sub(at) <= freshFor }

// when returns the words as a time element, which programs can read too.
func (c clock) when(at time.Time) html { return timeElement(at, c.ago(at)) }

// whenExactly is when, with the exact local time for words.
func (c clock) whenExactly(at time.Time) html { return timeElement(at, c.exact(at)) }

func timeElement(at time.Time, words string) html {
	if at.IsZero() {
		return html(words)
	}
	b := make([]byte, 0, 72)
	b = append(b, `<time datetime="`...)
	b = at.UTC().AppendFormat(b, "2006-01-02T15:04Z")
	b = append(b, `">`...)
	b = append(b, words...)
	b = append(b, `</time>`...)
	return html(b)
}
