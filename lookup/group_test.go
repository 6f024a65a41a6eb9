package lookup

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"stethoscope/posture"
)

const (
	uuid1 = "564D1111-0000-4000-8000-AAAAAAAAAAA1"
	uuid2 = "564D2222-0000-4000-8000-AAAAAAAAAAA2"
	udid1 = "00008030-001A2B3C4D5E6F01"
)

func TestReportsAreOneDeviceWhenTheyShareAName(t *testing.T) {
	for _, c := range []struct {
		name    string
		reports []posture.Report
		want    string
	}{
		{"the same serial in two systems", []posture.Report{record(jamf, "serial=C02A"), record(google, "serial=c02a")},
			"google(serial=c02a) + jamf(serial=C02A)"},
		{"different serials", []posture.Report{record(jamf, "serial=C02A"), record(google, "serial=C02B")},
			"google(serial=C02B)\njamf(serial=C02A)"},
		{"one knows the serial and UUID, another only the UUID", []posture.Report{record(jamf, "serial=C02A uuid="+uuid1), record(google, "uuid="+uuid1)},
			"google(uuid=" + uuid1 + ") + jamf(serial=C02A uuid=" + uuid1 + ")"},
		{"an adapter's address, where nothing tells them apart", []posture.Report{record(jamf, "serial=C02A mac=00:17:F2:00:00:01"), record(google, "mac=0017f2000001")},
			"google(mac=0017f2000001) + jamf(serial=C02A mac=00:17:F2:00:00:01)"},
		{"a dock's address on two machines counts for neither", []posture.Report{record(jamf, "serial=C02A mac=00:17:F2:00:00:01"), record(jamf, "serial=C02B mac=00:17:F2:00:00:01"), record(google, "mac=00:17:F2:00:00:01")},
			"google(mac=00:17:F2:00:00:01)\njamf(serial=C02A mac=00:17:F2:00:00:01)\njamf(serial=C02B mac=00:17:F2:00:00:01)"},
		{"an address on two machines that only UUIDs tell apart", []posture.Report{record(jamf, "uuid="+uuid1+" mac=00:17:F2:00:00:01"), record(google, "uuid="+uuid2+" mac=00:17:F2:00:00:01")},
			"google(uuid=" + uuid2 + " mac=00:17:F2:00:00:01)\njamf(uuid=" + uuid1 + " mac=00:17:F2:00:00:01)"},
		{"a cloned UUID with two serials identifies neither", []posture.Report{record(jamf, "serial=C02A uuid="+uuid1), record(google, "serial=C02B uuid="+uuid1)},
			"google(serial=C02B uuid=" + uuid1 + ")\njamf(serial=C02A uuid=" + uuid1 + ")"},
		{"a cloned UUID does not cost a machine its other names", []posture.Report{record(jamf, "serial=C02A uuid="+uuid1+" mac=00:17:F2:00:00:01"), record(jamf, "serial=C02B uuid="+uuid1), record(google, "mac=00:17:F2:00:00:01")},
			"google(mac=00:17:F2:00:00:01) + jamf(serial=C02A uuid=" + uuid1 + " mac=00:17:F2:00:00:01)\njamf(serial=C02B uuid=" + uuid1 + ")"},
		{"a Mac enrolled twice", []posture.Report{record(jamf, "serial=C02A uuid="+uuid1), record(jamf, "serial=C02A uuid="+uuid1+" seen=-48h")},
			"jamf(serial=C02A uuid=" + uuid1 + " seen=-48h) + jamf(serial=C02A uuid=" + uuid1 + ")"},
		{"both ways of writing an IMEI", []posture.Report{record(jamf, "imei=49015420323751"), record(google, "imei=490154203237518")},
			"google(imei=490154203237518) + jamf(imei=49015420323751)"},
		{"two machines' own reports that call it differently are both left out", []posture.Report{record(jamf, "uuid="+uuid1), record(osquery, "serial=C02A uuid="+uuid1), record(osquery, "serial=C02C uuid="+uuid1)},
			"jamf(uuid=" + uuid1 + ") !osquery"},
		{"a report that fits one device and contradicts another is left out of both", []posture.Report{record(jamf, "serial=C02A"), record(jamf, "serial=C02B uuid="+uuid1), record(osquery, "serial=C02A uuid="+uuid1)},
			"jamf(serial=C02A) !osquery\njamf(serial=C02B uuid=" + uuid1 + ") !osquery"},
		{"a cloned UUID leads a machine's own report to neither", []posture.Report{record(jamf, "serial=C02A uuid="+uuid1), record(jamf, "serial=C02B uuid="+uuid1), record(osquery, "uuid="+uuid1)},
			"jamf(serial=C02A uuid=" + uuid1 + ")\njamf(serial=C02B uuid=" + uuid1 + ")\nosquery(uuid=" + uuid1 + ")"},
		{"nothing in common", []posture.Report{record(jamf, "name=one"), record(jamf, "name=two")}, "jamf(name=one)\njamf(name=two)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shape(Group(c.reports)); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestAChainThatEndsInTwoSerialsFallsApartAtItsWeakestLink(t *testing.T) {
	// A and B share a UUID, B and C an adapter: the original failed with an error
	// that nobody caught.
	got := shape(Group([]posture.Report{
		record(jamf, "serial=C02A uuid="+uuid1),
		record(google, "uuid="+uuid1+" mac=00:17:F2:00:00:01"),
		record(jamf, "serial=C02B mac=00:17:F2:00:00:01"),
	}))
	want := "google(uuid=" + uuid1 + " mac=00:17:F2:00:00:01) + jamf(serial=C02A uuid=" + uuid1 + ")\njamf(serial=C02B mac=00:17:F2:00:00:01)"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// Where strong names themselves tie two serials together, only serials count.
	got = shape(Group([]posture.Report{
		record(jamf, "serial=C02A uuid="+uuid1),
		record(google, "uuid="+uuid1+" udid="+udid1),
		record(jamf, "serial=C02B udid="+udid1),
	}))
	want = "google(uuid=" + uuid1 + " udid=" + udid1 + ")\njamf(serial=C02A uuid=" + uuid1 + ")\njamf(serial=C02B udid=" + udid1 + ")"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// anyReports draws records that overlap a lot, from few names.
func anyReports() *rapid.Generator[[]posture.Report] {
	return rapid.Custom(func(t *rapid.T) []posture.Report {
		var reports []posture.Report
		for i := range rapid.IntRange(0, 12).Draw(t, "count") {
			r := posture.Report{Source: rapid.SampledFrom([]posture.Source{jamf, google, osquery}).Draw(t, "source"), Key: fmt.Sprint(i), SeenAt: noon}
			for _, kind := range []struct {
				make   func(string) (posture.Identifier, bool)
				values []string
			}{
				{posture.Serial, []string{"C02A", "C02B", "C02C", ""}},
				{posture.HardwareUUID, []string{uuid1, uuid2, "", ""}},
				{posture.UDID, []string{udid1, "", "", ""}},
				{posture.MAC, []string{"00:17:F2:00:00:01", "00:17:F2:00:00:02", "", ""}},
			} {
				r.Identifiers = posture.AppendIdentifier(r.Identifiers, kind.make, rapid.SampledFrom(kind.values).Draw(t, "name"))
			}
			r.Owners = rapid.SampledFrom([][]string{{ada}, {eve}, nil}).Draw(t, "owners")
			reports = append(reports, r)
		}
		return reports
	})
}

func TestTheOrderOfTheReportsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reports := anyReports().Draw(t, "reports")
		want := shape(Group(reports))
		shuffled := rapid.Permutation(reports).Draw(t, "shuffled")
		if got := shape(Group(shuffled)); got != want {
			t.Fatalf("in another order:\n%s\nwas:\n%s", got, want)
		}
	})
}

