package posture_test

import (
	"slices"
	"testing"

	"stethoscope/posture"
)

func TestWhatNobodyJudgedIsNeverGood(t *testing.T) {
	var r posture.Rating
	if r != posture.Unknown || r.Word() != "Can’t tell" || r.Status() != "unknown" || (posture.Recommendation{}).Rating != posture.Unknown {
		t.Errorf("the zero rating is %q", r.Word())
	}
	if strange := posture.Rating(99); strange.Word() != "Can’t tell" || strange.Status() != "unknown" || strange.Rank() != posture.Unknown.Rank() {
		t.Errorf("a rating that is none is %q", strange.Word())
	}
}

func TestWhatMattersMostComesFirst(t *testing.T) {
	want := []posture.Rating{posture.Critical, posture.Suggested, posture.Unknown, posture.Good, posture.NotApplicable}
	if got := posture.Ratings(); !slices.Equal(got, want) {
		t.Errorf("the ratings are %v", got)
	}
	words := []string{"Fix now", "Suggested", "Can’t tell", "Done", "Doesn’t apply"}
	statuses := []string{"warn", "nudge", "unknown", "ok", "na"}
	for i, r := range want {
		if r.Rank() != i || r.Word() != words[i] || r.Status() != statuses[i] {
			t.Errorf("rating %d ranks %d: %q, %q", i, r.Rank(), r.Word(), r.Status())
		}
	}
}

func TestTheWorstOfACheckup(t *testing.T) {
	for _, test := range []struct {
		name    string
		ratings []posture.Rating
		want    posture.Rating
	}{
		{"nothing was judged", nil, posture.NotApplicable},
		{"all good", []posture.Rating{posture.Good, posture.NotApplicable}, posture.Good},
		{"one unknown is not done", []posture.Rating{posture.Good, posture.Unknown, posture.Good}, posture.Unknown},
		{"a suggestion before an unknown", []posture.Rating{posture.Unknown, posture.Suggested}, posture.Suggested},
		{"one to fix", []posture.Rating{posture.Good, posture.Suggested, posture.Critical, posture.Unknown}, posture.Critical},
	} {
		t.Run(test.name, func(t *testing.T) {
			var c posture.Checkup
			for _, r := range test.ratings {
				c.Recommendations = append(c.Recommendations, posture.Recommendation{Rating: r})
			}
			if got := c.Worst(); got != test.want {
				t.Errorf("it is %q", got.Word())
			}
			counted := 0
			for _, r := range posture.Ratings() {
				counted += c.Count(r)
			}
			if counted != len(test.ratings) {
				t.Errorf("%d of %d are counted", counted, len(test.ratings))
			}
		})
	}
}

func TestTheWordsForTroubles(t *testing.T) {
	for kind, want := range map[posture.TroubleKind]string{
		posture.Broken: "broken", posture.Slow: "slow", posture.Unreachable: "unreachable", posture.Refused: "refused", posture.Garbled: "garbled",
		posture.Excessive: "excessive", posture.Busy: "busy", 99: "broken",
	} {
		if kind.String() != want {
			t.Errorf("trouble %d is %q", kind, kind)
		}
	}
	if (posture.Trouble{}).Kind != posture.Broken {
		t.Error("the zero trouble is not broken")
	}
}
