package fakejamf

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// inventory answers one of Jamf's lists.
type inventory struct {
	options  Options
	records  []map[string]any // by id
	id       string           // the field that is the record's id, and the only one to sort by
	always   []string         // the fields that belong to no section
	sections map[string]string
	filters  map[string][]string
}

// computerSections are the names of sections in the question and in the record.
var computerSections = map[string]string{
	"GENERAL": "general", "DISK_ENCRYPTION": "diskEncryption", "PURCHASING": "purchasing", "APPLICATIONS": "applications",
	"STORAGE": "storage", "USER_AND_LOCATION": "userAndLocation", "CONFIGURATION_PROFILES": "configurationProfiles",
	"PRINTERS": "printers", "SERVICES": "services", "HARDWARE": "hardware", "LOCAL_USER_ACCOUNTS": "localUserAccounts",
	"CERTIFICATES": "certificates", "ATTACHMENTS": "attachments", "PACKAGE_RECEIPTS": "packageReceipts", "SECURITY": "security",
	"OPERATING_SYSTEM": "operatingSystem", "LICENSED_SOFTWARE": "licensedSoftware", "IBEACONS": "ibeacons",
	"SOFTWARE_UPDATES": "softwareUpdates", "EXTENSION_ATTRIBUTES": "extensionAttributes", "CONTENT_CACHING": "contentCaching",
	"GROUP_MEMBERSHIPS": "groupMemberships",
}

var mobileSections = map[string]string{
	"GENERAL": "general", "HARDWARE": "hardware", "USER_AND_LOCATION": "userAndLocation", "PURCHASING": "purchasing",
	"SECURITY": "security", "APPLICATIONS": "applications", "EBOOKS": "ebooks", "NETWORK": "network",
	"SERVICE_SUBSCRIPTIONS": "serviceSubscriptions", "CERTIFICATES": "certificates", "PROFILES": "profiles",
	"USER_PROFILES": "userProfiles", "PROVISIONING_PROFILES": "provisioningProfiles", "SHARED_USERS": "sharedUsers",
	"EXTENSION_ATTRIBUTES": "extensionAttributes",
}

// read parses every JSON file of a folder. A folder that is not there has no
// records.
func read(records fs.FS, folder, id string) []map[string]any {
	files, err := fs.Glob(records, folder+"/*.json")
	if err != nil {
		panic(fmt.Sprintf("fakejamf: %s: %v", folder, err))
	}
	var all []map[string]any
	for _, file := range files {
		data, err := fs.ReadFile(records, file)
		if err != nil {
			panic(fmt.Sprintf("fakejamf: %s: %v", file, err))
		}
		var record map[string]any
		if err := json.Unmarshal(data, &record); err != nil {
			panic(fmt.Sprintf("fakejamf: %s: %v", file, err))
		}
		if text, ok := record[id].(string); !ok || text == "" {
			panic(fmt.Sprintf("fakejamf: %s: there is no text %q in it", file, id))
		}
		all = append(all, record)
	}
	slices.SortStableFunc(all, func(a, b map[string]any) int {
		x, _ := strconv.Atoi(a[id].(string))
		y, _ := strconv.Atoi(b[id].(string))
		return x - y
	})
	return all
}

// withoutLastCheckIn turns records of v4 into those of older versions.
func withoutLastCheckIn(records []map[string]any) []map[string]any {
	older := make([]map[string]any, len(records))
	for i, record := range records {
		older[i] = maps.Clone(record)
		if general, ok := record["general"].(map[string]any); ok {
			general = maps.Clone(general)
			general["lastContactTime"] = general["lastCheckIn"]
			delete(general, "lastCheckIn")
			delete(general, "lastContact")
			older[i]["general"] = general
		}
	}
	return older
}

func (i *inventory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if sort := query.Get("sort"); sort != "" && sort != i.id+":asc" {
		fail(w, http.StatusBadRequest, "INVALID_FIELD", "cannot sort by that")
		return
	}
	sections := query["section"]
	if len(sections) == 0 {
		sections = []string{"GENERAL"}
	}
	for _, section := range sections {
		if i.sections[section] == "" {
			fail(w, http.StatusBadRequest, "INVALID_FIELD", "unknown section")
			return
		}
	}
	number, size := 0, 100
	for _, limit := range []struct {
		key         string
		into        *int
		least, most int
	}{{"page", &number, 0, 1 << 30}, {"page-size", &size, 1, 2000}} {
		text := query.Get(limit.key)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < limit.least || n > limit.most {
			fail(w, http.StatusBadRequest, "INVALID_FIELD", "bad "+limit.key)
			return
		}
		*limit.into = n
	}
	size = min(size, i.options.PageSize)
	found := i.records
	if text := query.Get("filter"); strings.TrimSpace(text) != "" {
		filter, err := ParseFilter(text, i.filters)
		if err != nil {
			fail(w, http.StatusBadRequest, "INVALID_FILTER", err.Error())
			return
		}
		if !i.options.IgnoreFilter {
			found = nil
			for _, record := range i.records {
				if filter.Match(record) {
					found = append(found, record)
				}
			}
		}
	}
	results := []any{}
	for n := min(number*size, len(found)); n < min((number+1)*size, len(found)); n++ {
		results = append(results, i.only(found[n], sections))
	}
	answer(w, http.StatusOK, map[string]any{"totalCount": len(found), "results": results})
}

// only returns the record with all sections null that were not asked for.
func (i *inventory) only(record map[string]any, sections []string) map[string]any {
	answered := map[string]any{}
	for _, field := range i.always {
		answered[field] = record[field]
	}
	for section, field := range i.sections {
		answered[field] = nil
		if slices.Contains(sections, section) {
			answered[field] = record[field]
		}
	}
	return answered
}
