package web

import (
	"container/list"
	"crypto/rand"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// transactionEnds is how long somebody may take at the provider.
const transactionEnds = 10 * time.Minute

// Limits of what is kept for people who are on their way: a browser's tabs, and
// everybody's together, so that starting sign-ins without end costs us nothing
// and, as the oldest go first, real people still get in.
const (
	mostTabs     = 5
	mostBrowsers = 10_000
)

// A transaction is one sign-in under way. It is kept here, not in the browser,
// which holds only its random name.
type transaction struct {
	state, nonce, verifier string
	back                   string
	begun                  time.Time
}

type transactions struct {
	mu       sync.Mutex
	browsers map[string]*list.Element
	order    *list.List // of *browser, oldest first
}

type browser struct {
	id   string
	tabs []transaction
}

func newTransactions() *transactions {
	return &transactions{browsers: map[string]*list.Element{}, order: list.New()}
}

// begin opens a sign-in for the browser, which gets an ID if it has none.
func (ts *transactions) begin(id, back string, now time.Time) (transaction, string) {
	t := transaction{state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier(), back: back, begun: now}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	element, known := ts.browsers[id]
	if !known {
		id = rand.Text()
		element = ts.order.PushBack(&browser{id: id})
		ts.browsers[id] = element
		if ts.order.Len() > mostBrowsers {
			oldest := ts.order.Front()
			delete(ts.browsers, oldest.Value.(*browser).id)
			ts.order.Remove(oldest)
		}
	}
	ts.order.MoveToBack(element)
	b := element.Value.(*browser)
	if b.tabs = append(b.tabs, t); len(b.tabs) > mostTabs {
		b.tabs = b.tabs[1:]
	}
	return t, id
}

// end takes the browser's sign-in with this state out, so that it works once.
func (ts *transactions) end(id, state string, now time.Time) (transaction, bool) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	element, ok := ts.browsers[id]
	if !ok || state == "" {
		return transaction{}, false
	}
	b := element.Value.(*browser)
	for i, t := range b.tabs {
		if t.state == state {
			b.tabs = append(b.tabs[:i:i], b.tabs[i+1:]...)
			if len(b.tabs) == 0 {
				delete(ts.browsers, id)
				ts.order.Remove(element)
			}
			return t, now.Sub(t.begun) <= transactionEnds
		}
	}
	return transaction{}, false
}
