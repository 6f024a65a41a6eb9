package web

import (
	"sync"
	"time"
)

// A sessionStore keeps sessions in this process. (scs brings one whose cleaning
// goroutine races with its own stopping; this one needs no goroutine.)
type sessionStore struct {
	mu       sync.Mutex
	sessions map[string]keptSession
	sweepAt  int // how many sessions there are when those that ended are next swept out
}

type keptSession struct {
	data []byte
	ends time.Time
}

// fewest is below how many sessions nobody sweeps.
const fewest = 256

func newSessionStore() *sessionStore {
	return &sessionStore{sessions: map[string]keptSession{}, sweepAt: fewest}
}

// Find returns a session that has not ended.
func (s *sessionStore) Find(id string) (data []byte, found bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.sessions[id]
	if !ok || time.Now().After(kept.ends) {
		return nil, false, nil
	}
	return kept.data, true, nil
}

// Commit keeps a session until it ends.
func (s *sessionStore) Commit(id string, data []byte, ends time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[id] = keptSession{data, ends}
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

// Delete ends a session.
func (s *sessionStore) Delete(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, id)
	return nil
}
