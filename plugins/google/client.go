package google

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"

	"stethoscope/plugins"
)

const (
	// mostAtOnce is how many requests of one source are under way at a time:
	// enough for one visit, and far from Google's 2,400 a minute.
	mostAtOnce = 4
	// mostRecords ends a search that answers with everything it knows: nobody
	// has ten thousand devices.
	mostRecords = 10_000
	mostPages   = 200
)

// A client reads the Directory API with one account's rights.
type client struct {
	http   *http.Client
	tokens *plugins.Tokens
	base   string // the address up to /devices/
	slots  chan struct{}
}

func newClient(env plugins.Env, s settings, key *serviceKey) *client {
	h := *env.HTTP
	h.Transport = reasonReader{h.Transport}
	// A bearer token must not follow a redirect to somebody else.
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	fetcher := &tokenFetcher{http: &h, key: key, actAs: s.ActAs, now: env.Now}
	return &client{
		http:   &h,
		tokens: plugins.NewTokens(fetcher.fetch, env.Now),
		base:   s.URL + "/admin/directory/v1/customer/" + s.Customer + "/devices/",
		slots:  make(chan struct{}, mostAtOnce),
	}
}

// A round is one Find: once Google asked us to come back later, or cannot be
// reached, what has not been asked yet is left.
type round struct{ over atomic.Bool }

func (r *round) note(err error) {
	if errors.Is(err, plugins.ErrBusy) || errors.Is(err, plugins.ErrUnreachable) {
		r.over.Store(true)
	}
}

// list reads all pages of one search, one after the other, and hands over each
// record as it is. When it fails, what was read before has been handed over.
func (c *client) list(ctx context.Context, round *round, q question, each func(json.RawMessage)) error {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	token, read := "", 0
	seen := map[string]bool{}
	for {
		if round.over.Load() {
			return nil // whoever ended the round tells why
		}
		page, err := c.page(ctx, q, token)
		if err != nil {
			round.note(err)
			return err
		}
		records := page.records()
		if read += len(records); read > mostRecords { // looked at first: to take the records apart is what costs
			return fmt.Errorf("%w: it is longer than %d records", plugins.ErrGarbled, mostRecords)
		}
		for _, record := range records {
			if err := ctx.Err(); err != nil {
				return err
			}
			each(record)
		}
		if token = page.NextPageToken; token == "" {
			return nil
		}
		if seen[token] {
			return fmt.Errorf("%w: its pages go in a circle", plugins.ErrGarbled)
		}
		seen[token] = true
		// A page without records still counts: endless empty pages end, too.
		if len(seen) >= mostPages {
			return fmt.Errorf("%w: it has more than %d pages", plugins.ErrGarbled, mostPages)
		}
	}
}

// A page is the answer of either list; a list with nothing in it leaves the key out.
type page struct {
	Mobile        plugins.Records `json:"mobiledevices"`
	ChromeOS      plugins.Records `json:"chromeosdevices"`
	NextPageToken string          `json:"nextPageToken"`
}

func (p page) records() plugins.Records {
	if p.Mobile != nil {
		return p.Mobile
	}
	return p.ChromeOS
}

// page reads one page. A token that Google does not take any more is renewed,
// once.
func (c *client) page(ctx context.Context, q question, pageToken string) (page, error) {
	values := url.Values{"query": {q.query}, "projection": {"FULL"}, "maxResults": {strconv.Itoa(q.list.most)}}
	if pageToken != "" {
		values.Set("pageToken", pageToken)
	}
	address := c.base + q.list.path + "?" + values.Encode()
	for attempt := 0; ; attempt++ {
		token, err := c.tokens.Get(ctx)
		if err != nil {
			return page{}, err
		}
		var p page
		err = c.get(ctx, address, token, &p)
		var status *plugins.StatusError
		if attempt == 0 && errors.As(err, &status) && status.Status == http.StatusUnauthorized {
			c.tokens.Drop(ctx, token)
			continue
		}
		return p, err
	}
}

// get fetches an address and tells a used-up quota from a refusal: Google says
// 403 to both.
func (c *client) get(ctx context.Context, address, token string, into any) error {
	var reason string
	request, err := http.NewRequestWithContext(context.WithValue(ctx, reasonKey{}, &reason), http.MethodGet, address, nil)
	if err != nil {
		return errors.New("the address cannot be asked") // the cause would repeat the query
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Accept", "application/json")
	err = plugins.FetchJSON(c.http, request, into)
	if reason == "" || err == nil {
		return err
	}
	if quotaReasons[reason] {
		return fmt.Errorf("403 Forbidden (%s): %w", reason, plugins.ErrBusy)
	}
	return fmt.Errorf("%s: %w", reason, err)
}
