package lookup

import (
	"context"
	"slices"

	"stethoscope/posture"
)

// A visit is one person's questions to all sources. One goroutine owns it; the
// questions run in goroutines of their own and hand their replies back.
type visit struct {
	desk    *Desk
	email   string
	askings []asking
	replies chan reply
	known   map[posture.Identifier]bool
}

// An asking is what one source was asked and said during a visit.
type asking struct {
	source  *desk
	busy    bool
	pending posture.Clues // what it has not been asked yet
	reports []posture.Report
	trouble *posture.Trouble
}

type reply struct {
	from    int
	reports []posture.Report
	trouble *posture.Trouble
}

func newVisit(d *Desk, email string) *visit {
	v := &visit{desk: d, email: email, replies: make(chan reply, len(d.sources)), known: map[posture.Identifier]bool{}}
	for _, s := range d.sources {
		v.askings = append(v.askings, asking{source: s, pending: posture.Clues{Email: email}})
	}
	return v
}

// run asks until nobody has a new clue. A clue goes to every source that is
// free, at once: one that hangs delays nobody's next question. A source in
// trouble is not asked again.
func (v *visit) run(ctx context.Context) {
	for {
		waiting := 0
		for i := range v.askings {
			a := &v.askings[i]
			if !a.busy && a.trouble == nil && ctx.Err() == nil && (a.pending.Email != "" || len(a.pending.Identifiers) > 0) {
				clues := a.pending
				a.pending, a.busy = posture.Clues{}, true
				go func() { v.replies <- a.source.ask(ctx, clues, i, v.desk.options) }()
			}
			if a.busy {
				waiting++
			}
		}
		if waiting == 0 {
			break
		}
		v.take(<-v.replies) // ask returns by itself soon after ctx ends
	}
	for i := range v.askings {
		// Time was up before it could be asked for what it or another found last: a
		// newer record that says whose a machine is now may be missing.
		if a := &v.askings[i]; a.trouble == nil && len(a.pending.Identifiers) > 0 {
			a.trouble = &posture.Trouble{Kind: posture.Slow, Err: errUnasked}
		}
	}
}

func (v *visit) take(r reply) {
	a := &v.askings[r.from]
	a.busy, a.trouble = false, r.trouble
	for _, report := range r.reports {
		at := slices.IndexFunc(a.reports, func(have posture.Report) bool { return have.Key == report.Key })
		if at >= 0 {
			a.reports[at] = report // the same record, found by another clue
		} else if len(a.reports) <= mostReports {
			a.reports = append(a.reports, report)
		}
		if !report.Source.OwnerAuthority || heldForAnother(report, v.email) {
			// What a machine calls itself leads nowhere: it could name a thousand
			// others. And what else is known of another's is not this person's business.
			continue
		}
		for _, id := range report.Identifiers {
			if !v.known[id] {
				v.known[id] = true
				for j := range v.askings {
					v.askings[j].pending.Identifiers = append(v.askings[j].pending.Identifiers, id)
				}
			}
		}
	}
}
