package lookup

import (
	"cmp"
	"slices"
	"strings"

	"stethoscope/posture"
)

// Group sorts reports into devices: reports share a device when they share an
// identifier that names one machine. Which devices there are, and the order of
// the reports in each, depends on the set of reports and not on their order; the
// order of the devices does not matter to anybody here. It takes time near linear
// in the number of reports.
//
// Reports of sources with authority over ownership are joined first, so that
// nothing a machine says of itself can tie two of them together or apart:
//
//   - Serial, hardware UUID, UDID, IMEI and MEID join. One that is seen with two
//     different serial numbers (a cloned UDID) identifies neither.
//   - A MAC address joins only what nothing else tells apart: one seen with two
//     serials, UUIDs or UDIDs (a dock's) identifies neither.
//   - Where a chain of joins still ends in two serial numbers, its weakest links
//     go first: MAC addresses, then everything but the serial numbers.
//
// Every other report then adds its readings to the one device that it shares a
// strong identifier with and contradicts in none. If it contradicts, or fits
// two devices, its readings are left out and the device is marked as contested.
// What fits no device forms devices among its own kind.
func Group(reports []posture.Report) []posture.Device {
	var trusted, others []int32
	for i := range reports {
		if reports[i].Source.OwnerAuthority {
			trusted = append(trusted, int32(i))
		} else {
			others = append(others, int32(i))
		}
	}
	devices := join(reports, trusted)
	unplaced := attach(devices, reports, others)
	devices = append(devices, join(reports, unplaced)...)
	for i := range devices {
		settle(&devices[i])
	}
	return devices
}

// settle brings a device into the one form that its reports have in any order.
func settle(d *posture.Device) {
	slices.SortFunc(d.Reports, func(a, b posture.Report) int {
		return cmp.Or(b.SeenAt.Compare(a.SeenAt), byRecord(a, b))
	})
	slices.SortFunc(d.Contested, func(a, b posture.Source) int { return strings.Compare(a.Name, b.Name) })
	d.Contested = slices.Compact(d.Contested)
}

// byRecord orders reports by what tells any two of them apart.
func byRecord(a, b posture.Report) int {
	return cmp.Or(strings.Compare(a.Source.Name, b.Source.Name), strings.Compare(a.Key, b.Key))
}

// sortByName puts the devices into an order that depends on nothing but
// themselves: by their most trusted identifier, and where two devices bear the same (a
// cloned UUID) by their records.
func sortByName(devices []posture.Device) {
	type named struct {
		id     posture.Identifier
		device *posture.Device
	}
	names := make([]named, len(devices))
	for i := range devices {
		d := devices[i]
		names[i].device = &d
		for _, r := range d.Reports {
			for _, id := range r.Identifiers {
				if names[i].id.Kind() == 0 || id.Compare(names[i].id) < 0 {
					names[i].id = id
				}
			}
		}
	}
	slices.SortFunc(names, func(a, b named) int {
		return cmp.Or(a.id.Compare(b.id), byRecord(a.device.Reports[0], b.device.Reports[0]))
	})
	for i, n := range names {
		devices[i] = *n.device
	}
}

// A joining says which identifiers may tie two reports together.
type joining uint8

const (
	byAll joining = iota
	byStrong
	bySerial
)

func (j joining) takes(r *posture.Report, k posture.Kind) bool {
	switch j {
	case byAll:
		return true
	case byStrong:
		return k.Strong()
	}
	// What has no serial number was what tied two of them together.
	return k == posture.SerialKind || k.Strong() && !hasKind(r, posture.SerialKind)
}

// join is the union-find; a group that ends in two serial numbers is joined
// again by less.
func join(reports []posture.Report, all []int32) []posture.Device {
	if len(all) == 0 {
		return nil
	}
	devices := make([]posture.Device, 0, len(all)/2+1)
	placed := make([]posture.Report, 0, len(all)) // every device has a window of it
	var sortOut func(members []int32, by joining)
	sortOut = func(members []int32, by joining) {
		for _, group := range components(reports, members, by) {
			if by < bySerial && serials(reports, group) > 1 {
				sortOut(group, by+1)
				continue
			}
			start := len(placed)
			for _, at := range group {
				placed = append(placed, reports[at])
			}
			devices = append(devices, posture.Device{Reports: placed[start:len(placed):len(placed)]})
		}
	}
	sortOut(all, byAll)
	return devices
}

// components returns the members in groups that share an identifier.
func components(reports []posture.Report, members []int32, by joining) [][]int32 {
	number := make(map[posture.Identifier]int32, len(members)*2)
	bearers := make([]bearer, 0, len(members)*2)
	borne := make([]int32, 0, len(members)*3) // the numbers of each member's identifiers, in turn
	for i, at := range members {
		r := &reports[at]
		for _, id := range r.Identifiers {
			if !by.takes(r, id.Kind()) {
				continue
			}
			n, known := number[id]
			if !known {
				n = int32(len(bearers))
				number[id] = n
				bearers = append(bearers, bearer{first: int32(i)})
			}
			bearers[n].note(r, id.Kind())
			borne = append(borne, n)
		}
	}
	parent := make([]int32, len(members))
	for i := range parent {
		parent[i] = int32(i)
	}
	root := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, at := range members {
		r := &reports[at]
		for _, id := range r.Identifiers {
			if !by.takes(r, id.Kind()) {
				continue
			}
			if b := &bearers[borne[0]]; !b.ambiguous && int(b.first) != i {
				parent[root(int32(i))] = root(b.first)
			}
			borne = borne[1:]
		}
	}
	// The members of each group stand together in one array, in their order.
	size := make([]int32, len(members))
	count := 0
	for i := range members {
		top := root(int32(i))
		if size[top] == 0 {
			count++
		}
		size[top]++
	}
	groups := make([][]int32, 0, count)
	group := make([]int32, len(members)) // of a root, plus one
	together := make([]int32, len(members))
	used := int32(0)
	for i, at := range members {
		top := root(int32(i))
		if group[top] == 0 {
			groups = append(groups, together[used:used:used+size[top]])
			used += size[top]
			group[top] = int32(len(groups))
		}
		groups[group[top]-1] = append(groups[group[top]-1], at)
	}
	return groups
}

