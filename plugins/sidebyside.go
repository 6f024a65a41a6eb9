package plugins

import (
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// SideBySide calls do with 0 to n-1, each in a goroutine of its own, and
// returns when all have returned. A panic in one of them would end the whole
// process; the first is raised again here as a [*Panic], in the goroutine of the
// caller, where the house contains it.
func SideBySide(n int, do func(i int)) {
	var group sync.WaitGroup
	var once sync.Once
	var first *Panic
	for i := range n {
		group.Go(func() {
			defer func() {
				if value := recover(); value != nil {
					p := panicOf(value)
					once.Do(func() { first = p })
				}
			}()
			do(i)
		})
	}
	group.Wait()
	if first != nil {
		panic(first)
	}
}

// A Panic is what [SideBySide] raises again. It knows where the panic happened,
// and nothing of its value, which may hold a record.
type Panic struct {
	kind, place string
	stack       []byte
}

// Error returns the type of the panic's value and the line that panicked.
func (p *Panic) Error() string { return "panic (" + p.kind + ") in " + p.place }

// PanicStack returns the stack of the goroutine that panicked, for the log.
func (p *Panic) PanicStack() []byte { return p.stack }

// panicOf describes a panic; it is called by the function that recovers it,
// when the stack still stands.
func panicOf(value any) *Panic {
	if p, nested := value.(*Panic); nested {
		return p
	}
	return &Panic{kind: fmt.Sprintf("%T", value), place: panicPlace(), stack: debug.Stack()}
}

// panicPlace returns the innermost line below the panic that is not the
// runtime's: "jamf.readComputer (computers.go:97)".
func panicPlace() string {
	var counters [64]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(1, counters[:])])
	panicked := false
	for {
		frame, more := frames.Next()
		if panicked && !strings.HasPrefix(frame.Function, "runtime.") {
			return fmt.Sprintf("%s (%s:%d)", path.Base(frame.Function), path.Base(frame.File), frame.Line)
		}
		panicked = panicked || frame.Function == "runtime.gopanic"
		if !more {
			return "a place that is not known"
		}
	}
}
