package app

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"stethoscope/plugins"
	"stethoscope/posture"
	"stethoscope/web"
)

func (c *command) checkupCommand() *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "checkup EMAIL",
		Short: "Show one person's devices and recommendations in the terminal",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("name one person: stethoscope checkup EMAIL")
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			email, ok := posture.NormalEmail(args[0])
			if !ok {
				return &stop{exitWrongUse, fmt.Errorf("%q is no e-mail address; write it as in ada@example.com", args[0])}
			}
			h, err := c.open(quiet())
			if err != nil {
				return err
			}
			answer := h.desk.Ask(command.Context(), posture.Person{Email: email})
			for _, t := range answer.Troubles {
				fmt.Fprintf(c.problems, "%s: %s\n", t.Source.Name, troubleSentence(t))
			}
			checkups := h.practices.Judge(answer.Devices, h.doors.now())
			if asJSON {
				encoder := json.NewEncoder(c.out)
				encoder.SetIndent("", "  ")
				err = encoder.Encode(web.DevicesJSON(checkups))
			} else {
				err = printCheckups(c.out, email, checkups, answer.Troubles)
			}
			if err != nil {
				return &stop{exitUnavailable, fmt.Errorf("write the answer: %w", err)}
			}
			if answer.NobodyAnswered() {
				return &stop{code: exitIncomplete}
			}
			return nil
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write the API's JSON")
	c.demoFlag(command)
	return command
}

func printCheckups(w io.Writer, email string, checkups []posture.Checkup, troubles []posture.Trouble) error {
	var b strings.Builder
	if len(checkups) == 0 && len(troubles) > 0 {
		names := make([]string, len(troubles))
		for i, t := range troubles {
			names[i] = t.Source.Name
		}
		fmt.Fprintf(&b, "We can’t tell whether %s has devices: %s did not answer.\n", email, strings.Join(names, " and "))
	} else if len(checkups) == 0 {
		fmt.Fprintf(&b, "No device is known for %s.\n", email)
	}
	for i, checkup := range checkups {
		if i > 0 {
			b.WriteString("\n")
		}
		d := checkup.Device
		fmt.Fprintf(&b, "%s  (%s)\n", d.Name(), d.System())
		if !d.Recognised() {
			b.WriteString("  A device we don’t know: nothing tells which one it is.\n")
		}
		for _, r := range checkup.Recommendations {
			if r.Rating != posture.NotApplicable {
				fmt.Fprintf(&b, "  %-10s  %s. %s\n", r.Rating.Word(), r.Headline, r.Saw)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// troubleSentence says what went wrong in words that an administrator can act on.
func troubleSentence(t posture.Trouble) string {
	switch t.Kind {
	case posture.Slow:
		return "did not answer in time"
	case posture.Unreachable:
		return "can’t be reached; look at its address and the network between"
	case posture.Refused:
		return "refused our credentials; look at the client and what it may read"
	case posture.Garbled:
		return "answered with something else than expected" + cause(t.Source.Name, t.Err)
	case posture.Busy:
		return "asked us to come back later" + cause(t.Source.Name, t.Err)
	case posture.Excessive:
		return "named more devices for one person than can be true, so none of its answer is used"
	}
	return "failed" + cause(t.Source.Name, t.Err)
}

// cause writes an error in parentheses on one line, less what the line says
// already: the source's name, that it could not be read, and the same end of
// several ways.
func cause(source string, err error) string {
	if err == nil {
		return ""
	}
	var causes []string
	ends := map[string]bool{}
	for line := range strings.Lines(strings.ReplaceAll(err.Error(), ": "+plugins.ErrGarbled.Error(), "")) {
		line = strings.TrimPrefix(strings.TrimSpace(line), source+": ")
		line = strings.TrimPrefix(line, plugins.ErrGarbled.Error()+": ")
		_, end, several := strings.Cut(line, ": ")
		if !several {
			end = line
		}
		if !ends[end] && line != "" && line != plugins.ErrGarbled.Error() {
			causes = append(causes, line)
		}
		ends[end] = true
	}
	if len(causes) == 0 {
		return ""
	}
	return " (" + strings.Join(causes, "; ") + ")"
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
