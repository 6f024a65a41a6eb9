package jamf

import (
	"slices"
	"sync"
	"time"
)

// tryNewestAgain is how long an older address of an inventory is used before
// the newest is tried again: by then the server may have been upgraded.
const tryNewestAgain = time.Hour

// paths are the addresses that an inventory has had, newest first. It
// remembers which one the server has.
type paths struct {
	all []string

	mutex    sync.Mutex
	answered string    // the one that answered last, if not the newest
	until    time.Time // when to try the newest again
}

// order returns the addresses in the order in which to try them.
func (p *paths) order(now time.Time) []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	order := slices.Clone(p.all)
	if p.answered != "" && now.Before(p.until) {
		order = slices.DeleteFunc(order, func(path string) bool { return path == p.answered })
		order = slices.Insert(order, 0, p.answered)
	}
	return order
}

// remember notes which address answered, and reports whether that is news.
func (p *paths) remember(path string, now time.Time) (news bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if path == p.all[0] {
		news = p.answered != ""
		p.answered = ""
		return news
	}
	news = p.answered != path
	if news || !now.Before(p.until) {
		p.answered, p.until = path, now.Add(tryNewestAgain)
	}
	return news
}
