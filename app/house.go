package app

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"stethoscope/config"
	"stethoscope/demo"
	"stethoscope/lookup"
	"stethoscope/plugins"
	"stethoscope/posture"
	"stethoscope/practices"
	sampledata "stethoscope/sample-data"
)

// A house is everything opened and ready to be asked.
type house struct {
	settings  Settings
	doors     doors
	log       *slog.Logger
	sources   []lookup.Source
	desk      *lookup.Desk
	practices *practices.Set
}

// build reads the configuration and opens what it names. All that is wrong
// comes back at once, as config.Problems.
func (c *command) build(data []byte, d doors, log *slog.Logger) (*house, error) {
	settings, problems := readSettings(data, d.resolver)
	h := &house{settings: settings, doors: d, log: log}
	h.sources, problems = c.openSources(settings.Sources, d, log, problems)
	var texts fs.FS
	if settings.Texts != "" {
		if info, err := os.Stat(settings.Texts); err != nil || !info.IsDir() {
			problems = append(problems, config.Problem{Place: "texts", Text: "must be a folder that can be read"})
		} else {
			texts = os.DirFS(settings.Texts)
		}
	}
	var err error
	h.practices, err = practices.Open(c.parts.Practices, settings.Practices, texts)
	problems = append(problems, config.Gather("practices", err)...)
	if len(problems) > 0 {
		return nil, settings.file.InOrder(problems)
	}
	h.desk = lookup.New(h.sources, lookup.Options{Patience: settings.Lookup.Patience, Log: log, Now: d.now})
	return h, nil
}

func (c *command) openSources(blocks []config.Block, d doors, log *slog.Logger, problems config.Problems) ([]lookup.Source, config.Problems) {
	var sources []lookup.Source
	names := map[string]string{}
	for _, block := range blocks {
		var common common
		if err := block.Only(commonKeys...).Decode(&common); err != nil {
			problems = append(problems, config.Gather(block.Place(), err)...)
		}
		i := slices.IndexFunc(c.parts.Plugins, func(p plugins.Plugin) bool { return p.Name == common.Plugin })
		if i < 0 {
			problems = append(problems, block.Problem("plugin", "must be one of %s", pluginNames(c.parts.Plugins)))
			continue
		}
		plugin := c.parts.Plugins[i]
		source := posture.Source{Name: common.Name, Title: common.Title, OwnerAuthority: plugin.OwnerAuthority}
		if source.Name == "" {
			source.Name = plugin.Name
		}
		if source.Title == "" {
			source.Title = plugin.Title
		}
		if common.OwnerAuthority != nil {
			source.OwnerAuthority = *common.OwnerAuthority
		}
		if !sourceName.MatchString(source.Name) {
			problems = append(problems, block.Problem("name", "must be lower-case letters, digits and hyphens"))
		}
		if other, taken := names[source.Name]; taken {
			problems = append(problems, block.Problem("name", "%s has this name already; give one of them another", other))
		}
		names[source.Name] = block.Place()
		finder, err := plugin.Open(plugins.Env{Name: source.Name, HTTP: d.client(source.Name), Log: log.With("source", source.Name), Now: d.now}, block.Without(commonKeys...))
		if err != nil {
			problems = append(problems, config.Gather(block.Place(), err)...)
			continue
		}
		sources = append(sources, lookup.Source{Source: source, Finder: finder})
	}
	return sources, problems
}

func pluginNames(all []plugins.Plugin) string {
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// open builds the house from the file that the command was given, or the
// demo's.
func (c *command) open(log *slog.Logger) (*house, error) {
	if c.demo {
		if err := c.demoAlone(); err != nil {
			return nil, err
		}
		d, world, err := demoDoors()
		if err != nil {
			return nil, err
		}
		h, err := c.build(demoConfiguration(), d, log)
		if err != nil {
			return nil, err
		}
		service, err := url.Parse(h.settings.URL)
		if err != nil {
			return nil, fmt.Errorf("read the demo's address: %w", err)
		}
		h.introduce(world, service, demo.People()[0].Email)
		return h, nil
	}
	data, err := c.readFile()
	if err != nil {
		return nil, err
	}
	return c.build(data, realDoors(), log)
}

// introduce tells the demo's issuer where the service is and who is signed in
// when nobody is named, and the service where the issuer is.
func (h *house) introduce(world *demo.Doors, service *url.URL, person string) {
	h.settings.URL, h.settings.Login.Issuer = service.String(), world.Issuer(service, person)
}

func (c *command) readFile() ([]byte, error) {
	data, err := os.ReadFile(c.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &stop{exitWrongUse, fmt.Errorf("there is no configuration file %s; copy stethoscope.example.yaml, or try `stethoscope demo`", c.file)}
	case err != nil:
		return nil, &stop{exitWrongUse, fmt.Errorf("the configuration file cannot be read: %w", err)}
	}
	return data, nil
}

func demoConfiguration() []byte {
	data, err := sampledata.Files.ReadFile("demo.yaml")
	if err != nil {
		panic(err) // it is embedded
	}
	return data
}

func (h *house) zone() *time.Location {
	zone, err := time.LoadLocation(h.settings.Site.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

func itoa(n int) string { return strconv.Itoa(n) }
