package views

import (
	"strings"

	"stethoscope/posture"
)

// A sheet is what all cards of one page share.
type sheet struct {
	clock
	site     Site
	open     string // the anchor whose fold is open
	all      bool   // every fold is
	checked  string // the anchor that was just asked about again
	using    string // the ID of the device that this browser runs on; empty if we cannot tell
	troubles []posture.Trouble
	last     bool // nothing is at Fix now any more
	alone    bool // the page is about one device
	brief    bool // the page shows no more of a device than its name and its tally
}

// newSheet prepares what the cards of a page share. wanted is the anchor to
// open; if no recommendation has it and none is being asked about, the first
// Fix now is opened.
func newSheet(f Frame, checkups []posture.Checkup, troubles []posture.Trouble, visitor posture.Platform, wanted, checked string, all bool) *sheet {
	s := &sheet{clock: f.clock(), site: f.Site, all: all, checked: checked, troubles: troubles, last: true}
	s.using = inUse(s.clock, checkups, visitor)
	first, found := "", false
	for i := range checkups {
		id := ""
		for j := range checkups[i].Recommendations {
			r := &checkups[i].Recommendations[j]
			if r.Rating != posture.Critical && wanted == "" {
				continue
			}
			if r.Rating == posture.Critical {
				s.last = false
				if first != "" && wanted == "" {
					continue
				}
			}
			if id == "" {
				id = checkups[i].Device.ID()
			}
			if r.Rating == posture.Critical && first == "" {
				first = anchor(id, r.Key)
			}
			found = found || wanted != "" && anchor(id, r.Key) == wanted
		}
		found = found || wanted != "" && checkups[i].Device.HasID(wanted)
	}
	s.open = first
	if found {
		s.open = wanted
	}
	return s
}

// inUse returns the ID of the device that the browser runs on, if exactly one
// that was heard from lately fits. Safari on an iPad says that it is a Mac, so
// iPads fit there too.
func inUse(c clock, checkups []posture.Checkup, visitor posture.Platform) string {
	if visitor == posture.UnknownPlatform {
		return ""
	}
	var fits *posture.Device
	for i := range checkups {
		d := &checkups[i].Device
		if at, _ := d.LastSeen(); !c.isFresh(at) || !d.Recognised() {
			continue
		}
		p := d.Platform()
		if p == posture.IOS && visitor == posture.MacOS {
			if model, _ := posture.Model.In(*d); !strings.Contains(strings.ToLower(model.Value), "ipad") {
				continue
			}
		} else if p != visitor {
			continue
		}
		if fits != nil {
			return ""
		}
		fits = d
	}
	if fits == nil || fits.Platform() != visitor {
		return ""
	}
	return fits.ID()
}

// cards works out every device of a page, and what a device that we do not
// know may be.
func cards(s *sheet, checkups []posture.Checkup) []*card {
	all := make([]*card, 0, len(checkups))
	for i := range checkups {
		c := newCard(s, &checkups[i])
		if c.kind == unfamiliar {
			c.maybe = maybe(checkups, c.device.Platform())
		}
		all = append(all, c)
	}
	return all
}

// split parts the devices that somebody heard from in the last month from
// those that nobody did.
func split(all []*card) (current, lost []*card) {
	for _, c := range all {
		if c.isLost {
			lost = append(lost, c)
		} else {
			current = append(current, c)
		}
	}
	return current, lost
}

// opensLost reports whether the fold of devices not seen lately is open: when
// somebody wants one of them, or there are no others.
func opensLost(s *sheet, current, lost []*card) bool {
	if s.all || len(current) == 0 {
		return true
	}
	for _, c := range lost {
		if s.open != "" && (s.open == c.id || strings.HasPrefix(s.open, c.id+"-")) {
			return true
		}
	}
	return false
}