func TestNoTwoDevicesHaveOneIDAndTheirOrderIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reports := anyReports().Draw(t, "reports")
		ids := func(devices []posture.Device) []string {
			sortByName(devices)
			var all []string
			for _, d := range devices {
				if slices.Contains(all, d.ID()) {
					t.Fatalf("two devices have the ID %s", d.ID())
				}
				all = append(all, d.ID())
			}
			for _, d := range devices { // and so do their reports
				for _, r := range d.Reports {
					all = append(all, r.Source.Name+r.Key)
				}
			}
			return all
		}
		want := ids(Group(reports))
		if got := ids(Group(rapid.Permutation(reports).Draw(t, "shuffled"))); !slices.Equal(got, want) {
			t.Fatalf("in another order the devices are %v, were %v", got, want)
		}
	})
}

func TestEveryTrustedReportIsInExactlyOneDeviceAndNoDeviceHasTwoSerials(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reports := anyReports().Draw(t, "reports")
		seen := map[string]int{}
		for _, d := range Group(reports) {
			serials := map[posture.Identifier]bool{}
			for _, r := range d.Reports {
				seen[r.Source.Name+r.Key]++
				for _, id := range r.Identifiers {
					if id.Kind() == posture.SerialKind {
						serials[id] = true
					}
				}
			}
			if len(serials) > 1 {
				t.Fatalf("a device has the serials %v", serials)
			}
		}
		for _, r := range reports {
			if n := seen[r.Source.Name+r.Key]; n > 1 || n == 0 && r.Source.OwnerAuthority {
				t.Fatalf("the record %s %s is in %d devices", r.Source.Name, r.Key, n)
			}
		}
	})
}

