package app

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"stethoscope/lookup"
	"stethoscope/posture"
)

func (c *command) checkCommand() *cobra.Command {
	var offline bool
	command := &cobra.Command{
		Use:   "check",
		Short: "Say what is wrong with the configuration, then whether each source answers",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			h, err := c.open(newLog(c.problems, false))
			if err != nil {
				return err
			}
			fmt.Fprintln(c.out, "configuration: ok")
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

// reach asks every source for nobody's devices, for real.
func (c *command) reach(ctx context.Context, h *house) error {
	failed := false
	for _, source := range h.sources {
		start := time.Now()
		answer := lookup.New([]lookup.Source{source}, lookup.Options{Patience: h.settings.Lookup.Patience, Log: quiet(), Now: h.doors.now}).Ask(ctx, posture.Person{Email: nobody})
		word := "ok"
		for _, t := range answer.Troubles {
			word, failed = troubleSentence(t), true
		}
		fmt.Fprintf(c.out, "%s: %s (%d ms)\n", source.Name, word, time.Since(start).Milliseconds())
	}
	if failed {
		return &stop{code: exitIncomplete}
	}
	return nil
}
