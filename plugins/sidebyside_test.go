package plugins_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"stethoscope/plugins"
)

func TestSideBySideCallsEachAtOnceAndWaitsForAll(t *testing.T) {
	var together sync.WaitGroup
	together.Add(5)
	var called [5]atomic.Int32
	plugins.SideBySide(len(called), func(i int) {
		together.Done()
		together.Wait() // one after the other would never get past this
		called[i].Add(1)
	})
	for i := range called {
		if n := called[i].Load(); n != 1 {
			t.Errorf("%d was called %d times", i, n)
		}
	}
	plugins.SideBySide(0, func(int) { t.Error("nobody was to be called") })
}

// breaks panics as a plugin does that meets a record it is not made for.
func breaks(record []string) string { return record[len(record)] }

func TestAPanicSideBySideKeepsItsPlaceAndLosesItsValue(t *testing.T) {
	for _, test := range []struct {
		name, kind, place string
		do                func()
	}{
		{"of the plugin's own", "string", "sidebyside_test.go:", func() { panic("sam.rivera@example.com hunter2") }},
		{"of the runtime", "runtime.boundsError", "plugins_test.breaks (sidebyside_test.go:", func() { breaks(nil) }},
		{"through a nil pointer", "runtime.errorString", "sidebyside_test.go:", func() { var p *record; p.Email = "sam.rivera@example.com" }},
		{"of one side by side within another", "runtime.boundsError", "plugins_test.breaks (sidebyside_test.go:", func() { plugins.SideBySide(2, func(int) { breaks(nil) }) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			var others atomic.Int32
			defer func() {
				err, _ := recover().(error)
				withStack, ok := err.(interface{ PanicStack() []byte })
				if !ok {
					t.Fatalf("raised %T", err)
				}
				if others.Load() != 2 {
					t.Error("it did not wait for the others")
				}
				mustNotSay(t, err)
				if text := err.Error(); !strings.Contains(text, test.kind) || !strings.Contains(text, test.place) {
					t.Errorf("%q names neither %s nor %s", text, test.kind, test.place)
				}
				stack := string(withStack.PanicStack())
				if !strings.Contains(stack, "sidebyside_test.go") || strings.Contains(stack, "sam.rivera") || strings.Contains(stack, "hunter2") {
					t.Errorf("the stack is\n%s", stack)
				}
			}()
			plugins.SideBySide(3, func(i int) {
				if i == 1 {
					test.do()
				}
				others.Add(1)
			})
		})
	}
}
