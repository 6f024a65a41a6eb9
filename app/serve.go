package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"stethoscope/views"
	"stethoscope/web"
)

func (c *command) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run the service",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			log := newLog(c.problems, true)
			h, err := c.open(log)
			if err != nil {
				return err
			}
			for _, text := range h.settings.warnings() {
				log.Warn(text)
			}
			listener, err := net.Listen("tcp", h.settings.Listen.Pages)
			if err != nil {
				return &stop{exitUnavailable, fmt.Errorf("can't listen on %s: %w", h.settings.Listen.Pages, err)}
			}
			log.Info("listening", "pages", listener.Addr().String(), "version", buildVersion())
			return h.serve(command.Context(), listener, nil, nil)
		},
	}
}

// serve answers on the listener until ctx ends, then lets what is under way
// finish.
func (h *house) serve(ctx context.Context, listener net.Listener, people []views.DemoPerson, mounts map[string]http.Handler) error {
	address, err := url.Parse(h.settings.URL)
	if err != nil {
		return fmt.Errorf("read the address: %w", err)
	}
	handler := web.New(web.Options{
		URL: address, Site: h.settings.Site.view(), Zone: h.zone(), Lookup: h.desk, Practices: h.practices,
		Login: web.LoginOptions{
			Issuer: h.settings.Login.Issuer, ClientID: h.settings.Login.ClientID, ClientSecret: h.settings.Login.ClientSecret,
			Domains: h.settings.Login.Domains, Immediately: h.settings.Login.Immediately, Transport: h.doors.login,
		},
		Log: h.log, Now: h.doors.now, Demo: people, Mounts: mounts,
	})
	server := newServer(handler, h.settings.Lookup.Patience, h.log)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return &stop{exitUnavailable, fmt.Errorf("serve: %w", err)}
	case <-ctx.Done():
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), 25*time.Second)
	defer cancel()
	if err := server.Shutdown(finish); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return &stop{exitUnavailable, fmt.Errorf("stop: %w", err)}
	}
	return nil
}

// newServer bounds what a slow or greedy client can hold: its headers, its body
// and its idle connection. A page may take as long as the sources may.
func newServer(handler http.Handler, patience time.Duration, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30*time.Second + patience,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
