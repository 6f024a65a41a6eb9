package web

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"stethoscope/config"
	"stethoscope/lookup"
	"stethoscope/plugins"
	"stethoscope/posture"
	"stethoscope/practices"
	"stethoscope/views"
)

// The server of the benchmark is a process of its own, so that its CPU can be
// told from that of the load.
const benchServer = "STETHOSCOPE_BENCH_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(benchServer) != "" {
		serveBench()
		return
	}
	os.Exit(m.Run())
}

// judged are four devices of two sources each, rated by all our practices.
func judged() []posture.Checkup {
	set, err := practices.Open(practices.Standard(), config.Block{}, nil)
	if err != nil {
		panic(err)
	}
	jamf, osquery := posture.Source{Name: "jamf", Title: "Jamf", OwnerAuthority: true}, posture.Source{Name: "osquery", Title: "osquery"}
	var devices []posture.Device
	for i := range 4 {
		serial, _ := posture.Serial(fmt.Sprintf("C02BENCH%d", i))
		claims := []posture.Claim{
			posture.Name.Is(fmt.Sprintf("Ada’s Mac %d", i)), posture.Model.Is("MacBook Pro (14-inch, 2023)"), posture.RunsOn.Is(posture.MacOS), posture.OSVersion.Is("26.6.2"),
			posture.DiskEncrypted.Is(i != 0), posture.FirewallOn.Is(true), posture.ScreenLocks.Is(true), posture.UpdatesInstall.Is(i != 1), posture.RemoteLogin.Is(false),
			posture.Installed.Is([]posture.Software{{Name: "SentinelOne Extensions.app"}}),
		}
		devices = append(devices, posture.Device{Reports: []posture.Report{
			{Source: osquery, Key: "o", Identifiers: []posture.Identifier{serial}, SeenAt: noon.Add(-10 * time.Minute), Claims: claims[4:]},
			{Source: jamf, Key: "j", Identifiers: []posture.Identifier{serial}, SeenAt: noon.Add(-3 * time.Hour), Claims: claims},
		}})
	}
	return set.Judge(devices, noon)
}

func benchPage(checkups []posture.Checkup) views.DevicesPage {
	return views.DevicesPage{
		Frame:    views.Frame{Site: views.Site{Name: "Stethoscope"}, Person: posture.Person{Email: "ada@example.com", Name: "Ada Okafor"}, SignedIn: true, Current: "devices", Now: noon},
		Checkups: checkups, Sources: []posture.Source{{Name: "jamf", Title: "Jamf"}}, CheckedAt: noon,
	}
}

// serveBench answers with the page, from judged devices to the last byte, and
// with a slice of the same bytes.
func serveBench() {
	checkups := judged()
	var static bytes.Buffer
	if err := views.Devices(benchPage(checkups)).Render(context.Background(), &static); err != nil {
		panic(err)
	}
	router := echo.New()
	router.GET("/static", func(c echo.Context) error { return c.HTMLBlob(http.StatusOK, static.Bytes()) })
	router.GET("/page", func(c echo.Context) error { return show(c, http.StatusOK, views.Devices(benchPage(checkups))) })
	router.GET("/cpu", func(c echo.Context) error {
		return c.String(http.StatusOK, strconv.FormatInt(usedCPU().Microseconds(), 10))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	server := &http.Server{Handler: router, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the parent
		_ = server.Close()
	}()
	_ = server.Serve(listener)
}

// BenchmarkPageBesideAStaticSlice measures the server's CPU a request, page and
// slice in turns, and gives the median of each round's ratio. Goal: at most 7.
func BenchmarkPageBesideAStaticSlice(b *testing.B) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), benchServer+"=1")
	stdin, err := child.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { stdin.Close(); _ = child.Wait() }()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	address := "http://" + strings.TrimSpace(line)
	client := &http.Client{Transport: &http.Transport{}}
	get := func(path string) []byte {
		answer, err := client.Get(address + path)
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			b.Fatal(err)
		}
		return body
	}
	cpu := func() float64 {
		micros, err := strconv.ParseFloat(string(get("/cpu")), 64)
		if err != nil {
			b.Fatal(err)
		}
		return micros
	}
	const each = 500
	measure := func(path string) float64 {
		before := cpu()
		for range each {
			get(path)
		}
		return (cpu() - before) / each
	}
	measure("/static")
	measure("/page")
	var pages, statics, ratios []float64
	for b.Loop() {
		static, page := measure("/static"), measure("/page")
		pages, statics, ratios = append(pages, page), append(statics, static), append(ratios, page/static)
	}
	b.ReportMetric(median(pages), "page-cpu-µs")
	b.ReportMetric(median(statics), "static-cpu-µs")
	b.ReportMetric(median(ratios), "×static")
	b.ReportMetric(float64(len(get("/page")))/1024, "page-KiB")
	b.ReportMetric(0, "ns/op")
}

// usedCPU is what this process has used so far, user and system together.
func usedCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// remembered is a source that answers at once from memory.
type remembered []posture.Report

func (r remembered) Find(_ context.Context, clues posture.Clues) ([]posture.Report, error) {
	var found []posture.Report
	for _, report := range r {
		if plugins.Matches(clues, report) {
			found = append(found, report)
		}
	}
	return found, nil
}

// BenchmarkTenDevicesJoinedJudgedAndRendered is a whole visit of a person with
// ten devices that four sources know, without the network. Goal: under 1 ms.
func BenchmarkTenDevicesJoinedJudgedAndRendered(b *testing.B) {
	set, err := practices.Open(practices.Standard(), config.Block{}, nil)
	if err != nil {
		b.Fatal(err)
	}
	var sources []lookup.Source
	for _, name := range []string{"jamf", "landesk", "google", "osquery"} {
		var known remembered
		for i := range 10 {
			serial, _ := posture.Serial(fmt.Sprintf("C02TEN%04d", i))
			known = append(known, posture.Report{
				Key: strconv.Itoa(i), Identifiers: []posture.Identifier{serial}, Owners: []string{"ada@example.com"}, SeenAt: noon.Add(-time.Hour),
				Claims: []posture.Claim{
					posture.Name.Is(fmt.Sprintf("Mac %d", i)), posture.Model.Is("MacBook Pro"), posture.RunsOn.Is(posture.MacOS), posture.OSVersion.Is("26.6.2"),
					posture.DiskEncrypted.Is(i%3 != 0), posture.FirewallOn.Is(true), posture.ScreenLocks.Is(true), posture.UpdatesInstall.Is(i%2 != 0), posture.RemoteLogin.Is(false),
				},
			})
		}
		sources = append(sources, lookup.Source{Source: posture.Source{Name: name, Title: name, OwnerAuthority: name != "osquery"}, Finder: known})
	}
	desk := lookup.New(sources, lookup.Options{Patience: time.Minute, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }})
	var page bytes.Buffer
	b.ReportAllocs()
	before := usedCPU()
	for b.Loop() {
		page.Reset()
		answer := desk.Ask(context.Background(), posture.Person{Email: "ada@example.com"})
		checkups := set.Judge(answer.Devices, noon)
		if err := views.Devices(benchPage(checkups)).Render(context.Background(), &page); err != nil {
			b.Fatal(err)
		}
		if len(checkups) != 10 {
			b.Fatalf("%d devices", len(checkups))
		}
	}
	b.ReportMetric(float64((usedCPU()-before).Microseconds())/float64(b.N), "cpu-µs/op")
}
