package plugins_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"stethoscope/plugins"
	"stethoscope/plugins/inmemory"
)

// listPage is a page of a vendor's answer.
type listPage struct {
	Results plugins.Records `json:"results"`
}

// fetchPage reads a page from a vendor who says this.
func fetchPage(t *testing.T, text string) (plugins.Records, error) {
	t.Helper()
	client := &http.Client{Transport: inmemory.Transport(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }))}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://vendor.example.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	var p listPage
	err = plugins.FetchJSON(client, request, &p)
	return p.Results, err
}

func empties(n int) string { return strings.TrimSuffix(strings.Repeat("{},", n), ",") }

func TestRecordsAreLeftAsTheyCame(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       plugins.Records
	}{
		{"several of several kinds", ` [ {"a": [1, {}]} , null,"x",7 ] `, plugins.Records{json.RawMessage(`{"a": [1, {}]}`), json.RawMessage(`null`), json.RawMessage(`"x"`), json.RawMessage(`7`)}},
		{"an empty list is a list", `[]`, plugins.Records{}},
		{"null is none", `null`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := fetchPage(t, `{"results":`+test.text+`}`)
			if err != nil || (got == nil) != (test.want == nil) || fmt.Sprintf("%s", got) != fmt.Sprintf("%s", test.want) {
				t.Errorf("read %s, error %v", got, err)
			}
		})
	}
}

func TestRecordsThatAreNoListAreGarbled(t *testing.T) {
	for text, kind := range map[string]string{`{"a":1}`: "object", `"sam.rivera"`: "string", `true`: "bool", `7`: "number"} {
		_, err := fetchPage(t, `{"results":`+text+`}`)
		mustBe(t, err, plugins.ErrGarbled)
		mustNotSay(t, err)
		if err != nil && !strings.Contains(err.Error(), "results is a JSON "+kind) {
			t.Errorf("%q does not say that results is a JSON %s", err, kind)
		}
	}
}

func TestRecordsAreReadUpToTheirBound(t *testing.T) {
	if got, err := fetchPage(t, `{"results":[`+empties(plugins.MaxRecords)+`]}`); err != nil || len(got) != plugins.MaxRecords {
		t.Errorf("%d records, error %v", len(got), err)
	}
	got, err := fetchPage(t, `{"results":[`+empties(plugins.MaxRecords+1)+`]}`)
	mustBe(t, err, plugins.ErrGarbled)
	if len(got) > 0 || err == nil || !strings.Contains(err.Error(), "more than 10000 records on one page") {
		t.Errorf("%d records, error %v", len(got), err)
	}
}

// A list takes as much memory as its bound allows, however long it is.
func TestRecordsBeyondTheirBoundTakeNoMemory(t *testing.T) {
	text := []byte(`{"results":[` + empties(50*plugins.MaxRecords) + `]}`)
	allocations := testing.AllocsPerRun(1, func() {
		var p listPage
		if err := json.Unmarshal(text, &p); err == nil || len(p.Results) > 0 {
			t.Errorf("%d records, error %v", len(p.Results), err)
		}
	})
	if most := float64(5 * plugins.MaxRecords); allocations > most {
		t.Errorf("%.0f allocations, want at most %.0f", allocations, most)
	}
}

func FuzzRecords(f *testing.F) {
	for _, seed := range []string{`[]`, `[{}, null]`, `null`, `{"a":1}`, `[1`, ``, `[[[`, `"`, `]`, `[1 2]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var list []json.RawMessage
		var records plugins.Records
		failed, refused := json.Unmarshal(data, &list), json.Unmarshal(data, &records)
		if len(list) <= plugins.MaxRecords && (failed == nil) != (refused == nil) {
			t.Errorf("a list is %v, records are %v", failed, refused)
		}
		if failed == nil && refused == nil && fmt.Sprintf("%s", list) != fmt.Sprintf("%s", records) {
			t.Errorf("a list is %s, records are %s", list, records)
		}
		_ = records.UnmarshalJSON(data) // whatever calls it
	})
}
