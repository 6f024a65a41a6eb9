package fakegoogle

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
)

// TokenURL is where the keys of this package's making say that tokens are had:
// Google's own address, behind which the demo puts [New].
const TokenURL = "https://oauth2.googleapis.com/token"

// Key makes a service account's JSON key as the Google Cloud console hands it
// out, with a new private key of 2048 bits.
func Key() []byte {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(fmt.Errorf("fakegoogle: make a key: %w", err))
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		panic(fmt.Errorf("fakegoogle: write a key: %w", err))
	}
	text, err := json.MarshalIndent(map[string]string{
		"type":           "service_account",
		"project_id":     "stethoscope-demo",
		"private_key_id": "0123456789abcdef0123456789abcdef01234567",
		"private_key":    string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})),
		"client_email":   "stethoscope@stethoscope-demo.iam.gserviceaccount.com",
		"client_id":      "100000000000000000001",
		"auth_uri":       "https://accounts.google.com/o/oauth2/auth",
		"token_uri":      TokenURL,
	}, "", "  ")
	if err != nil {
		panic(fmt.Errorf("fakegoogle: write a key: %w", err))
	}
	return text
}
