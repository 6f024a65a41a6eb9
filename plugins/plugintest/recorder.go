package plugintest

import (
	"io"
	"net/http"
	"strings"
	"sync"
)

// A recorder writes down every request on its way to a vendor, and follows
// every answer until it is closed.
type recorder struct {
	next http.RoundTripper
	mu   sync.Mutex
	seen []*recorded
}

type recorded struct {
	request     string // method and address without its query: "GET https://vendor.example/machines"
	query       string
	host        string
	credentials []string
	answer      *watchedBody // nil if there was none
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	bare := *request.URL
	bare.RawQuery, bare.User, bare.Fragment = "", nil, ""
	record := &recorded{request: request.Method + " " + bare.String(), query: request.URL.RawQuery, host: request.URL.Hostname()}
	for _, name := range []string{"Authorization", "Cookie"} {
		for _, value := range request.Header.Values(name) {
			if words := strings.Fields(value); len(words) > 0 && len(words[len(words)-1]) >= 8 {
				record.credentials = append(record.credentials, words[len(words)-1])
			}
		}
	}
	r.mu.Lock()
	r.seen = append(r.seen, record)
	r.mu.Unlock()
	answer, err := r.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body := &watchedBody{ReadCloser: answer.Body}
	r.mu.Lock()
	record.answer = body
	r.mu.Unlock()
	answer.Body = body
	return answer, nil
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seen)
}

// mostRepeated returns how often the most frequent request was sent.
func (r *recorder) mostRepeated() (request string, times int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts := map[string]int{}
	for _, record := range r.seen {
		key := record.request + "?" + record.query
		if counts[key]++; counts[key] > times {
			request, times = record.request, counts[key]
		}
	}
	return request, times
}

// longestRead returns how many bytes of one answer were read at most.
func (r *recorder) longestRead() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	var longest int64
	for _, record := range r.seen {
		if record.answer != nil {
			longest = max(longest, record.answer.bytes())
		}
	}
	return longest
}

func (r *recorder) elsewhere() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, record := range r.seen {
		if record.host == elsewhere {
			return true
		}
	}
	return false
}

func (r *recorder) credentials() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for _, record := range r.seen {
		all = append(all, record.credentials...)
	}
	return all
}

func (r *recorder) queries() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for _, record := range r.seen {
		if record.query != "" {
			all = append(all, "?"+record.query)
		}
	}
	return all
}

// end closes every answer that is still open and returns what was asked there.
func (r *recorder) end() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var open []string
	for _, record := range r.seen {
		if record.answer != nil && !record.answer.closed() {
			open = append(open, record.request)
			_ = record.answer.Close()
		}
	}
	return open
}

type watchedBody struct {
	io.ReadCloser
	mu     sync.Mutex
	read   int64
	isShut bool
}

func (b *watchedBody) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	b.mu.Lock()
	b.read += int64(n)
	b.mu.Unlock()
	return n, err
}

func (b *watchedBody) Close() error {
	b.mu.Lock()
	b.isShut = true
	b.mu.Unlock()
	return b.ReadCloser.Close()
}

func (b *watchedBody) bytes() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.read
}

func (b *watchedBody) closed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.isShut
}
