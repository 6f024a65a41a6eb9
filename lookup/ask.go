package lookup

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"stethoscope/plugins"
	"stethoscope/posture"
)

// A desk is one source with its queue: how many questions it works on, and how
// many of them nobody waits for any more.
type desk struct {
	Source
	slots     chan struct{}
	abandoned atomic.Int32
}

func newDesk(s Source) *desk { return &desk{Source: s, slots: make(chan struct{}, mostUnderWay)} }

// mostUnderWay is how many questions one source works on at a time, over all
// visits. One that ignores its context keeps its place until it returns: each
// holds a goroutine and what it has read so far. When all places are kept by
// such, the source is not asked any more.
const mostUnderWay = 16

// lastWords is how long a source has after the deadline to hand over what it
// has learned.
const lastWords = 50 * time.Millisecond

var (
	errAbandoned = errors.New("did not return after its deadline")
	errClogged   = errors.New("too many earlier questions are still hanging")
	errQueue     = errors.New("was still busy with other visits")
	errUnasked   = errors.New("could not be asked everything in time")
	errExcessive = errors.New("holds more machines for one person than can be true")
	errNoKey     = errors.New("sent a record that nothing tells from another")
)

// ask puts one question to the source and returns at the latest shortly after
// ctx ends, also if the plugin ignores it: then the question is left behind.
func (s *desk) ask(ctx context.Context, clues posture.Clues, from int, options Options) reply {
	slow := func(why error) reply {
		return reply{from: from, trouble: &posture.Trouble{Kind: posture.Slow, Err: why}}
	}
	if s.abandoned.Load() >= mostUnderWay {
		return slow(errClogged)
	}
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return slow(errQueue)
	}
	done := make(chan reply, 1)
	var state atomic.Int32 // 0 asked, 1 answered, 2 left behind
	go func() {
		r := s.find(ctx, clues, options)
		r.from = from
		<-s.slots
		done <- r
		if !state.CompareAndSwap(0, 1) {
			s.abandoned.Add(-1)
		}
	}()
	select {
	case r := <-done:
		return r
	case <-ctx.Done():
	}
	timer := time.NewTimer(lastWords)
	defer timer.Stop()
	select {
	case r := <-done:
		return r
	case <-timer.C:
	}
	s.abandoned.Add(1)
	if !state.CompareAndSwap(0, 2) { // it answered just now
		s.abandoned.Add(-1)
		return <-done
	}
	return slow(fmt.Errorf("%w: %w", errAbandoned, context.Cause(ctx)))
}

// find calls the plugin and turns whatever comes of it, a panic too, into a reply.
func (s *desk) find(ctx context.Context, clues posture.Clues, options Options) (r reply) {
	defer func() {
		if p := recover(); p != nil {
			// The panic's value may hold a record; the place where it happened does not.
			stack := debug.Stack()
			if carried, ok := p.(interface{ PanicStack() []byte }); ok { // from a goroutine of the plugin's own
				stack = carried.PanicStack()
			}
			options.Log.ErrorContext(ctx, "a plugin panicked", "source", s.Name, "stack", string(stack))
			r = reply{trouble: &posture.Trouble{Kind: posture.Broken, Err: fmt.Errorf("the plugin panicked (%T)", p)}}
		}
	}()
	reports, err := s.Finder.Find(ctx, clues)
	if clues.Email != "" && len(reports) > MostDevices && len(Group(reports)) > MostDevices {
		return reply{trouble: &posture.Trouble{Kind: posture.Excessive, Err: errExcessive}}
	}
	r.reports = make([]posture.Report, 0, len(reports))
	for _, report := range reports {
		// A plugin re-checks what its vendor sent; the house checks once more.
		switch {
		case !plugins.Matches(clues, report):
		case report.Key == "":
			err = errors.Join(err, errNoKey)
		default:
			r.reports = append(r.reports, stamp(report, s.Source.Source, options.Now()))
		}
	}
	if err != nil {
		r.trouble = &posture.Trouble{Kind: kindOf(err), Err: err}
	}
	return r
}

func kindOf(err error) posture.TroubleKind {
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return posture.Slow
	case errors.Is(err, plugins.ErrRefused):
		return posture.Refused
	case errors.Is(err, plugins.ErrGarbled):
		return posture.Garbled
	case errors.Is(err, plugins.ErrBusy):
		return posture.Busy
	case errors.Is(err, plugins.ErrUnreachable):
		return posture.Unreachable
	}
	return posture.Broken
}
