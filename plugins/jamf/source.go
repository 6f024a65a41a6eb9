package jamf

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"time"

	"stethoscope/plugins"
	"stethoscope/posture"
)

// maxRows is how many records of one question are read. Nobody has that many
// machines: the server has not understood the question.
const maxRows = 10_000

var errTooMany = fmt.Errorf("%w: more than %d records answer one question", plugins.ErrGarbled, maxRows)

// source asks both inventories of one Jamf Pro server.
type source struct {
	client      *client
	inventories []*inventory
	log         *slog.Logger
	now         func() time.Time
}

// inventory is one of Jamf's two lists of devices.
type inventory struct {
	name       string // for logs and errors: "computers"
	paths      paths
	query      url.Values // what every question asks for
	understood understood
	read       func(record []byte, now time.Time) (posture.Report, error)
}

func newSource(env plugins.Env, s settings) *source {
	pageSize := strconv.Itoa(s.PageSize)
	return &source{
		client: newClient(env, s),
		log:    env.Log,
		now:    env.Now,
		inventories: []*inventory{
			{
				name:       "computers",
				paths:      paths{all: computersPaths},
				query:      url.Values{"section": computersSections, "sort": {"id:asc"}, "page-size": {pageSize}},
				understood: computersUnderstand,
				read: func(record []byte, now time.Time) (posture.Report, error) {
					return readComputer(record, s.ExtensionAttributes, now)
				},
			},
			{
				name:  "mobile devices",
				paths: paths{all: mobilePaths},
				// Lenient: by default a single device with bad data fails the whole answer.
				query:      url.Values{"section": mobileSections, "sort": {"mobileDeviceId:asc"}, "page-size": {pageSize}, "exception-handling": {"LENIENT"}},
				understood: mobileUnderstands,
				read:       readMobileDevice,
			},
		},
	}
}

// question is one filter for one inventory.
type question struct {
	inventory *inventory
	filter    string
}

type answer struct {
	reports []posture.Report
	err     error
}

// Find asks both inventories side by side. What one of them said is kept when
// the other fails.
func (s *source) Find(ctx context.Context, clues posture.Clues) ([]posture.Report, error) {
	var questions []question
	for _, inv := range s.inventories {
		for _, filter := range inv.understood.filters(clues) {
			questions = append(questions, question{inv, filter})
		}
	}
	answers := make([]answer, len(questions))
	plugins.SideBySide(len(questions), func(i int) {
		answers[i].reports, answers[i].err = s.ask(ctx, questions[i], clues)
	})

	var reports []posture.Report
	var errs []error
	known := map[string]bool{}
	for i, a := range answers {
		if a.err != nil {
			errs = append(errs, fmt.Errorf("search %s: %w", questions[i].inventory.name, a.err))
		}
		for _, r := range a.reports { // one device may answer two questions
			if !known[r.Key] {
				known[r.Key] = true
				reports = append(reports, r)
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return reports, err
	}
	return reports, errors.Join(errs...)
}

// ask reads all pages of one answer. Reports that were read before something
// failed are returned with the error.
func (s *source) ask(ctx context.Context, q question, clues posture.Clues) ([]posture.Report, error) {
	var reports []posture.Report
	read, unreadable, strangers := 0, 0, 0
	path, err := "", error(nil)
	for number := 0; ; number++ {
		var p page
		if path, p, err = s.page(ctx, q, path, number); err != nil {
			break
		}
		if read+len(p.Results) > maxRows { // looked at first: to take the records apart is what costs
			err = errTooMany
			break
		}
		for _, record := range p.Results {
			if err = ctx.Err(); err != nil {
				break
			}
			read++
			report, problem := q.inventory.read(record, s.now())
			switch {
			case problem != nil:
				unreadable++
			case !plugins.Matches(clues, report):
				strangers++
			default:
				reports = append(reports, report)
			}
		}
		if err != nil || p.TotalCount > 0 && read >= p.TotalCount {
			break
		}
		if len(p.Results) == 0 {
			if read < p.TotalCount {
				err = fmt.Errorf("%w: %d of %d records did not come", plugins.ErrGarbled, p.TotalCount-read, p.TotalCount)
			}
			break
		}
		if read >= maxRows {
			err = errTooMany
			break
		}
	}
	if unreadable > 0 {
		err = errors.Join(err, fmt.Errorf("%w: %d of %d records", plugins.ErrGarbled, unreadable, read))
	}
	if strangers > 0 {
		s.log.Warn("jamf answered with devices that were not asked for; they were left out", "inventory", q.inventory.name, "devices", strangers)
	}
	s.log.Debug("jamf answered", "inventory", q.inventory.name, "path", path, "records", read, "devices", len(reports), "complete", err == nil)
	return reports, err
}

// page fetches one page of an answer, and returns from which address: the
// first page looks for the newest that the server has, the others stay with it.
func (s *source) page(ctx context.Context, q question, path string, number int) (string, page, error) {
	query := url.Values{"filter": {q.filter}, "page": {strconv.Itoa(number)}}
	for key, values := range q.inventory.query {
		query[key] = values
	}
	if path != "" {
		p, err := s.client.page(ctx, path, query)
		return path, p, err
	}
	var err error
	for _, path := range q.inventory.paths.order(s.now()) {
		var p page
		if p, err = s.client.page(ctx, path, query); errors.Is(err, plugins.ErrNotFound) {
			continue
		}
		if err == nil && q.inventory.paths.remember(path, s.now()) {
			s.log.Debug("jamf has another version of an inventory than before", "inventory", q.inventory.name, "path", path)
		}
		return path, p, err
	}
	return "", page{}, fmt.Errorf("the server has no such inventory (is the url that of Jamf Pro?): %w", err)
}
