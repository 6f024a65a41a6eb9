package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// transactionEnds is how long somebody may take at the provider.
const transactionEnds = 10 * time.Minute

const (
	mostTabs = 5      // sign-ins under way in one browser; the cookie has to stay below 4 KiB
	mostUsed = 10_000 // states of sign-ins that came back and are remembered
)

// A transaction is one sign-in under way.
type transaction struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	Back     string    `json:"b"`
	Begun    time.Time `json:"t"`
}

// transactions are the sign-ins under way. Each browser carries its own in a
// cookie that only this process can read and write, so nothing is kept for
// people who never come back, and starting sign-ins without end pushes out
// nobody.
type transactions struct {
	cookie cipher.AEAD
	used   usedStates
}

func newTransactions() *transactions {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key's length is a constant
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES has the block size that GCM needs
	}
	return &transactions{cookie: aead}
}

// begin opens a sign-in for the browser with this cookie and returns the cookie
// that it has from now on.
func (ts *transactions) begin(cookie, back string, now time.Time) (transaction, string) {
	t := transaction{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: back, Begun: now}
	tabs := slices.DeleteFunc(ts.open(cookie), func(t transaction) bool { return t.over(now) || ts.used.has(t.State) })
	tabs = append(tabs, t)
	return t, ts.seal(tabs[max(0, len(tabs)-mostTabs):])
}

// end returns the browser's sign-in with this state, once.
func (ts *transactions) end(cookie, state string, now time.Time) (transaction, bool) {
	for _, t := range ts.open(cookie) {
		if t.State == state {
			return t, !t.over(now) && ts.used.take(state, now)
		}
	}
	return transaction{}, false
}

func (t transaction) over(now time.Time) bool { return now.Sub(t.Begun) > transactionEnds }

func (ts *transactions) seal(tabs []transaction) string {
	text, err := json.Marshal(tabs)
	if err != nil {
		panic(err) // strings and a time of our own making
	}
	return base64.RawURLEncoding.EncodeToString(ts.cookie.Seal(nil, nil, text, nil))
}

// open reads a cookie; one that is not ours, or of before a restart, holds nothing.
func (ts *transactions) open(cookie string) (tabs []transaction) {
	sealed, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil {
		return nil
	}
	text, err := ts.cookie.Open(nil, nil, sealed, nil)
	if err != nil || json.Unmarshal(text, &tabs) != nil {
		return nil
	}
	return tabs
}

// usedStates remembers which sign-ins came back, each for as long as it could
// come back again. Somebody who brings thousands of their own back at once can
// push others out; to use one of those again takes its browser's cookie and a
// code that the provider takes twice.
type usedStates struct {
	mu            sync.Mutex
	recent, older map[string]struct{}
	turned        time.Time
}

// take reports whether the state was not used yet; from now on it is.
func (u *usedStates) take(state string, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.recent == nil || len(u.recent) >= mostUsed/2 || now.Sub(u.turned) > transactionEnds {
		u.recent, u.older, u.turned = map[string]struct{}{}, u.recent, now
	}
	if u.knows(state) {
		return false
	}
	u.recent[state] = struct{}{}
	return true
}

func (u *usedStates) has(state string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.knows(state)
}

func (u *usedStates) knows(state string) bool {
	_, recent := u.recent[state]
	_, older := u.older[state]
	return recent || older
}
