package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stethoscope/lookup"
	"stethoscope/plugins"
	"stethoscope/posture"
)

func (c *command) checkCommand() *cobra.Command {
	var offline bool
	command := &cobra.Command{
		Use:   "check",
		Short: "Say what is wrong with the configuration, then whether each source and the login provider answer",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			h, err := c.open(newLog(c.problems, false))
			if err != nil {
				return err
			}
			fmt.Fprintln(c.out, "configuration: ok")
			for _, text := range h.settings.warnings() {
				fmt.Fprintln(c.problems, "warning: "+text)
			}
			if offline {
				return nil
			}
			return c.reach(command.Context(), h)
		},
	}
	command.Flags().BoolVar(&offline, "offline", false, "look at the configuration alone, reach nothing")
	c.demoFlag(command)
	return command
}

// nobody is asked for when a source is tried: an address that nobody has, so
// that trying reads no one's data (RFC 2606).
const nobody = "nobody@stethoscope.invalid"

// reach asks every source for nobody's devices, and the login provider for its
// configuration, for real.
func (c *command) reach(ctx context.Context, h *house) error {
	failed := false
	say := func(name, word string, start time.Time) {
		fmt.Fprintf(c.out, "%s: %s (%d ms)\n", name, word, time.Since(start).Milliseconds())
	}
	for _, source := range h.sources {
		start := time.Now()
		answer := lookup.New([]lookup.Source{source}, lookup.Options{Patience: h.settings.Lookup.Patience, Log: quiet(), Now: h.doors.now}).Ask(ctx, posture.Person{Email: nobody})
		word := "ok"
		for _, t := range answer.Troubles {
			word, failed = troubleSentence(t), true
		}
		say(source.Name, word, start)
	}
	start := time.Now()
	word := "ok"
	if wrong := h.reachLogin(ctx); wrong != "" {
		word, failed = wrong, true
	}
	say("login", word, start)
	if failed {
		return &stop{code: exitIncomplete}
	}
	return nil
}

// loginPatience is how long the login provider has, as when people sign in.
const loginPatience = 10 * time.Second

// reachLogin asks the login provider for its configuration (OpenID Connect
// Discovery 1.0, section 4) and says what is wrong in words that an
// administrator can act on.
func (h *house) reachLogin(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, loginPatience)
	defer cancel()
	issuer := h.settings.Login.Issuer
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return "its address can’t be asked; look at login.issuer"
	}
	var told struct {
		Issuer        string   `json:"issuer"`
		Authorization string   `json:"authorization_endpoint"`
		Token         string   `json:"token_endpoint"`
		Keys          string   `json:"jwks_uri"`
		Challenges    []string `json:"code_challenge_methods_supported"`
	}
	err = plugins.FetchJSON(ourClient(h.doors.login), request, &told)
	var status *plugins.StatusError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "did not answer in time"
	case errors.Is(err, plugins.ErrUnreachable):
		return "can’t be reached; look at its address and the network between"
	case errors.As(err, &status):
		return fmt.Sprintf("answered %d %s where its configuration should be; look at login.issuer", status.Status, http.StatusText(status.Status))
	case errors.Is(err, plugins.ErrGarbled):
		return "answered with something else than expected" + cause("", err)
	case err != nil:
		return "failed" + cause("", err)
	case told.Issuer == "" || told.Authorization == "" || told.Token == "" || told.Keys == "":
		return "answered with something else than an OpenID configuration; look at login.issuer"
	case told.Issuer != issuer:
		return fmt.Sprintf("calls itself %.200q; write exactly that as login.issuer, if it is the one you mean", told.Issuer)
	case len(told.Challenges) > 0 && !slices.Contains(told.Challenges, "S256"): // many offer it and list nothing
		return "does not offer PKCE with S256, which signing in needs"
	}
	return ""
}
