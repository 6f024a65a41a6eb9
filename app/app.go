// Package app puts the house together: the commands, the configuration file as
// a struct, and who gets what. Start at [Main].
//
// settings.go says what the file holds and what is wrong with one; house.go
// opens the sources and hands everybody their doors; each command has a file of
// its own. Nothing here knows a vendor.
//
// [Main] and [Parts] are an API for builds in other repositories; the rest is
// not.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"stethoscope/config"
	"stethoscope/plugins"
	"stethoscope/practices"
)

// Parts are what a build is made of.
type Parts struct {
	Plugins   []plugins.Plugin
	Practices []practices.Kind
}

// Main runs the command that the process was started with, and exits.
func Main(parts Parts) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := Run(ctx, parts, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Exit codes of every command.
const (
	exitFine        = 0
	exitIncomplete  = 1 // a source did not answer
	exitWrongUse    = 2 // wrong use, or a wrong configuration
	exitUnavailable = 3 // the machine did not let us: a port is taken, a disk is full
)

// A stop ends a command with a code after what needed saying was said.
type stop struct {
	code int
	err  error // printed as one sentence; nil if all was said
}

func (s *stop) Error() string {
	if s.err == nil {
		return ""
	}
	return s.err.Error()
}

func (s *stop) Unwrap() error { return s.err }

// Run runs one command and returns its exit code.
func Run(ctx context.Context, parts Parts, args []string, out, problems io.Writer) int {
	c := &command{parts: parts, out: out, problems: problems}
	root := c.root()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(problems)
	err := root.ExecuteContext(ctx)
	var ended *stop
	var wrong config.Problems
	switch {
	case err == nil:
		return exitFine
	case errors.As(err, &ended):
		if ended.err != nil {
			fmt.Fprintln(problems, ended.err)
		}
		return ended.code
	case errors.As(err, &wrong):
		for _, p := range wrong {
			fmt.Fprintln(problems, p)
		}
		return exitWrongUse
	default: // cobra's: an unknown command or flag
		fmt.Fprintf(problems, "%v. Run `stethoscope --help` to see what there is.\n", err)
		return exitWrongUse
	}
}

// A command carries what every command needs.
type command struct {
	parts         Parts
	out, problems io.Writer
	file          string      // --config
	fileGiven     func() bool // whether --config was written out
	demo          bool        // --demo
}

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "stethoscope",
		Short:         "Shows people their own devices and what to fix first",
		Long:          "Stethoscope shows people their own devices, as every system that knows them sees them,\nwith rated advice on what to fix first and how. Try it: stethoscope demo",
		Version:       buildVersion(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	root.PersistentFlags().StringVar(&c.file, "config", defaultFile(), "the configuration `FILE`; also STETHOSCOPE_CONFIG")
	c.fileGiven = func() bool { return root.PersistentFlags().Changed("config") }
	root.SetVersionTemplate(versionText())
	root.AddCommand(c.demoCommand(), c.serveCommand(), c.checkCommand(), c.checkupCommand(), c.versionCommand())
	return root
}

func defaultFile() string {
	if file := os.Getenv("STETHOSCOPE_CONFIG"); file != "" {
		return file
	}
	return "stethoscope.yaml"
}

func (c *command) demoFlag(command *cobra.Command) {
	command.Flags().BoolVar(&c.demo, "demo", false, "take the demo's configuration and people in place of --config")
}

// demoAlone refuses a file beside the demo, which would not be read.
func (c *command) demoAlone() error {
	if c.fileGiven != nil && c.fileGiven() {
		return &stop{exitWrongUse, errors.New("the demo has a configuration of its own; leave out --config, or the demo")}
	}
	return nil
}
