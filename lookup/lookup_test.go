package lookup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"stethoscope/plugins"
	"stethoscope/posture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCluesOfOneSourceLeadToTheOthers(t *testing.T) {
	// An asset list knows who owns a serial, and osquery only knows the machine.
	a := ask(t, ada, has(jamf, "serial=C02A uuid="+uuid1+" owner="+ada), has(osquery, "uuid="+uuid1+" encrypted=yes"), has(google, "serial=C02Z owner="+eve))
	if got, want := shape(a.Devices), "jamf(serial=C02A uuid="+uuid1+" owner="+ada+") + osquery(uuid="+uuid1+" encrypted=yes)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEverySourceIsAskedForEachClueOnce(t *testing.T) {
	asked := make(chan posture.Clues, 100)
	f := &finder{asked: asked, records: []posture.Report{record(jamf, "serial=C02A owner="+ada)}}
	ask(t, ada, Source{jamf, f}, has(google, "serial=C02A uuid="+uuid1+" owner="+ada))
	close(asked)
	seen := map[string]int{}
	for clues := range asked {
		if clues.Email != "" {
			seen[clues.Email]++
		}
		for _, id := range clues.Identifiers {
			seen[id.Value()]++
		}
	}
	if want := map[string]int{ada: 1, "C02A": 1, uuid1: 1}; fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("jamf was asked for %v, want %v", seen, want)
	}
}

func TestWhatIsHeldForSomebodyElseLeadsNowhere(t *testing.T) {
	asked := make(chan posture.Clues, 100)
	// A dock's address leads to a colleague's machine; its serial must not be followed.
	ask(t, ada, has(jamf, "serial=C02A mac=00:17:F2:00:00:01 owner="+ada, "serial=C02COLLEAGUE mac=00:17:F2:00:00:01 owner="+eve),
		Source{google, &finder{asked: asked}})
	close(asked)
	for clues := range asked {
		if slices.Contains(clues.Of(posture.SerialKind), "C02COLLEAGUE") {
			t.Error("google was asked for the colleague's serial")
		}
	}
}

func TestAnAnswerThatWasNotAskedForIsDropped(t *testing.T) {
	stubborn := &finder{find: func(context.Context, posture.Clues) ([]posture.Report, error) {
		return []posture.Report{record(google, "serial=C02EVE owner="+eve), record(google, "serial=C02ADA owner="+ada)}, nil
	}}
	a := ask(t, ada, Source{google, stubborn})
	if got := shape(a.Devices); got != "google(serial=C02ADA owner="+ada+")" {
		t.Errorf("the devices are %s", got)
	}
}

func TestAnAnswerToAnotherQuestionIsDroppedThoughItIsThePersons(t *testing.T) {
	// Asked for a serial, the source answers with what nobody asked for then.
	wandering := &finder{find: func(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
		if clues.Email != "" {
			return nil, nil
		}
		return []posture.Report{record(google, "serial=C02OTHER owner="+ada)}, nil
	}}
	a := ask(t, ada, has(jamf, "serial=C02A owner="+ada), Source{google, wandering})
	if got := shape(a.Devices); got != "jamf(serial=C02A owner="+ada+")" {
		t.Errorf("the devices are %s", got)
	}
}

func TestARecordWithoutAKeyIsATrouble(t *testing.T) {
	nameless := record(google, "serial=C02A owner="+ada)
	nameless.Key = ""
	a := ask(t, ada, Source{google, &finder{records: []posture.Report{nameless}}})
	if len(a.Devices) != 0 || troubles(a) != "google=broken" {
		t.Errorf("%d devices, troubles %q", len(a.Devices), troubles(a))
	}
}

func TestManyVisitsAtOnceDoNotPileUpOnADeafSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var asked atomic.Int32
		deaf := &finder{find: func(context.Context, posture.Clues) ([]posture.Report, error) {
			asked.Add(1)
			<-release
			return nil, nil
		}}
		d := desk1(Source{google, deaf})
		var visits sync.WaitGroup
		for range 500 {
			visits.Go(func() {
				if a := d.Ask(t.Context(), posture.Person{Email: ada}); troubles(a) != "google=slow" {
					t.Errorf("the troubles are %q", troubles(a))
				}
			})
		}
		visits.Wait()
		if n := asked.Load(); n != mostUnderWay {
			t.Errorf("%d questions hang on the source, want %d", n, mostUnderWay)
		}
		close(release)
	})
}

