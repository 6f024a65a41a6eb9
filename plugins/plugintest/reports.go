package plugintest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"stethoscope/plugins"
	"stethoscope/plugins/inmemory"
	"stethoscope/posture"
)

// A typedFact is a fact's name and the type of its answers.
type typedFact struct {
	name  string
	value reflect.Type
}

func typed[T any](f posture.Fact[T]) typedFact { return typedFact{f.Name(), reflect.TypeFor[T]()} }

// sharedFacts are the facts that posture declares. A test keeps them complete.
var sharedFacts = []typedFact{
	typed(posture.Name), typed(posture.Model), typed(posture.Manufacturer), typed(posture.RunsOn), typed(posture.OSName),
	typed(posture.OSVersion), typed(posture.OSBuild), typed(posture.SecurityPatch), typed(posture.NetworkAddresses), typed(posture.Managed),
	typed(posture.DiskEncrypted), typed(posture.FirewallOn), typed(posture.ScreenLocks), typed(posture.UpdatesInstall),
	typed(posture.UpdatesWaiting), typed(posture.RemoteLogin), typed(posture.Compromised), typed(posture.UnknownSources),
	typed(posture.DebugBridge), typed(posture.Installed), typed(posture.Running),
}

// reportFailures holds one report against the contract.
func reportFailures(s *Suite, clues posture.Clues, r posture.Report) (failures []string) {
	wrong := func(bad bool, format string, args ...any) {
		if bad {
			failures = append(failures, fmt.Sprintf("the report %q ", r.Key)+fmt.Sprintf(format, args...))
		}
	}
	wrong(!plugins.Matches(clues, r), "matches none of the clues: it may be somebody else's")
	wrong(strings.TrimSpace(r.Key) == "", "has no Key")
	wrong(r.Source != posture.Source{}, "has a Source: lookup stamps it")
	for i, id := range r.Identifiers {
		wrong(id.Kind() == 0 || id.Value() == "", "has an identifier that names nothing")
		wrong(slices.Contains(r.Identifiers[:i], id), "has the %s twice", id.Kind())
	}
	claimed := map[string]bool{}
	for _, c := range r.Claims {
		wrong(!slices.Contains(s.Plugin.Claims, c.Fact), "claims %s, which Plugin.Claims does not declare", c.Fact)
		wrong(claimed[c.Fact], "claims %s twice", c.Fact)
		claimed[c.Fact] = true
		if known := slices.IndexFunc(sharedFacts, func(f typedFact) bool { return f.name == c.Fact }); known >= 0 {
			if want := sharedFacts[known].value; reflect.TypeOf(c.Value) != want {
				wrong(true, "claims %s as %T: it is a %v", c.Fact, c.Value, want)
				continue
			}
		}
		if why := emptyClaim(c); why != "" {
			wrong(true, "claims %s as %s: what is not known is not claimed", c.Fact, why)
		}
		wrong(c.Fact == posture.NetworkAddresses.Name() && !allFormatted(c.Value.([]string)), "has network addresses that are not as posture.FormatMAC writes them")
	}
	return failures
}

// emptyClaim says why a value is no answer; empty if it is one.
func emptyClaim(c posture.Claim) string {
	switch value := c.Value.(type) {
	case nil:
		return "nothing"
	case string:
		if strings.TrimSpace(value) == "" {
			return "empty text"
		}
	case posture.Version:
		if !value.Known() {
			return "a version without a number"
		}
	case posture.Platform:
		if value == posture.UnknownPlatform {
			return "an unknown platform"
		}
	case time.Time:
		if value.IsZero() {
			return "no time"
		}
	default:
		if v := reflect.ValueOf(value); v.Kind() == reflect.Slice && v.IsNil() {
			return "a nil list"
		}
	}
	return ""
}

func allFormatted(addresses []string) bool {
	return !slices.ContainsFunc(addresses, func(address string) bool {
		formatted, ok := posture.FormatMAC(address)
		return !ok || formatted != address
	})
}

func claimsWhatItDeclares(t *testing.T, s *Suite) []string {
	o := s.open(inmemory.Transport(s.Vendor))
	reports, err := o.find(t.Context(), s.everything())
	if err != nil {
		o.fail("find: %v", err)
	}
	claimed := map[string]bool{}
	types := map[string]reflect.Type{}
	for _, r := range reports {
		for _, c := range r.Claims {
			claimed[c.Fact] = true
			value := reflect.TypeOf(c.Value)
			if before, ok := types[c.Fact]; ok && before != value {
				o.fail("%s is claimed as %v and as %v", c.Fact, before, value)
			}
			types[c.Fact] = value
		}
	}
	for _, fact := range s.Plugin.Claims {
		switch left := slices.Contains(s.NotInSamples, fact); {
		case !claimed[fact] && !left:
			o.fail("%s is declared, and no sample that Email and Finds lead to claims it: add one, or list it in NotInSamples", fact)
		case claimed[fact] && left:
			o.fail("%s is claimed and yet listed in NotInSamples", fact)
		}
	}
	for _, fact := range s.NotInSamples {
		if !slices.Contains(s.Plugin.Claims, fact) {
			o.fail("%s is listed in NotInSamples and not declared", fact)
		}
	}
	return o.end()
}
