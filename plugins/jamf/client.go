package jamf

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"stethoscope/plugins"
)

// maxInFlight is how many requests are under way at once: Jamf asks for no more
// than five connections from one client
// (https://developer.jamf.com/developer-guide/docs/jamf-pro-api-scalability-best-practices).
const maxInFlight = 4

// client speaks with one Jamf Pro server.
type client struct {
	http     *http.Client
	settings settings
	tokens   *plugins.Tokens
	slots    chan struct{}
	now      func() time.Time
}

func newClient(env plugins.Env, s settings) *client {
	c := &client{http: env.HTTP, settings: s, slots: make(chan struct{}, maxInFlight), now: env.Now}
	c.tokens = plugins.NewTokens(c.fetchToken, env.Now)
	return c
}

// page is one page of an inventory. The records are read one by one later, so
// that a broken one does not cost the others.
type page struct {
	TotalCount int             `json:"totalCount"`
	Results    plugins.Records `json:"results"`
}

// page fetches one page. A token that the server no longer takes is renewed
// once: an administrator may have revoked it, or its life was shorter than told.
func (c *client) page(ctx context.Context, path string, query url.Values) (page, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return page{}, ctx.Err()
	}
	for attempt := 1; ; attempt++ {
		token, err := c.tokens.Get(ctx)
		if err != nil {
			return page{}, err
		}
		p, err := c.fetch(ctx, path, query, token)
		var status *plugins.StatusError
		if attempt == 1 && errors.As(err, &status) && status.Status == http.StatusUnauthorized {
			c.tokens.Drop(ctx, token)
			continue
		}
		return p, err
	}
}

func (c *client) fetch(ctx context.Context, path string, query url.Values, token string) (page, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.settings.URL+path+"?"+query.Encode(), nil)
	if err != nil {
		return page{}, errors.New("the request could not be made") // the cause holds the address with its query
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	var p page
	if err := plugins.FetchJSON(c.http, request, &p); err != nil {
		return page{}, err
	}
	if p.Results == nil { // JSON, but not Jamf's: to find nothing is an empty list
		return page{}, fmt.Errorf("%w: there is no list of records in it", plugins.ErrGarbled)
	}
	return p, nil
}

// fetchToken gets a token for the API client. The secret travels in the body:
// Jamf does not read it from a Basic header.
func (c *client) fetchToken(ctx context.Context) (*oauth2.Token, error) {
	credentials := clientcredentials.Config{
		ClientID:     c.settings.ClientID,
		ClientSecret: c.settings.ClientSecret.Reveal(),
		TokenURL:     c.settings.URL + "/api/oauth/token",
		AuthStyle:    oauth2.AuthStyleInParams,
	}
	asked := c.now()
	token, err := credentials.Token(context.WithValue(ctx, oauth2.HTTPClient, c.http))
	if err != nil {
		return nil, err
	}
	// Its end is counted on the house's clock, which stands still in the demo.
	token.Expiry = time.Time{}
	if seconds := lifetime(token); seconds > 0 {
		token.Expiry = asked.Add(seconds)
	}
	return token, nil
}

// lifetime returns how long the token lives from now, at most a day; 0 if the
// server did not say.
func lifetime(token *oauth2.Token) time.Duration {
	var seconds float64
	switch v := token.Extra("expires_in").(type) {
	case float64:
		seconds = v
	case int64:
		seconds = float64(v)
	case string:
		seconds, _ = strconv.ParseFloat(v, 64)
	}
	if !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, 24*60*60) * float64(time.Second))
}
