package inmemory

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func client(h http.HandlerFunc) *http.Client { return &http.Client{Transport: Transport(h)} }

func TestTheHandlerSeesTheRequestAsAServerDoes(t *testing.T) {
	c := client(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != "POST" || r.Host != "vendor.example.com" || r.URL.String() != "/a%20b?q=1" || r.RequestURI != "/a%20b?q=1" || string(body) != "hello" || r.Header.Get("X-Is") != "here" {
			t.Errorf("the handler saw %s %s, host %s, body %q, header %v", r.Method, r.RequestURI, r.Host, body, r.Header)
		}
		w.Header().Set("X-Answer", "yes")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "short and stout")
	})
	request, _ := http.NewRequest("POST", "https://vendor.example.com/a%20b?q=1", strings.NewReader("hello"))
	request.Header.Set("X-Is", "here")
	answer, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusTeapot || answer.Header.Get("X-Answer") != "yes" || string(body) != "short and stout" || err != nil {
		t.Errorf("the client saw %s %v %q, error %v", answer.Status, answer.Header, body, err)
	}
}

func TestAHandlerThatSaysNothingAnswers200(t *testing.T) {
	answer, err := client(func(http.ResponseWriter, *http.Request) {}).Get("https://vendor.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); answer.StatusCode != 200 || len(body) != 0 || err != nil {
		t.Errorf("the client saw %s, %q, error %v", answer.Status, body, err)
	}
}

func TestAnAnswerStreamsWhileTheHandlerRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := make(chan string)
		answer, err := client(func(w http.ResponseWriter, _ *http.Request) {
			for text := range next {
				_, _ = io.WriteString(w, text)
			}
		}).Do(first(t, next, "one"))
		if err != nil {
			t.Fatal(err)
		}
		read := make([]byte, 3)
		for _, want := range []string{"one", "two"} {
			if _, err := io.ReadFull(answer.Body, read); err != nil || string(read) != want {
				t.Errorf("read %q, error %v, while the handler runs; want %q", read, err, want)
			}
			if want == "one" {
				next <- "two"
			}
		}
		close(next)
		_ = answer.Body.Close()
	})
}

// first makes a request whose handler gets its first word by itself.
func first(t *testing.T, next chan<- string, word string) *http.Request {
	go func() { next <- word }()
	request, err := http.NewRequestWithContext(t.Context(), "GET", "https://vendor.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

func TestTheEndOfTheContextEndsARequestThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		ctx, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		request, _ := http.NewRequestWithContext(ctx, "GET", "https://vendor.example.com/", nil)
		_, err := client(func(http.ResponseWriter, *http.Request) { <-release }).Do(request)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestTheEndOfTheContextEndsAnAnswerThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		ctx, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		request, _ := http.NewRequestWithContext(ctx, "GET", "https://vendor.example.com/", nil)
		answer, err := client(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "{")
			<-release
		}).Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if body, err := io.ReadAll(answer.Body); !errors.Is(err, context.DeadlineExceeded) || string(body) != "{" {
			t.Errorf("read %q, error %v", body, err)
		}
	})
}

func TestARequestWhoseContextHasEndedIsNotSent(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	leave()
	request, _ := http.NewRequestWithContext(ctx, "GET", "https://vendor.example.com/", nil)
	_, err := Transport(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler was asked") })).RoundTrip(request)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestAClosedAnswerEndsTheHandler(t *testing.T) {
	ended := make(chan error, 1)
	answer, err := client(func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := io.WriteString(w, "on and on "); err != nil {
				<-r.Context().Done()
				ended <- err
				return
			}
		}
	}).Get("https://vendor.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if err := <-ended; !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the handler's write failed with %v", err)
	}
}

func TestAnAnswerShorterThanPromisedIsCutShort(t *testing.T) {
	answer, err := client(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, "four")
	}).Get("https://vendor.example.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); string(body) != "four" || !errors.Is(err, io.ErrUnexpectedEOF) || answer.ContentLength != 10 {
		t.Errorf("read %q of %d bytes, error %v", body, answer.ContentLength, err)
	}
}

func TestAnAnswerLongerThanPromisedIsRefused(t *testing.T) {
	answer, err := client(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "2")
		if _, err := io.WriteString(w, "four"); !errors.Is(err, http.ErrContentLength) {
			t.Errorf("the handler's write failed with %v", err)
		}
	}).Get("https://vendor.example.com/")
	if err == nil {
		_, _ = io.ReadAll(answer.Body)
		_ = answer.Body.Close()
	}
}

func TestAHandlerThatAborts(t *testing.T) {
	t.Run("before the answer, fails the request", func(t *testing.T) {
		_, err := client(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }).Get("https://vendor.example.com/")
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("in the middle, cuts the answer short", func(t *testing.T) {
		answer, err := client(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}).Get("https://vendor.example.com/")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if body, err := io.ReadAll(answer.Body); string(body) != "half" || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("read %q, error %v", body, err)
		}
	})
}
