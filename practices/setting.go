package practices

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"stethoscope/posture"
)

// The settings that every practice has, as types that say what is wrong with them.

// A ratingSetting is what a practice says when it fails. Zero: its own.
type ratingSetting posture.Rating

func (r *ratingSetting) UnmarshalText(text []byte) error {
	switch string(text) {
	case "critical":
		*r = ratingSetting(posture.Critical)
	case "suggested":
		*r = ratingSetting(posture.Suggested)
	default:
		return errors.New("must be critical or suggested")
	}
	return nil
}

func (r ratingSetting) or(own posture.Rating) posture.Rating {
	if r == 0 {
		return own
	}
	return posture.Rating(r)
}

// A platformSetting is a platform by its key.
type platformSetting posture.Platform

func (p *platformSetting) UnmarshalText(text []byte) error {
	var keys []string
	for _, known := range posture.Platforms() {
		if known.Key() == string(text) {
			*p = platformSetting(known)
			return nil
		}
		keys = append(keys, known.Key())
	}
	return errors.New("must be one of " + strings.Join(keys, ", "))
}

// A linkSetting is the address of further reading.
type linkSetting string

func (l *linkSetting) UnmarshalText(text []byte) error {
	u, err := url.Parse(string(text))
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return errors.New("must be an https address")
	}
	*l = linkSetting(text)
	return nil
}

// A versionSetting is a version, or the day of an Android security patch level.
type versionSetting struct {
	version posture.Version
	patch   time.Time
}

func (v *versionSetting) UnmarshalText(text []byte) error {
	if day, err := time.Parse(time.DateOnly, string(text)); err == nil {
		v.patch = day
		return nil
	}
	parsed, ok := posture.ParseVersion(string(text))
	if !ok || string(parsed) != string(text) {
		return errors.New(`must be a version such as "26.6.2"`)
	}
	v.version = parsed
	return nil
}

func (v versionSetting) set() bool { return v.version != "" || !v.patch.IsZero() }

// versionsByPlatform are required or recommended versions.
type versionsByPlatform map[platformSetting]versionSetting

func (v versionsByPlatform) on(p posture.Platform) versionSetting { return v[platformSetting(p)] }

// A platformSet holds platforms; the unknown platform is in every set, since a
// practice that might apply must not say that it does not.
type platformSet [posture.ChromeOS + 1]bool

func setOf(platforms []posture.Platform) platformSet {
	s := platformSet{posture.UnknownPlatform: true}
	for _, p := range platforms {
		s[p] = true
	}
	return s
}

func (s platformSet) or(given []platformSetting) platformSet {
	if given == nil {
		return s
	}
	s = platformSet{posture.UnknownPlatform: true}
	for _, p := range given {
		s[p] = true
	}
	return s
}

func (s platformSet) has(p posture.Platform) bool { return int(p) < len(s) && s[p] }

// computers are the platforms that people log in to with a keyboard and manage
// themselves.
var computers = []posture.Platform{posture.MacOS, posture.Windows, posture.Linux}
