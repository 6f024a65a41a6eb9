package posture_test

import (
	"cmp"
	"testing"

	"pgregory.net/rapid"

	"stethoscope/posture"
)

func TestTheVersionInAVendorsText(t *testing.T) {
	for text, want := range map[string]posture.Version{
		"26.6.2": "26.6.2", "10.0.22631.4317": "10.0.22631.4317", "Android 8.1.0": "8.1.0", "iOS 11.3": "11.3", "macOS 26": "26", "Version 15.7.2 (24G325)": "15.7.2",
		"15.7.2 (a)": "15.7.2 (a)", "15.7.2(a)": "15.7.2 (a)", "15.7.2 (A)": "15.7.2", "16.4.1 (c) extra": "16.4.1 (c)", "v1.2.3-beta": "1.2.3", "1..2": "1", "1.": "1", ".5": "5",
		"142.0.7444.162": "142.0.7444.162", "007": "007", "１２": "", "": "", "none": "", "-1": "1",
	} {
		got, ok := posture.ParseVersion(text)
		if got != want || ok != (want != "") || posture.Version(text).Known() != ok {
			t.Errorf("%q is %q, %v", text, got, ok)
		}
	}
	if v, ok := posture.ParseVersion("1234567890123456789012345678901234567890123456789012345678901234567890"); ok {
		t.Errorf("a number of 70 digits is the version %q", v)
	}
}

func TestVersionsInOrder(t *testing.T) {
	for _, order := range [][]posture.Version{
		{"", "1", "1.0.1", "1.2", "1.10", "2", "10"},
		{"15.7", "15.7.2", "15.7.2 (a)", "15.7.2 (c)", "15.7.3", "15.10", "26.1"},
		{"10.0.19045.5011", "10.0.22631.4317", "10.0.22631.10000", "10.0.26100.1"},
		{"8.1.0", "Android 9", "10"},
		{"1", "99999999999999999999"},
	} {
		for i, v := range order {
			for j, w := range order {
				if got := cmp.Compare(v.Compare(w), 0); got != cmp.Compare(i, j) || v.Less(w) != (i < j) {
					t.Errorf("%q against %q is %d", v, w, got)
				}
			}
		}
	}
	for _, same := range [][2]posture.Version{{"1", "1.0"}, {"1.0.0", "1"}, {"01.2", "1.2"}, {"Android 8", "8"}, {"none", ""}, {"15.7.2(a)", "15.7.2 (a)"}, {"15.7 (build)", "15.7"}} {
		if same[0].Compare(same[1]) != 0 || same[1].Compare(same[0]) != 0 {
			t.Errorf("%q and %q are not equal", same[0], same[1])
		}
	}
}

func TestTheMajorVersion(t *testing.T) {
	for v, want := range map[posture.Version]int{"26.6.2": 26, "Android 8.1": 8, "": 0, "none": 0, "0.9": 0} {
		if got := v.Major(); got != want {
			t.Errorf("of %q it is %d", v, got)
		}
	}
}

func aVersion() *rapid.Generator[posture.Version] {
	return rapid.Custom(func(t *rapid.T) posture.Version {
		return posture.Version(rapid.StringMatching(`([a-zA-Z]{0,7} )?[0-9]{0,3}(\.[0-9]{1,2}){0,3}( ?\([a-z]\))?`).Draw(t, "version"))
	})
}

func TestVersionsAreATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := aVersion().Draw(t, "a"), aVersion().Draw(t, "b"), aVersion().Draw(t, "c")
		sign := func(v, w posture.Version) int { return cmp.Compare(v.Compare(w), 0) }
		if sign(a, a) != 0 {
			t.Errorf("%q is not equal to itself", a)
		}
		if sign(a, b) != -sign(b, a) {
			t.Errorf("%q and %q are in both orders", a, b)
		}
		if sign(a, b) <= 0 && sign(b, c) <= 0 && sign(a, c) > 0 {
			t.Errorf("%q ≤ %q ≤ %q, and yet the first is the greatest", a, b, c)
		}
		if sign(a, b) == 0 && sign(a, c) != sign(b, c) {
			t.Errorf("%q and %q are equal and differ against %q", a, b, c)
		}
	})
}

func FuzzVersions(f *testing.F) {
	f.Add("26.6.2", "15.7.2 (a)")
	f.Add("Android 8.1.0", "")
	f.Add("99999999999999999999999.1", "1 (")
	f.Add("1.(a)", "\xff1")
	f.Fuzz(func(t *testing.T, text, other string) {
		v, ok := posture.ParseVersion(text)
		if again, okAgain := posture.ParseVersion(string(v)); again != v || okAgain != ok {
			t.Errorf("%q is %q, which is %q, %v", text, v, again, okAgain)
		}
		if ok && posture.Version(text).Compare(v) != 0 {
			t.Errorf("%q does not equal its version %q", text, v)
		}
		if a, b := posture.Version(text), posture.Version(other); cmp.Compare(a.Compare(b), 0) != -cmp.Compare(b.Compare(a), 0) {
			t.Errorf("%q and %q are in both orders", a, b)
		}
		_ = v.Major()
	})
}
