package config

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"strings"
)

// A Secret is a credential that the file only refers to: "env:NAME" or
// "file:/run/secrets/x". It prints [redacted] everywhere; call Reveal at the
// one place where it leaves for its owner.
type Secret struct {
	// text is behind a pointer because fmt looks into the unexported fields of
	// other structs without asking their methods; it does not follow pointers there.
	text *string
}

const redacted = "[redacted]"

// NewSecret wraps a credential, for tests and for what is made at start.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal returns the credential itself.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Empty reports whether there is no credential.
func (s Secret) Empty() bool { return s.Reveal() == "" }

func (s Secret) String() string               { return redacted }
func (s Secret) GoString() string             { return redacted }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Format prints [redacted] for every verb, also those that look inside.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// Resolver looks references up: the environment and the files of the machine,
// or a test's own.
type Resolver struct {
	Env  func(name string) (string, bool)
	File func(path string) ([]byte, error)
}

// looksLikeVariable tells a variable's name from a secret that was written in
// its place. Other names work too, and are not repeated.
var looksLikeVariable = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

func (r Resolver) resolve(reference string) (Secret, error) {
	switch kind, name, _ := strings.Cut(reference, ":"); kind {
	case "env":
		if r.Env != nil {
			if value, ok := r.Env(name); ok && value != "" {
				return NewSecret(value), nil
			}
		}
		if !looksLikeVariable.MatchString(name) {
			return Secret{}, errors.New("the environment variable is not set; after env: stands its name, such as JAMF_SECRET, not the secret")
		}
		return Secret{}, fmt.Errorf("the environment variable %s is not set", name)
	case "file":
		if r.File == nil {
			return Secret{}, errors.New("files cannot be read here")
		}
		data, err := r.File(name)
		if err != nil {
			if at := (*fs.PathError)(nil); errors.As(err, &at) {
				err = at.Err // without the path, which may be the secret itself
			}
			return Secret{}, fmt.Errorf("the file cannot be read: %w", err)
		}
		value := strings.TrimSpace(string(data))
		if value == "" {
			return Secret{}, errors.New("the file is empty")
		}
		return NewSecret(value), nil
	}
	// The text itself is not repeated: it may be the secret.
	return Secret{}, errors.New("a secret is given as env:NAME or file:/path, never as itself")
}