func TestAVisitorWhoGoesAwayIsNoSourcesFault(t *testing.T) {
	var log bytes.Buffer
	ctx, leave := context.WithCancel(t.Context())
	patient := &finder{find: func(ctx context.Context, _ posture.Clues) ([]posture.Report, error) {
		leave()
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	New([]Source{{google, patient}}, Options{Patience: time.Minute, Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return noon }}).Ask(ctx, posture.Person{Email: ada})
	if log.Len() != 0 {
		t.Errorf("the log says %s", &log)
	}
}

// panicked is what a plugin carries from a goroutine of its own.
type panicked struct{}

func (panicked) PanicStack() []byte { return []byte("where it really happened") }

func TestThePlaceOfAPanicInAPluginsOwnGoroutineIsLogged(t *testing.T) {
	var log bytes.Buffer
	f := &finder{find: func(context.Context, posture.Clues) ([]posture.Report, error) { panic(panicked{}) }}
	New([]Source{{google, f}}, Options{Patience: time.Second, Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return noon }}).Ask(t.Context(), posture.Person{Email: ada})
	if !strings.Contains(log.String(), "where it really happened") {
		t.Errorf("the log says %s", &log)
	}
}

func TestAnAddressThatIsNoneFindsNothing(t *testing.T) {
	for _, email := range []string{"", "*", "ada@example.com,eve@example.com", "ada@@example.com", `"ada"@example.com`} {
		asked := make(chan posture.Clues, 1)
		if a := ask(t, email, Source{jamf, &finder{asked: asked}}); len(a.Devices) != 0 || len(asked) != 0 {
			t.Errorf("%q was asked for", email)
		}
	}
}

func TestASourceThatFailsIsANoticeAndTheRestIsShown(t *testing.T) {
	failing := func(err error) *finder {
		return &finder{find: func(context.Context, posture.Clues) ([]posture.Report, error) { return nil, err }}
	}
	for _, c := range []struct {
		name string
		f    *finder
		want string
	}{
		{"an error of its own", failing(errors.New("out of paper")), "google=broken"},
		{"refused credentials", failing(fmt.Errorf("search: %w", plugins.ErrRefused)), "google=refused"},
		{"rubbish", failing(fmt.Errorf("search: %w", plugins.ErrGarbled)), "google=garbled"},
		{"no connection", failing(fmt.Errorf("search: %w", plugins.ErrUnreachable)), "google=unreachable"},
		{"too many questions", failing(&plugins.StatusError{Status: 429}), "google=busy"},
		{"a panic", &finder{find: func(context.Context, posture.Clues) ([]posture.Report, error) { panic(ada) }}, "google=broken"},
		{"a value of another type", &finder{find: func(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
			var value any = clues
			return value.([]posture.Report), nil
		}}, "google=broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			d := New([]Source{{google, c.f}, has(jamf, "serial=C02A owner="+ada)}, Options{Patience: time.Second, Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return noon }})
			a := d.Ask(t.Context(), posture.Person{Email: ada})
			if got := troubles(a); got != c.want {
				t.Errorf("the troubles are %q, want %q", got, c.want)
			}
			if len(a.Devices) != 1 {
				t.Errorf("%d devices are shown", len(a.Devices))
			}
			if !strings.Contains(log.String(), "source=google") {
				t.Errorf("the log does not name the source: %s", &log)
			}
			if strings.Contains(log.String(), ada) {
				t.Errorf("the log names the person: %s", &log)
			}
		})
	}
}

