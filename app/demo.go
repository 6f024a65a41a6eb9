package app

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"stethoscope/demo"
	"stethoscope/views"
)

func (c *command) demoCommand() *cobra.Command {
	var listen, as string
	var everyone bool
	command := &cobra.Command{
		Use:   "demo",
		Short: "Run the whole service on made-up people and devices",
		Long:  "Runs the whole service on made-up people and devices: nothing to install or configure.\nSTETHOSCOPE_DEMO_BREAK=google:hang makes a source fail (down, slow, refused, garbled, hang).\nIts people, for --as: " + emails() + ".",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := c.demoAlone(); err != nil {
				return err
			}
			if _, known := demo.Find(as); !known {
				return &stop{exitWrongUse, fmt.Errorf("the demo has no %s; it has %s", as, emails())}
			}
			switch _, _, err := net.SplitHostPort(listen); {
			case err != nil:
				return &stop{exitWrongUse, fmt.Errorf("--listen %s lacks a port or an address; write it as in 127.0.0.1:8080", listen)}
			case everyone && !command.Flags().Changed("listen"):
				return &stop{exitWrongUse, errors.New("--everyone goes with an address to answer on: add --listen :8080")}
			case !everyone && !loopback(listen):
				return &stop{exitWrongUse, fmt.Errorf("--listen %s would answer other machines, and anybody can be anybody in the demo; use 127.0.0.1, or add --everyone if that is meant, as in a container", listen)}
			}
			d, world, err := demoDoors()
			if err != nil {
				return err
			}
			h, err := c.build(demoConfiguration(), d, newLog(c.problems, false))
			if err != nil {
				return err
			}
			listener, err := net.Listen("tcp", listen)
			if err != nil {
				return &stop{exitUnavailable, fmt.Errorf("can't listen on %s (%w); choose another with --listen", listen, err)}
			}
			address := demoAddress(listener.Addr())
			h.introduce(world, address, as)
			fmt.Fprintf(c.out, "The demo is ready: %s\nMade-up people and devices; nothing is kept. Ctrl-C ends it.\n", address)
			return h.serve(command.Context(), listener, strip(), map[string]http.Handler{"/demo/": world.Handler(), "/demo/states/": states()})
		},
	}
	command.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "the `ADDRESS` to answer on")
	command.Flags().BoolVar(&everyone, "everyone", false, "with --listen: answer other machines too, as a container must")
	command.Flags().StringVar(&as, "as", demo.People()[0].Email, "the `EMAIL` of who is signed in first")
	return command
}

// demoAddress is where a browser on this machine reaches the listener, also if
// it listens on every address as in a container.
func demoAddress(listening net.Addr) *url.URL {
	host := listening.String()
	if tcp, ok := listening.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		host = net.JoinHostPort("127.0.0.1", itoa(tcp.Port))
	}
	return origin(&url.URL{Scheme: "http", Host: host})
}

// emails names the demo's people.
func emails() string {
	var all []string
	for _, p := range demo.People() {
		all = append(all, p.Email)
	}
	return strings.Join(all, ", ")
}

// strip is the choice of people at the top of every page.
func strip() []views.DemoPerson {
	var people []views.DemoPerson
	for _, p := range demo.People() {
		people = append(people, views.DemoPerson{Email: p.Email, Label: p.Name + ", " + p.State})
	}
	return people
}