// A bearer remembers with what an identifier was seen, to notice when that is
// two machines.
type bearer struct {
	first              int32 // the first member that bears it
	ambiguous          bool
	serial, uuid, udid string
}

func (b *bearer) note(r *posture.Report, k posture.Kind) {
	for _, id := range r.Identifiers {
		switch id.Kind() {
		case posture.SerialKind:
			b.differs(&b.serial, id, k != posture.SerialKind)
		case posture.HardwareUUIDKind:
			b.differs(&b.uuid, id, k == posture.MACKind)
		case posture.UDIDKind:
			b.differs(&b.udid, id, k == posture.MACKind)
		}
	}
}

func (b *bearer) differs(have *string, id posture.Identifier, matters bool) {
	switch {
	case *have == "":
		*have = id.Value()
	case *have != id.Value() && matters:
		b.ambiguous = true
	}
}

// serials counts the different serial numbers in a group.
func serials(reports []posture.Report, group []int32) int {
	var first string
	for _, at := range group {
		for _, id := range reports[at].Identifiers {
			if id.Kind() == posture.SerialKind {
				if first != "" && first != id.Value() {
					return 2
				}
				first = id.Value()
			}
		}
	}
	if first == "" {
		return 0
	}
	return 1
}

// attach adds each report to the one device that it fits, and returns those
// that fit none.
func attach(devices []posture.Device, reports []posture.Report, others []int32) (unplaced []int32) {
	if len(others) == 0 {
		return nil
	}
	// The one device that bears each strong identifier. One that two devices bear
	// (a cloned UUID) leads to neither.
	const several = -1
	index := make(map[posture.Identifier]int32, len(devices)*2)
	for i := range devices {
		for j := range devices[i].Reports {
			for _, id := range devices[i].Reports[j].Identifiers {
				if !id.Kind().Strong() {
					continue
				}
				if have, known := index[id]; known && have != int32(i) {
					index[id] = several
				} else {
					index[id] = int32(i)
				}
			}
		}
	}
	joined := make([][]int32, len(devices)) // kept apart until all have come: the order does not matter
	for _, at := range others {
		r := &reports[at]
		var fits, contests []int32
		for _, id := range r.Identifiers {
			i, known := index[id]
			switch {
			case !known, i == several, slices.Contains(fits, i), slices.Contains(contests, i):
			case contradicts(r, devices[i]):
				contests = append(contests, i)
			default:
				fits = append(fits, i)
			}
		}
		if len(fits) == 1 && len(contests) == 0 {
			joined[fits[0]] = append(joined[fits[0]], at)
			continue
		}
		for _, i := range append(fits, contests...) {
			devices[i].Contested = append(devices[i].Contested, r.Source)
		}
		if len(fits)+len(contests) == 0 {
			unplaced = append(unplaced, at)
		}
	}
	for i, members := range joined {
		disputed := disputes(reports, members)
		for _, at := range members {
			r := &reports[at]
			if slices.ContainsFunc(disputed, func(k posture.Kind) bool { return hasKind(r, k) }) {
				devices[i].Contested = append(devices[i].Contested, r.Source)
			} else {
				devices[i].Reports = append(devices[i].Reports, *r)
			}
		}
	}
	return unplaced
}

// disputes returns the kinds in which reports that fit one device contradict
// each other. Where they give it two serial numbers that it did not have,
// nobody knows which of them is true.
func disputes(reports []posture.Report, members []int32) []posture.Kind {
	if len(members) < 2 {
		return nil
	}
	var disputed []posture.Kind
	for _, k := range telling {
		bearing, sharing, most := 0, map[posture.Identifier]int{}, 0
		for _, at := range members {
			if hasKind(&reports[at], k) {
				bearing++
			}
			for _, id := range reports[at].Identifiers {
				if id.Kind() == k {
					sharing[id]++
					most = max(most, sharing[id])
				}
			}
		}
		if most < bearing {
			disputed = append(disputed, k)
		}
	}
	return disputed
}

// telling are the kinds by which two machines are told apart. IMEIs do not: a
// phone has two.
var telling = [...]posture.Kind{posture.SerialKind, posture.HardwareUUIDKind, posture.UDIDKind}

// contradicts reports whether both sides give a name of a telling kind and have
// none in common.
func contradicts(r *posture.Report, d posture.Device) bool {
	for _, k := range telling {
		given, known, common := false, false, false
		for _, id := range r.Identifiers {
			given = given || id.Kind() == k
		}
		for i := range d.Reports {
			for _, id := range d.Reports[i].Identifiers {
				if id.Kind() == k {
					known = true
					common = common || slices.Contains(r.Identifiers, id)
				}
			}
		}
		if given && known && !common {
			return true
		}
	}
	return false
}

func hasKind(r *posture.Report, k posture.Kind) bool {
	return slices.ContainsFunc(r.Identifiers, func(id posture.Identifier) bool { return id.Kind() == k })
}