func TestWhatASourceLearnedBeforeItFailedIsKept(t *testing.T) {
	half := &finder{find: func(context.Context, posture.Clues) ([]posture.Report, error) {
		return []posture.Report{record(google, "serial=C02A owner="+ada)}, plugins.ErrGarbled
	}}
	a := ask(t, ada, Source{google, half})
	if len(a.Devices) != 1 || troubles(a) != "google=garbled" {
		t.Errorf("%d devices, troubles %q", len(a.Devices), troubles(a))
	}
}

func TestASourceThatHangsDelaysNobodyElsesNextQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hanging := &finder{find: func(ctx context.Context, _ posture.Clues) ([]posture.Report, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		start := time.Now()
		var osqueryAskedAfter time.Duration
		machine := &finder{records: []posture.Report{record(osquery, "serial=C02A encrypted=yes")}}
		machine.find = func(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
			if len(clues.Identifiers) > 0 {
				osqueryAskedAfter = time.Since(start)
			}
			return machine.search(clues), nil
		}
		a := ask(t, ada, Source{google, hanging}, has(jamf, "serial=C02A owner="+ada), Source{osquery, machine})
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("the visit took %v, not its patience", took)
		}
		if osqueryAskedAfter != 0 {
			t.Errorf("osquery was asked for the serial after %v", osqueryAskedAfter)
		}
		if len(a.Devices) != 1 || len(a.Devices[0].Reports) != 2 || troubles(a) != "google=slow" {
			t.Errorf("%s, troubles %q", shape(a.Devices), troubles(a))
		}
	})
}

func TestASourceThatIgnoresItsContextIsLeftBehindAndThenNotAskedAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var asked atomic.Int32
		deaf := &finder{find: func(context.Context, posture.Clues) ([]posture.Report, error) {
			asked.Add(1)
			<-release
			return nil, nil
		}}
		d := desk1(Source{google, deaf}, has(jamf, "serial=C02A owner="+ada))
		for range mostUnderWay + 3 {
			start := time.Now()
			a := d.Ask(t.Context(), posture.Person{Email: ada})
			if took := time.Since(start); took > 4*time.Second+lastWords {
				t.Fatalf("a visit took %v", took)
			}
			if troubles(a) != "google=slow" || len(a.Devices) != 1 {
				t.Fatalf("troubles %q, %d devices", troubles(a), len(a.Devices))
			}
		}
		if n := asked.Load(); n != mostUnderWay {
			t.Errorf("it was asked %d times, want %d", n, mostUnderWay)
		}
		close(release)
		synctest.Wait()
		d.Ask(t.Context(), posture.Person{Email: ada})
		if n := asked.Load(); n != mostUnderWay+2 { // by email, and by the serial that jamf told
			t.Errorf("after it recovered it was asked %d times, want %d", n, mostUnderWay+2)
		}
	})
}

func TestNoPluginSpeaksInAnothersName(t *testing.T) {
	liar := &finder{find: func(context.Context, posture.Clues) ([]posture.Report, error) {
		return []posture.Report{record(jamf, "serial=C02A owner="+ada)}, nil // says that it is Jamf
	}}
	if a := ask(t, ada, Source{osquery, liar}); len(a.Devices) != 0 {
		t.Errorf("a report was taken for Jamf's: %s", shape(a.Devices))
	}
}

func BenchmarkVisitOfTenDevicesFromFourSources(b *testing.B) {
	var jamfs, googles, osqueries, assets []string
	for i := range 10 {
		serial := fmt.Sprintf("serial=C02%07d", i)
		jamfs = append(jamfs, serial+" owner="+ada+" encrypted=yes")
		googles = append(googles, serial+" owner="+ada)
		osqueries = append(osqueries, serial+" encrypted=yes")
		assets = append(assets, serial+" owner="+ada)
	}
	list := posture.Source{Name: "assets", Title: "Assets", OwnerAuthority: true}
	d := desk1(has(jamf, jamfs...), has(google, googles...), has(osquery, osqueries...), has(list, assets...))
	b.ReportAllocs()
	for b.Loop() {
		if a := d.Ask(context.Background(), posture.Person{Email: ada}); len(a.Devices) != 10 {
			b.Fatalf("%d devices", len(a.Devices))
		}
	}
}