func TestWhatAMachineSaysOfItselfNeverChangesWhatTheTrustedSourcesTieTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reports := anyReports().Draw(t, "reports")
		trusted := slices.DeleteFunc(slices.Clone(reports), func(r posture.Report) bool { return !r.Source.OwnerAuthority })
		var without []posture.Device
		for _, d := range Group(reports) {
			d.Reports = slices.DeleteFunc(d.Reports, func(r posture.Report) bool { return !r.Source.OwnerAuthority })
			d.Contested = nil
			if len(d.Reports) > 0 {
				without = append(without, d)
			}
		}
		if got, want := shape(without), shape(Group(trusted)); got != want {
			t.Fatalf("with the machines' own reports:\n%s\nwithout:\n%s", got, want)
		}
	})
}

// fleet makes n records of n/3 machines, each known to three systems, shuffled.
func fleet(n int) []posture.Report {
	random := rand.New(rand.NewPCG(1, 2))
	var reports []posture.Report
	for i := range n {
		machine := i / 3
		source := []posture.Source{jamf, google, osquery}[i%3]
		line := []string{
			fmt.Sprintf("serial=C02%07d uuid=564D%04X-0000-4000-8000-%012X mac=00:17:F2:%02X:%02X:%02X", machine, machine%65536, machine+1, machine>>16&255, machine>>8&255, machine&255),
			fmt.Sprintf("serial=C02%07d", machine),
			fmt.Sprintf("uuid=564D%04X-0000-4000-8000-%012X serial=C02%07d", machine%65536, machine+1, machine),
		}[i%3]
		r := record(source, line+" encrypted=yes owner="+ada)
		r.Key = fmt.Sprint(i)
		reports = append(reports, r)
	}
	random.Shuffle(n, func(i, j int) { reports[i], reports[j] = reports[j], reports[i] })
	return reports
}

func BenchmarkGroup(b *testing.B) {
	for _, n := range []int{30, 1_000, 10_000, 100_000} {
		reports := fleet(n)
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if devices := Group(reports); len(devices) != (n+2)/3 {
					b.Fatalf("%d devices", len(devices))
				}
			}
		})
	}
}

// A chain of conflicts as long as the fleet must neither fail nor grow with the
// square.
func BenchmarkGroupOfAConflictChain(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		var reports []posture.Report
		for i := range n {
			serial := ""
			if i%10 == 0 {
				serial = fmt.Sprintf("serial=C02%07d ", i)
			}
			r := record(jamf, strings.TrimSpace(fmt.Sprintf("%smac=00:17:F2:%02X:%02X:%02X mac=00:17:F2:%02X:%02X:%02X", serial, i>>16&255, i>>8&255, i&255, (i+1)>>16&255, (i+1)>>8&255, (i+1)&255)))
			r.Key = fmt.Sprint(i)
			reports = append(reports, r)
		}
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			for b.Loop() {
				Group(reports)
			}
		})
	}
}

// Machines cloned from one image bear one UUID, and so do their own reports.
func BenchmarkGroupOfClones(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		var reports []posture.Report
		for i := range n {
			trusted, own := record(jamf, fmt.Sprintf("serial=C02%07d uuid=%s", i, uuid1)), record(osquery, "uuid="+uuid1)
			trusted.Key, own.Key = fmt.Sprint(i), fmt.Sprint(i)
			reports = append(reports, trusted, own)
		}
		b.Run(fmt.Sprintf("machines=%d", n), func(b *testing.B) {
			for b.Loop() {
				Group(reports)
			}
		})
	}
}
