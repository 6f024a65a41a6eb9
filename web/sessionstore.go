package web

import (
	"sync"
	"time"
)

// A sessionStore keeps sessions in this process. (scs brings one whose cleaning
// goroutine races with its own stopping; this one needs no goroutine.)
type sessionStore struct {
	lifetime time.Duration // after which no session is taken, whoever commits it
	mu       sync.Mutex
	sessions map[string]keptSession
	sweepAt  int // how many sessions there are when those that ended are next swept out
}

// A keptSession that was deleted stays as a tombstone, without data, so that a
// page that was still loading then can't bring the session back: scs commits
// every session that it loaded.
type keptSession struct {
	data    []byte
	ends    time.Time
	deleted bool
}

// fewest is below how many sessions nobody sweeps.
const fewest = 256

func newSessionStore(lifetime time.Duration) *sessionStore {
	return &sessionStore{lifetime: lifetime, sessions: map[string]keptSession{}, sweepAt: fewest}
}

// Find returns a session that has not ended.
func (s *sessionStore) Find(id string) (data []byte, found bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.sessions[id]
	if !ok || kept.deleted || time.Now().After(kept.ends) {
		return nil, false, nil
	}
	return kept.data, true, nil
}

// Commit keeps a session until it ends, unless it was deleted.
func (s *sessionStore) Commit(id string, data []byte, ends time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[id].deleted {
		return nil
	}
	s.sessions[id] = keptSession{data: data, ends: ends}
	if len(s.sessions) >= s.sweepAt {
		now := time.Now()
		for id, kept := range s.sessions {
			if now.After(kept.ends) {
				delete(s.sessions, id)
			}
		}
		s.sweepAt = max(fewest, 2*len(s.sessions))
	}
	return nil
}

// Delete ends a session for good. Its tombstone stays for a whole lifetime: a
// page that is still loading knows the session's last end, and idle time could
// have ended here before.
func (s *sessionStore) Delete(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.sessions[id]; ok { // one that never was can't come back
		s.sessions[id] = keptSession{ends: time.Now().Add(s.lifetime), deleted: true}
	}
	return nil
}
