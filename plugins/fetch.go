package plugins

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MaxAnswer is the most bytes of one answer that are read: a vendor's page of
// records is a few megabytes at most, and memory must stay bounded when a
// source goes wrong.
const MaxAnswer = 32 << 20

// FetchJSON does the request and decodes the answer's JSON into into. An answer
// that is no success is a [StatusError]; one that is too long, cut short, not
// JSON or of the wrong type is [ErrGarbled]; no connection is [ErrUnreachable].
// No error holds the address, the credential or anything of the body.
func FetchJSON(client *http.Client, request *http.Request, into any) error {
	answer, err := client.Do(request)
	if err != nil {
		if cause := request.Context().Err(); cause != nil {
			return cause
		}
		return Transport(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		_, _ = io.CopyN(io.Discard, answer.Body, 64<<10) // so that the connection can be used again
		return &StatusError{answer.StatusCode, retryAfter(answer.Header.Get("Retry-After"))}
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, MaxAnswer+1))
	switch cause := request.Context().Err(); {
	case cause != nil:
		return cause
	case err != nil:
		return fmt.Errorf("%w: it was cut short", ErrGarbled)
	case len(body) > MaxAnswer:
		return fmt.Errorf("%w: it is longer than %d MiB", ErrGarbled, MaxAnswer>>20)
	case bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")):
		return fmt.Errorf("%w: it is a web page, not JSON", ErrGarbled)
	}
	if err := json.Unmarshal(body, into); err != nil {
		if classified(err) { // by a type of ours that reads itself, as Records does
			return err
		}
		return fmt.Errorf("%w: %s", ErrGarbled, jsonProblem(err))
	}
	return nil
}

// jsonProblem says what is wrong without repeating the answer's text.
func jsonProblem(err error) string {
	switch e := err.(type) {
	case *json.SyntaxError:
		return "not JSON at byte " + strconv.FormatInt(e.Offset, 10)
	case *json.UnmarshalTypeError:
		return fmt.Sprintf("%s is a JSON %s, not what was expected", e.Field, strings.SplitN(e.Value, " ", 2)[0])
	}
	return "not the JSON expected"
}

// retryAfter reads the header's seconds; the form with a date is rare and
// counts as not said.
func retryAfter(header string) time.Duration {
	seconds, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, 3600)) * time.Second
}
