package views

import (
	"strings"

	"stethoscope/posture"
	"stethoscope/static"
)

// Every drawing is hidden from screen readers: the word beside it carries the
// meaning. Those of the ratings differ in shape and not only in colour, and
// only Fix now is solid.
var (
	iconLaptop   = icon(static.Icon("laptop"))
	iconPhone    = icon(`<rect width="12" height="20" x="6" y="2" rx="2.5"/><path d="M12 18h.01"/>`)
	iconTablet   = icon(`<rect width="20" height="15" x="2" y="4.5" rx="2"/><path d="M18.2 12h.01"/>`)
	iconMonitor  = icon(static.Icon("monitor"))
	iconCheck    = icon(static.Icon("check"))
	iconMinus    = icon(static.Icon("circle-minus"))
	iconUp       = icon(static.Icon("circle-arrow-up"))
	iconChevron  = icon(static.Icon("chevron-right"))
	iconGo       = icon(static.Icon("arrow-right"))
	iconBack     = icon(static.Icon("arrow-left"))
	iconAgain    = icon(static.Icon("rotate-cw"))
	iconOut      = icon(static.Icon("external-link"))
	iconInfo     = icon(static.Icon("info"))
	iconLock     = icon(static.Icon("lock"))
	iconSource   = icon(static.Icon("server"))
	iconPrint    = icon(static.Icon("printer"))
	iconMail     = icon(static.Icon("mail"))
	iconChat     = icon(static.Icon("message-circle"))
	iconCall     = icon(static.Icon("phone"))
	iconSystem   = icon(static.Icon("sun-moon"))
	iconSun      = icon(static.Icon("sun"))
	iconMoon     = icon(static.Icon("moon"))
	iconLeave    = icon(static.Icon("log-out"))
	iconOctagon  = icon(`<path class="fill" d="M15.312 2a2 2 0 0 1 1.414.586l4.688 4.688A2 2 0 0 1 22 8.688v6.624a2 2 0 0 1-.586 1.414l-4.688 4.688a2 2 0 0 1-1.414.586H8.688a2 2 0 0 1-1.414-.586l-4.688-4.688A2 2 0 0 1 2 15.312V8.688a2 2 0 0 1 .586-1.414l4.688-4.688A2 2 0 0 1 8.688 2z"/><path class="hole" d="M12 7.6v4.6M12 16.2h.01"/>`)
	iconQuestion = icon(`<circle cx="12" cy="12" r="10" stroke-dasharray="3.6 2.7"/><path d="M9.4 9.3a2.75 2.75 0 0 1 5.3.9c0 1.8-2.7 2.6-2.7 2.6"/><path d="M12 16.6h.01"/>`)

	// mark is the product's own: a listening disc whose tube turns into a tick.
	mark = html(`<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8" class="mark"/><g fill="none" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"><circle cx="9" cy="11.2" r="3.4"/><path d="M9 14.8v2.1c0 4 2.2 6.6 5.2 6.6 4.6 0 5.6-7.6 10.3-14.3"/></g></svg>`)
)

func icon(paths string) html {
	return html(`<svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + paths + `</svg>`)
}

// A look is how a rating is drawn.
type look struct {
	class string
	icon  html
	glyph html // the icon in its colour
	word  html // the rating's word in its colour
	chip  html // the beginning of a chip, up to its words
}

// looks are all there are, by rating.
var looks = func() (looks [posture.Critical + 1]look) {
	for rating, drawn := range map[posture.Rating]look{
		posture.Critical:      {class: "is-fix", icon: iconOctagon},
		posture.Suggested:     {class: "is-sug", icon: iconUp},
		posture.Unknown:       {class: "is-unk", icon: iconQuestion},
		posture.Good:          {class: "is-done", icon: iconCheck},
		posture.NotApplicable: {class: "is-na", icon: iconMinus},
	} {
		drawn.glyph = `<span class="g ` + html(drawn.class) + `">` + drawn.icon + `</span>`
		drawn.word = `<span class="word">` + html(rating.Word()) + `</span>`
		drawn.chip = `<span class="chip ` + html(drawn.class) + `">` + drawn.icon
		looks[rating] = drawn
	}
	return looks
}()

// lookOf returns how a rating is drawn; a rating that nobody knows is Unknown.
func lookOf(r posture.Rating) *look {
	if int(r) >= len(looks) {
		r = posture.Unknown
	}
	return &looks[r]
}

// picture returns the drawing of a device: by its model where that tells, else
// by its platform.
func picture(p posture.Platform, model string) html {
	m := strings.ToLower(model)
	switch p {
	case posture.MacOS:
		if strings.Contains(m, "imac") || strings.Contains(m, "mini") || strings.Contains(m, "studio") || strings.HasPrefix(m, "mac pro") {
			return iconMonitor
		}
		return iconLaptop
	case posture.IOS:
		if strings.Contains(m, "ipad") {
			return iconTablet
		}
		return iconPhone
	case posture.Android:
		if strings.Contains(m, "tab") || strings.Contains(m, "pad") {
			return iconTablet
		}
		return iconPhone
	case posture.Windows, posture.ChromeOS, posture.Linux:
		return iconLaptop
	}
	return iconQuestion
}
